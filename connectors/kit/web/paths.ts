// Paths of the manifest (`data.list`, `alerts.total`) in the tree of an answer.
import type { RawValue } from '../contract.ts';
import { isRecord, parsePath } from '../mapping/columns.ts';

/** The value at a path; where it meets a list without an index, the first element is taken. Undefined: not there. */
export function findAt(tree: RawValue, path: string): RawValue | undefined {
  let value: RawValue | undefined = tree;
  for (const segment of parsePath(path)) {
    if (isList(value) && /^\d+$/.test(segment)) value = value[Number(segment)];
    else {
      while (isList(value)) value = value[0];
      value = ownOf(value, segment);
    }
  }
  return value;
}

/** A scalar at a path as trimmed text; null for what is not there, null or no scalar. */
export function findText(tree: RawValue, path: string): string | null {
  const value = findAt(tree, path);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value).trim()
    : null;
}

/**
 * All records at a path: a list's elements (of every list on the way), a single object alone, nothing where what stands
 * there or around it is empty. Null: the path is not there.
 */
export function findItems(tree: RawValue, segments: readonly string[]): readonly RawValue[] | null {
  const [segment, ...rest] = segments;
  if (isBlank(tree)) return [];
  if (segment === undefined) return isList(tree) ? tree : isRecord(tree) ? [tree] : null;
  if (isList(tree)) {
    const parts = /^\d+$/.test(segment)
      ? [findItems(tree[Number(segment)] ?? null, rest)]
      : tree.map((element) => findItems(element, segments));
    return parts.includes(null) ? null : parts.flatMap((part) => part ?? []);
  }
  const own = ownOf(tree, segment);
  return own === undefined ? null : findItems(own, rest);
}

/** The tree with every value at a path replaced; what is not there stays so. */
export function mapAt(
  tree: RawValue,
  segments: readonly string[],
  change: (value: RawValue) => RawValue,
): RawValue {
  const [segment, ...rest] = segments;
  if (segment === undefined) return change(tree);
  if (isList(tree))
    return tree.map((element, index) => {
      if (!/^\d+$/.test(segment)) return mapAt(element, segments, change);
      return index === Number(segment) ? mapAt(element, rest, change) : element;
    });
  const own = ownOf(tree, segment);
  if (!isRecord(tree) || own === undefined) return tree;
  return Object.fromEntries(
    Object.entries(tree).map(([name, value]) => [name, name === segment ? mapAt(own, rest, change) : value]),
  );
}

export function isList(value: RawValue | undefined): value is readonly RawValue[] {
  return Array.isArray(value);
}

function isBlank(value: RawValue): boolean {
  if (value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  return isList(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0;
}

function ownOf(value: RawValue | undefined, name: string): RawValue | undefined {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
