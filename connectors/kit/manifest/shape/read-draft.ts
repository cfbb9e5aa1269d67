// Values → Draft: each source, object, code list, type, form, field and link is judged by itself, so that every fault of
// a manifest is found in one go. Second step of parse-manifest.ts.
import type { z } from 'zod';
import type { CodeListDraft, Draft, SourceDraft } from '../draft.ts';
import type { SourceKind } from '../model.ts';
import { atValue, type Finding, type Path } from '../path.ts';
import { codeListHead, codeValue, ownCodeValue } from './codes.ts';
import { judge } from './issues.ts';
import { manifestHead, policy } from './manifest.ts';
import { isMapping, type Judge, readEach } from './pieces.ts';
import { readType } from './read-type.ts';
import { OBJECT_SCHEMAS, type ObjectWords, SOURCE_HEADS, SOURCE_KINDS, type SourceWords } from './source.ts';
import { toHint } from './suggest.ts';
import { listName, sourceName, typeName, valueName } from './words.ts';

export function readDraft(value: unknown): { draft: Draft; findings: Finding[] } {
  const findings: Finding[] = [];
  const take: Judge = (schema, piece, path, at) => {
    const judged = judge(schema, piece, path);
    findings.push(...judged.findings.map((finding) => (at === undefined ? finding : { ...finding, at })));
    return judged.data;
  };
  const written = isMapping(value) ? value : {};
  const head = take(manifestHead, value ?? {}, []);
  const refuse = (finding: Finding): void => {
    findings.push(finding);
  };
  const draft: Draft = {
    written: value,
    head,
    policy: written.policy === undefined ? null : take(policy, written.policy, ['policy']),
    sources: readEach(written.sources, ['sources'], sourceName, take, (name, piece, path) =>
      readSource(name, piece, path, take, refuse),
    ),
    codes: readEach(written.codes, ['codes'], listName, take, (name, piece, path) =>
      readCodeList(name, piece, path, take),
    ),
    types: readEach(written.types, ['types'], typeName, take, (name, piece, path) =>
      readType(name, piece, path, take, refuse),
    ),
  };
  for (const key of ['sources', 'types'] as const)
    if (isMapping(written[key]) && Object.keys(written[key]).length === 0)
      refuse(atValue('M001', [key], 'must have at least one entry'));
  if (written.policy === undefined && isMapping(value)) refuse(atValue('M001', ['policy'], 'is missing'));
  return { draft, findings };
}

function readSource(
  name: string,
  piece: unknown,
  path: Path,
  take: Judge,
  refuse: (finding: Finding) => void,
): SourceDraft {
  const written = isMapping(piece) ? piece : {};
  const kind = SOURCE_KINDS.find((one) => one === written.kind) ?? null;
  if (kind === null) {
    if (!isMapping(piece)) refuse(atValue('M001', path, 'must be a mapping'));
    else if (written.kind === undefined) refuse(atValue('M001', [...path, 'kind'], 'is missing'));
    else {
      const hint = toHint(String(written.kind), SOURCE_KINDS);
      refuse(atValue('M001', [...path, 'kind'], `must be one of ${SOURCE_KINDS.join(', ')}${hint}`));
    }
    return { name, path, kind, words: null, written, objects: new Map() };
  }
  const words = take(SOURCE_HEADS.get(kind) as z.ZodType<SourceWords>, piece, path);
  return { name, path, kind, words, written, objects: readObjects(kind, written.objects, path, take) };
}

function readObjects(kind: SourceKind, value: unknown, path: Path, take: Judge): SourceDraft['objects'] {
  if (kind === 'sql') return new Map();
  const schema = OBJECT_SCHEMAS.get(kind) as z.ZodType<ObjectWords>;
  return readEach(value, [...path, 'objects'], sourceName, take, (_name, piece, here) => ({
    path: here,
    words: take(schema, piece, here),
    written: piece,
  }));
}

function readCodeList(name: string, piece: unknown, path: Path, take: Judge): CodeListDraft {
  const words = take(codeListHead, piece, path);
  const written = isMapping(piece) ? piece : {};
  // Values of a list that maps onto a hub list have the hub's labels.
  const value = written.to === undefined ? ownCodeValue : codeValue;
  const values = readEach(written.values, [...path, 'values'], valueName, take, (_value, entry, here) =>
    take(value, entry, here),
  );
  return { name, path, words, values };
}
