// The cursor that pages hand out: the position behind them, sealed against mix-ups. The span is in it, so that a resumed scan
// keeps the one that it began with.
import { createHash } from 'node:crypto';
import type { SelectRequest } from '../../kit/contract.ts';
import { toFault } from './faults.ts';
import type { Position } from './position.ts';
import type { HttpObject } from './settings.ts';

/** Names source, object (as the manifest has it now), filter and order: a cursor is good for exactly these. */
export function toFingerprint({ place, print }: HttpObject, { filter, order }: SelectRequest): string {
  const conditions = (filter ?? []).map(({ column, op, value }) => [column, op, value ?? null]);
  return digest([place.unit, place.source, place.object, print, conditions, order ?? []]);
}

/** Opaque text, base64url: the position as JSON and a checksum. It may hold the service's own page token. */
export function toCursor(fingerprint: string, position: Position): string {
  const body = [fingerprint, position];
  return Buffer.from(JSON.stringify([...body, digest(body)])).toString('base64url');
}

/** The position of a cursor; HUB_SOURCE_CURSOR when it was edited, or handed out for something else. */
export function parseCursor(cursor: string, fingerprint: string, { place }: HttpObject): Position {
  const refuse = (why: string) => toFault('HUB_SOURCE_CURSOR', place, `the cursor ${why}`);
  const parts = parseJson(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!Array.isArray(parts) || parts.length !== 3) throw refuse('was not handed out by an http source');
  const [own, position, checksum]: unknown[] = parts;
  if (checksum !== digest([own, position])) throw refuse('was edited or cut off');
  if (own !== fingerprint)
    throw refuse('belongs to another object, filter or order, or to an older manifest');
  return position as Position;
}

export function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 16);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
