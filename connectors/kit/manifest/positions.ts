// Text → plain values with the position of every key and value, and the findings that the file rules of manifest §1
// allow to be made here: M001 (doubled key), M004, M006, M007. First step of parse-manifest.ts.
import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  Parser,
  parseDocument,
  type YAMLError,
} from 'yaml';
import type { FaultId } from './faults.ts';
import { atValue, type Finding, type Path } from './path.ts';
import { MOST_DEPTH, type OutOfBounds, toOutOfBounds } from './yaml-bounds.ts';

type Spot = { readonly key: number | null; readonly value: number };

/** A manifest's text as plain values, with where each of them stands. */
export type YamlTree = {
  readonly value: unknown;
  readonly spots: ReadonlyMap<string, Spot>;
  /** Offset of the first character of each line. */
  readonly lines: readonly number[];
  /** Paths whose value cannot be judged (an alias, a tag, too deep): findings inside are consequences, not causes. */
  readonly holes: ReadonlySet<string>;
  /** Mappings with a merge key: what they seem to lack may come from there. */
  readonly merged: ReadonlySet<string>;
};

export type YamlResult = {
  readonly tree: YamlTree;
  readonly findings: readonly Finding[];
  readonly usable: boolean;
};

type Walk = {
  readonly spots: Map<string, Spot>;
  readonly holes: Set<string>;
  readonly merged: Set<string>;
  readonly findings: Finding[];
};

/** Reads YAML 1.2 core. `usable` is false when the text is no YAML, and nothing more can be said about it. */
export function parseYaml(text: string): YamlResult {
  const lines = toLineStarts(text);
  const walk: Walk = { spots: new Map(), holes: new Set(), merged: new Set(), findings: [] };
  const bounds = toOutOfBounds(text);
  if (bounds !== null) return toUnread(lines, walk, bounds);
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: false,
    // `silent` would also hide a second document; `error` prints nothing either.
    logLevel: 'error',
  });
  const root: Path = [];
  walk.spots.set(toSpotKey(root), { key: null, value: document.contents?.range[0] ?? 0 });
  const broken = addSyntax(walk, document.errors);
  addDirectives(walk, text);
  if (broken) return { tree: toTree(undefined, walk, lines), findings: walk.findings, usable: false };
  const value = document.contents === null ? null : toValue(document.contents, root, walk);
  return { tree: toTree(value, walk, lines), findings: walk.findings, usable: true };
}

/** Line and column (from 1) of a finding's key or value; where its path does not exist, those of what encloses it. */
export function toPosition(tree: YamlTree, finding: Finding): { line: number; column: number } {
  const { path, at, offset } = finding;
  if (offset !== undefined) return toLineColumn(tree.lines, offset);
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const spot = tree.spots.get(toSpotKey(path.slice(0, depth)));
    if (spot === undefined) continue;
    // What is missing is shown at the key of what lacks it.
    const wanted = depth < path.length || at === 'key' ? (spot.key ?? spot.value) : spot.value;
    return toLineColumn(tree.lines, wanted);
  }
  return { line: 1, column: 1 };
}

/** Counted here, since the parser's own counter misses lines of texts that it cannot read. */
function toLineStarts(text: string): readonly number[] {
  return [0, ...[...text.matchAll(/\n/g)].map((newline) => newline.index + 1)];
}

function toLineColumn(lines: readonly number[], offset: number): { line: number; column: number } {
  let [low, high] = [0, lines.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lines[low] ?? 0) + 1 };
}

/** Whether the path, or something that encloses it, could not be judged. */
export function isInHole(tree: YamlTree, path: Path): boolean {
  return path.some((_, index) => tree.holes.has(toSpotKey(path.slice(0, index + 1))));
}

export function toSpotKey(path: Path): string {
  return JSON.stringify(path);
}

function toTree(value: unknown, walk: Walk, lines: readonly number[]): YamlTree {
  return { value, spots: walk.spots, lines, holes: walk.holes, merged: walk.merged };
}

function toUnread(lines: readonly number[], walk: Walk, bounds: OutOfBounds): YamlResult {
  addOffset(walk, bounds.offset, bounds.id, bounds.message);
  return { tree: toTree(undefined, walk, lines), findings: walk.findings, usable: false };
}

function addOffset(walk: Walk, offset: number, id: FaultId, message: string, path: Path = []): void {
  walk.findings.push({ id, path, at: 'key', message, offset });
}

/** M006 and M007 of the parser; true when the text cannot be judged further. */
function addSyntax(walk: Walk, errors: readonly YAMLError[]): boolean {
  for (const error of errors) {
    if (error.code === 'MULTIPLE_DOCS') {
      addOffset(walk, error.pos[0], 'M006', 'must be one document');
      // What the first document lacks may stand in the second.
      walk.merged.add(toSpotKey([]));
    } else if (error.code !== 'TAG_RESOLVE_FAILED')
      addOffset(walk, error.pos[0], 'M007', toSyntaxText(error));
  }
  return errors.some(({ code }) => code !== 'MULTIPLE_DOCS' && code !== 'TAG_RESOLVE_FAILED');
}

function addDirectives(walk: Walk, text: string): void {
  if (!/^%/m.test(text)) return;
  for (const token of new Parser().parse(text))
    if (token.type === 'directive') addOffset(walk, token.offset, 'M006', 'must have no directives');
}

function toSyntaxText(error: { readonly message: string }): string {
  const [first = ''] = error.message.split('\n');
  return `is not YAML 1.2: ${first.replace(/ at line \d+, column \d+:?$/, '')}`;
}

function toValue(node: Node, path: Path, walk: Walk): unknown {
  if (isAlias(node)) {
    walk.findings.push(atValue('M006', path, 'must not be an alias; write the value out'));
    walk.holes.add(toSpotKey(path));
    return undefined;
  }
  if ('anchor' in node && node.anchor !== undefined)
    walk.findings.push(atValue('M006', path, 'must have no anchor'));
  if (node.tag !== undefined) {
    walk.findings.push(atValue('M006', path, `must have no tag; quote the value if it is text`));
    walk.holes.add(toSpotKey(path));
    return undefined;
  }
  if (path.length > MOST_DEPTH) {
    walk.findings.push(atValue('M007', path, 'is nested too deeply'));
    walk.holes.add(toSpotKey(path));
    return undefined;
  }
  if (isScalar(node)) return node.value;
  if (isSeq(node)) return node.items.map((item, index) => toItem(item, [...path, index], walk));
  if (isMap(node)) return toMapping(node.items, path, walk);
  return undefined;
}

function toItem(item: unknown, path: Path, walk: Walk): unknown {
  // A pair in a list (`[a: b]`) is a mapping of one key.
  if (isPair(item)) return toMapping([item], path, walk);
  if (!isNode(item)) return null;
  walk.spots.set(toSpotKey(path), { key: null, value: item.range?.[0] ?? 0 });
  return toValue(item, path, walk);
}

function toMapping(pairs: readonly unknown[], path: Path, walk: Walk): { readonly [key: string]: unknown } {
  const entries = new Map<string, unknown>();
  for (const pair of pairs) {
    if (!isPair(pair)) continue;
    const key = toKeyText(pair.key, path, walk);
    if (key === null) continue;
    const here: Path = [...path, key];
    const keyAt = isNode(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
    if (entries.has(key) || key === '__proto__') {
      const message = key === '__proto__' ? 'is no key of a manifest' : `stands twice in one mapping`;
      addOffset(walk, keyAt, 'M001', message, here);
      continue;
    }
    const valueAt = isNode(pair.value) ? (pair.value.range?.[0] ?? keyAt) : keyAt;
    walk.spots.set(toSpotKey(here), { key: keyAt, value: valueAt });
    entries.set(key, isNode(pair.value) ? toValue(pair.value, here, walk) : null);
  }
  return Object.fromEntries(entries);
}

/** A key as text. One that YAML made a number keeps its digits, so that the rest can still be judged. */
function toKeyText(node: unknown, path: Path, walk: Walk): string | null {
  const offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  const refuse = (id: FaultId, message: string): void => addOffset(walk, offset, id, message, path);
  if (!isScalar(node) || node.tag !== undefined || node.anchor !== undefined) {
    if (
      isAlias(node) ||
      (isNode(node) && (node.tag !== undefined || ('anchor' in node && node.anchor !== undefined)))
    )
      refuse('M006', 'a key must have no anchor, alias or tag');
    else refuse('M001', 'a key must be text');
    return null;
  }
  if (node.value === '<<' && node.type === 'PLAIN') {
    refuse('M006', 'must not merge another mapping; write its keys out');
    walk.merged.add(toSpotKey(path));
    return null;
  }
  if (typeof node.value === 'string') return node.value;
  const source = node.source ?? String(node.value);
  if (source === '') refuse('M001', 'a key must be text');
  else refuse('M004', `quote this key: "${source}"`);
  return source === '' ? null : source;
}
