// The cursor within a delivery: how many of its items were read, sealed to the delivery and to what was asked of it.
import type { SelectRequest } from '../../kit/contract.ts';
import { parseSealedCursor, toDigest, toSealedCursor } from '../../kit/sealed-cursor.ts';
import { type FilePlace, refuse } from './faults.ts';

/** Names object, delivery and conditions: a cursor is good for exactly these. */
export function toPrint(object: string, delivery: string, { filter = [] }: SelectRequest): string {
  return toDigest([object, delivery, filter.map(({ column, op, value }) => [column, op, value ?? null])]);
}

export function toCursor(print: string, count: number): string {
  return toSealedCursor(print, count);
}

/** HUB_SOURCE_CURSOR when it was edited, or handed out for another delivery. */
export function parseCursor(cursor: string, print: string, place: FilePlace): number {
  const sealed = parseSealedCursor(cursor);
  if (typeof sealed === 'string' || typeof sealed.position !== 'number')
    throw refuse('HUB_SOURCE_CURSOR', place, 'the cursor was not handed out by a folder, or was edited');
  if (sealed.fingerprint !== print)
    throw refuse('HUB_SOURCE_CURSOR', place, 'the cursor belongs to another delivery, object or filter');
  return sealed.position;
}
