// The opaque text of a cursor, for every kind: a position as JSON, the fingerprint of what it is good for, and a checksum.
import { createHash } from 'node:crypto';

/** Why a cursor is refused; the kind gives it its place and code (HUB_SOURCE_CURSOR). */
export type CursorFault = 'was not handed out by this kind of source' | 'was edited or cut off';

/** base64url. It holds what the position holds: store it like the rows themselves. */
export function toSealedCursor(fingerprint: string, position: unknown): string {
  const body = [fingerprint, position];
  return Buffer.from(JSON.stringify([...body, toDigest(body)])).toString('base64url');
}

/** The position and what it is good for, unjudged; or why the text is no cursor. */
export function parseSealedCursor(
  cursor: string,
): { readonly fingerprint: unknown; readonly position: unknown } | CursorFault {
  const parts = parseJson(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!Array.isArray(parts) || parts.length !== 3) return 'was not handed out by this kind of source';
  const [fingerprint, position, checksum]: unknown[] = parts;
  return checksum === toDigest([fingerprint, position]) ? { fingerprint, position } : 'was edited or cut off';
}

/** Sixteen characters that tell two values apart; no protection against those who can compute it too. */
export function toDigest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 16);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
