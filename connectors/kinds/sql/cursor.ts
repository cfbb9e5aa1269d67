// The cursor that pages hand out: a position in one order over one object and filter, sealed against mix-ups.
import { HubError } from '../../../schema/errors.ts';
import type { Condition } from '../../kit/contract.ts';
import { parseSealedCursor, toDigest, toSealedCursor } from '../../kit/sealed-cursor.ts';
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
  return toDigest([place.unit, place.source, table.schema, table.table, terms, conditions]);
}

/** Opaque text, base64url: the position as JSON and a checksum. It holds key values: store it like the rows themselves. */
export function toCursor(fingerprint: string, position: Position): string {
  return toSealedCursor(fingerprint, position);
}

/** The position of a cursor; HUB_SOURCE_CURSOR when it was edited, or handed out for something else. */
export function parseCursor(cursor: string, fingerprint: string, place: SourcePlace): Position {
  const refuse = (why: string) =>
    new HubError('HUB_SOURCE_CURSOR', `${place.unit}.${place.source}: the cursor ${why}`, { place });
  const sealed = parseSealedCursor(cursor);
  if (typeof sealed === 'string') throw refuse(sealed);
  if (sealed.fingerprint !== fingerprint) throw refuse('belongs to another object, order or filter');
  return sealed.position as Position;
}
