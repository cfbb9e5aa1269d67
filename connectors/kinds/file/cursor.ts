// The cursor within a delivery: how many of its items were read, sealed to the delivery and to what was asked of it.
import { createHash } from 'node:crypto';
import type { SelectRequest } from '../../kit/contract.ts';
import { type FilePlace, refuse } from './faults.ts';

/** Names object, delivery and conditions: a cursor is good for exactly these. */
export function toPrint(object: string, delivery: string, { filter = [] }: SelectRequest): string {
  return digest([object, delivery, filter.map(({ column, op, value }) => [column, op, value ?? null])]);
}

export function toCursor(print: string, count: number): string {
  return Buffer.from(JSON.stringify([print, count, digest([print, count])])).toString('base64url');
}

/** HUB_SOURCE_CURSOR when it was edited, or handed out for another delivery. */
export function parseCursor(cursor: string, print: string, place: FilePlace): number {
  const parts = parseJson(Buffer.from(cursor, 'base64url').toString('utf8'));
  const [own, count, seal]: unknown[] = Array.isArray(parts) ? parts : [];
  if (typeof count !== 'number' || seal !== digest([own, count]))
    throw refuse('HUB_SOURCE_CURSOR', place, 'the cursor was not handed out by a folder, or was edited');
  if (own !== print)
    throw refuse('HUB_SOURCE_CURSOR', place, 'the cursor belongs to another delivery, object or filter');
  return count;
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
