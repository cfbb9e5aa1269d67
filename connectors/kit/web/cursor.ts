// The cursor that pages hand out: the position behind them, sealed against mix-ups. The span is in it, so that a resumed scan
// keeps the one that it began with.
import type { SelectRequest } from '../contract.ts';
import { parseSealedCursor, toDigest, toSealedCursor } from '../sealed-cursor.ts';
import type { WebObject } from './contract.ts';
import { toFault } from './faults.ts';
import type { Position } from './position.ts';

/** Names source, object (as the manifest has it now), filter and order: a cursor is good for exactly these. */
export function toFingerprint({ place, print }: WebObject, { filter, order }: SelectRequest): string {
  const conditions = (filter ?? []).map(({ column, op, value }) => [column, op, value ?? null]);
  return toDigest([place.unit, place.source, place.object, print, conditions, order ?? []]);
}

/** Opaque text, base64url: the position as JSON and a checksum. It may hold the service's own page token. */
export function toCursor(fingerprint: string, position: Position): string {
  return toSealedCursor(fingerprint, position);
}

/** The position of a cursor; HUB_SOURCE_CURSOR when it was edited, or handed out for something else. */
export function parseCursor(cursor: string, fingerprint: string, { place }: WebObject): Position {
  const refuse = (why: string) => toFault('HUB_SOURCE_CURSOR', place, `the cursor ${why}`);
  const sealed = parseSealedCursor(cursor);
  if (typeof sealed === 'string') throw refuse(sealed);
  if (sealed.fingerprint !== fingerprint)
    throw refuse('belongs to another object, filter or order, or to an older manifest');
  return sealed.position as Position;
}
