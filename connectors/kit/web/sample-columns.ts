// Columns as a page shows them, where no contract says more: what stood in its records. Pure.
import type { ColumnKind, ColumnShape, RawValue } from '../contract.ts';
import { isRecord } from '../mapping/columns.ts';
import { type FieldTree, toColumns } from './field-tree.ts';
import { isList } from './paths.ts';

/** `native` says what was seen; anything may be null that was not, so all of it may. */
export function toSampleColumns(items: readonly RawValue[]): readonly ColumnShape[] {
  return toColumns(toFields(items));
}

function toFields(items: readonly RawValue[]): readonly FieldTree[] {
  const values = new Map<string, RawValue[]>();
  for (const item of items.filter(isRecord))
    for (const [name, value] of Object.entries(item)) values.set(name, [...(values.get(name) ?? []), value]);
  return [...values].map(([name, seen]) => toField(name, seen));
}

function toField(name: string, seen: readonly RawValue[]): FieldTree {
  const isListed = seen.some(isList);
  const elements = seen.flatMap((value) => (isList(value) ? value : [value]));
  const inner = toFields(elements);
  const kind = inner.length > 0 ? 'json' : toKind(elements);
  return { name, kind, native: `seen: ${kind}`, nullable: true, isList: isListed, fields: () => inner };
}

const TEXTS: readonly (readonly [ColumnKind, RegExp])[] = [
  ['date', /^\d{4}-\d\d-\d\d$/],
  ['timestamp', /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?$/],
  ['timestamptz', /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/],
];

/** A text of digits stays text: it may be a code, whose zeros count. */
function toKind(seen: readonly RawValue[]): ColumnKind {
  const values = seen.filter((value) => value !== null && value !== '');
  if (values.length === 0) return 'other';
  if (values.every((value) => typeof value === 'boolean')) return 'boolean';
  if (values.every((value) => typeof value === 'number')) return 'integer';
  const texts = values.filter((value) => typeof value === 'string');
  if (texts.length < values.length)
    return values.every((value) => typeof value === 'number' || /^-?\d+\.\d+$/.test(String(value)))
      ? 'decimal'
      : 'other';
  return TEXTS.find(([, pattern]) => texts.every((text) => pattern.test(text)))?.[0] ?? 'text';
}
