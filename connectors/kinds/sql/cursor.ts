// The cursor that pages hand out: a position in one order over one object and filter, sealed against mix-ups.
import { createHash } from 'node:crypto';
import { HubError } from '../../../schema/errors.ts';
import type { Condition } from '../../kit/contract.ts';
import type { Table } from './catalogue-rows.ts';
import type { SourcePlace } from './faults.ts';
import type { Bind } from './fragment.ts';
import type { Order } from './order.ts';

/** Values of the order's terms at the last row read; `seen`: how many rows at exactly this position were read. */
export type Position = { readonly values: readonly (Bind | null)[]; readonly seen: number };

/** Names source, object, order and filter: a cursor is good for exactly these. */
export function toFingerprint(
  place: SourcePlace,
  table: Table,
  order: Order,
  filter: readonly Condition[],
): string {
  const terms = order.terms.map((term) => [term.column.name, term.exact]);
  const conditions = filter.map(({ column, op, value }) => [column, op, value ?? null]);
  return digest([place.unit, place.source, table.schema, table.table, terms, conditions]);
}

/** Opaque text, base64url: the position as JSON and a checksum. It holds key values: store it like the rows themselves. */
export function toCursor(fingerprint: string, position: Position): string {
  const body = [fingerprint, position.values, position.seen];
  return Buffer.from(JSON.stringify([...body, digest(body)])).toString('base64url');
}

/** The position of a cursor; HUB_SOURCE_CURSOR when it was edited, or handed out for something else. */
export function parseCursor(cursor: string, fingerprint: string, place: SourcePlace): Position {
  const refuse = (why: string) =>
    new HubError('HUB_SOURCE_CURSOR', `${place.unit}.${place.source}: the cursor ${why}`, { place });
  const parts = parseJson(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!Array.isArray(parts) || parts.length !== 4) throw refuse('was not handed out by a SQL source');
  const [own, values, seen, checksum]: unknown[] = parts;
  if (checksum !== digest([own, values, seen])) throw refuse('was edited or cut off');
  if (own !== fingerprint) throw refuse('belongs to another object, order or filter');
  return { values: values as (Bind | null)[], seen: Number(seen) };
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 16);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
