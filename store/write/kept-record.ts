// A record as it is kept when it cannot land: JSON text that gives back every value, bytes included, and a hash by which
// the same record is known when it is read again. Pure.
import { createHash } from 'node:crypto';
import type { RawValue, SourceRecord } from '../../connectors/kit/contract.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

const BYTES = '$bytes';
const ESCAPED = '$object';

/** Bytes become `{"$bytes": "<base64>"}`. Names are in order, so that equal records give equal text. */
export function toRecordText(record: SourceRecord): string {
  return JSON.stringify(toJson(record));
}

export function parseRecordText(text: string): SourceRecord {
  const value = fromJson(JSON.parse(text) as Json);
  return value as SourceRecord;
}

export function toRecordHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function toJson(value: RawValue): Json {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Uint8Array) return { [BYTES]: Buffer.from(value).toString('base64') };
  if (isList(value)) return value.map(toJson);
  const object = Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, toJson(value[name] ?? null)]),
  );
  return isMarked(object) ? { [ESCAPED]: object } : object;
}

function fromJson(value: Json): RawValue {
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map(fromJson);
  const bytes = value[BYTES];
  if (isMarked(value) && typeof bytes === 'string') return new Uint8Array(Buffer.from(bytes, 'base64'));
  const inner = isMarked(value) ? value[ESCAPED] : value;
  if (inner === undefined || inner === null || typeof inner !== 'object') return {};
  return Object.fromEntries(Object.entries(inner).map(([name, item]) => [name, fromJson(item)]));
}

// A record's own object that looks like one of the marks is wrapped once more.
function isMarked(value: object): boolean {
  const names = Object.keys(value);
  return names.length === 1 && (names[0] === BYTES || names[0] === ESCAPED);
}

function isList<Item>(value: readonly Item[] | object): value is readonly Item[] {
  return Array.isArray(value);
}
