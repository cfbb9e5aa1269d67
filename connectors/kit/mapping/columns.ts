// Column names of a manifest (§6) as functions: from one item of a record to the raw value that stands there. Compiled
// once a form; read for every record.
import type { RawValue, SourceRecord } from '../contract.ts';

/** What a row is read from: the record or one of its items, with what stands around it. */
export type Frame = {
  readonly record: SourceRecord;
  /** The whole record when `record` is an item of it (`^.name`). */
  readonly parent: SourceRecord | null;
  readonly meta: SourceRecord | undefined;
  readonly receivedAt: string;
  /** The scalar that `fan` gave, and what `unpivot` gave. */
  readonly item: RawValue | undefined;
  readonly name: string | undefined;
  readonly value: RawValue | undefined;
};

export type ColumnReader = (frame: Frame) => RawValue | undefined;
export type ListReader = (frame: Frame) => readonly RawValue[] | undefined;

const PARENT = '^.';
const INDEX = /^\d+$/;
const MOST_NESTED = 16;

/** Path segments: dots split, `\.` is a literal dot. */
export function parsePath(path: string): readonly string[] {
  return path.split(/(?<!\\)\./).map((segment) => segment.replaceAll('\\.', '.'));
}

/** Reads one value. Where a path meets a list without naming an index, its first element is taken. */
export function compileColumn(column: string): ColumnReader {
  const fixed = compileFixed(column);
  if (fixed !== null) return fixed;
  if (column.startsWith(PARENT)) {
    const inner = compileIn(column.slice(PARENT.length));
    return (frame) => (frame.parent === null ? undefined : inner(frame.parent));
  }
  const inner = compileIn(column);
  return (frame) => inner(frame.record);
}

/** Reads all values: where a path meets a list, those of all its elements. Undefined when there is no such column. */
export function compileColumnList(column: string): ListReader {
  const first = compileColumn(column);
  const ofParent = column.startsWith(PARENT);
  const name = ofParent ? column.slice(PARENT.length) : column;
  const segments = parsePath(name);
  return (frame) => {
    const base = ofParent ? frame.parent : frame.record;
    if (column.startsWith('@') || base === null || segments.length === 1 || Object.hasOwn(base, name))
      return toList(first(frame));
    const found = walkAll([base], segments);
    return found.length === 0 ? undefined : found.flatMap((value) => toList(value) ?? []);
  };
}

/** Tells whether a record has the column at all, even if null: what `shape` asks. */
export function hasColumn(record: SourceRecord, column: string): boolean {
  if (Object.hasOwn(record, column)) return true;
  const segments = parsePath(column);
  return segments.length === 1
    ? Object.hasOwn(record, segments[0] ?? '')
    : walkFirst(record, segments) !== undefined;
}

function compileFixed(column: string): ColumnReader | null {
  switch (column) {
    case '@item':
      return (frame) => frame.item;
    case '@name':
      return (frame) => frame.name;
    case '@value':
      return (frame) => frame.value;
    case '@receivedAt':
      return (frame) => frame.receivedAt;
    default:
      if (!column.startsWith('@')) return null;
      // A source may carry its captures in the record itself.
      return (frame) => ownOf(frame.meta, column) ?? ownOf(frame.parent ?? frame.record, column);
  }
}

function compileIn(column: string): (record: SourceRecord) => RawValue | undefined {
  const segments = parsePath(column);
  const [only = ''] = segments;
  if (segments.length === 1 && only === column) return (record) => ownOf(record, column);
  // Extended columns arrive flat (`cch.wrz`), so the whole name goes first.
  return (record) => (Object.hasOwn(record, column) ? record[column] : walkFirst(record, segments));
}

function ownOf(record: SourceRecord | undefined, column: string): RawValue | undefined {
  return record !== undefined && Object.hasOwn(record, column) ? record[column] : undefined;
}

function walkFirst(start: RawValue, segments: readonly string[]): RawValue | undefined {
  let value: RawValue | undefined = start;
  for (const segment of segments) {
    if (Array.isArray(value) && INDEX.test(segment)) value = value[Number(segment)];
    else {
      while (Array.isArray(value)) value = value[0];
      value = isRecord(value) ? ownOf(value, segment) : undefined;
    }
  }
  return value;
}

function walkAll(start: readonly RawValue[], segments: readonly string[]): readonly RawValue[] {
  let values = start;
  for (const segment of segments) {
    values = values.flatMap((value): readonly RawValue[] => {
      if (Array.isArray(value) && INDEX.test(segment)) return toElements(value[Number(segment)]);
      return flatten(value).flatMap((element) =>
        isRecord(element) ? toElements(ownOf(element, segment)) : [],
      );
    });
  }
  return values;
}

function toElements(value: RawValue | undefined): readonly RawValue[] {
  return value === undefined ? [] : [value];
}

// Lists within lists: a sender may nest them without end, a reader need not follow.
function flatten(value: RawValue, depth = MOST_NESTED): readonly RawValue[] {
  return Array.isArray(value) && depth > 0
    ? value.flatMap((element: RawValue) => flatten(element, depth - 1))
    : [value];
}

function toList(value: RawValue | undefined): readonly RawValue[] | undefined {
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value) ? value : [value];
}

/** A JSON or XML object, as opposed to a list, bytes or a scalar. */
export function isRecord(value: RawValue | undefined): value is SourceRecord {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}
