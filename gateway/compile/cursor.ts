// Cursors name a position in the total order of a list. PostgreSQL writes them, JavaScript checks them: base64url of
// `payload|signature`, the payload a JSON list [unit, type, list, order values…], signed with the hub's cursor key.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { CatalogType } from './catalog.ts';

/** The list that a cursor belongs to: unit, type, and the list with the order that it was asked in. */
export type CursorOf = readonly [unit: string, type: string, list: string];

export function toCursorOf(type: CatalogType, list: string, order: string): CursorOf {
  return [type.unit, type.type.name, order === '' ? list : `${list} by ${order}`];
}

const SIGNATURE = 16;

/** The text expression of a row's cursor. `payload` is a text expression, `key` a bytea bind. */
export function toCursorSql(payload: string, key: string): string {
  const sign = `left(encode(sha256(${key} || sha256(${key} || convert_to(c.p, 'UTF8'))), 'hex'), ${SIGNATURE})`;
  // encode() breaks its lines after 76 characters and pads; base64url does neither.
  const encoded = `translate(encode(convert_to(c.p || '|' || ${sign}, 'UTF8'), 'base64'), E'+/=\\n', '-_')`;
  return `(select ${encoded} from (select ${payload} as p) c)`;
}

/**
 * The order values of a cursor, or null when it was not handed out for this list, or was edited.
 *
 * A cursor of the same list in the same order, under another division or thing or with other conditions, still names a
 * position and is accepted: `divisions { hydroStations(after: $c) }` hands one cursor to eleven lists.
 */
export function parseCursor(cursor: string, of: CursorOf, key: Buffer): readonly (string | null)[] | null {
  const bytes = Buffer.from(cursor, 'base64url');
  // Decoding is lenient about padding and stray bits: only the text that was handed out counts.
  if (bytes.toString('base64url') !== cursor) return null;
  const text = bytes.toString('utf8');
  const border = text.lastIndexOf('|');
  if (border < 0) return null;
  const payload = text.slice(0, border);
  if (!isSame(text.slice(border + 1), toSignature(payload, key))) return null;
  const [unit, type, list, ...values] = JSON.parse(payload) as (string | null)[];
  return unit === of[0] && type === of[1] && list === of[2] ? values : null;
}

function toSignature(payload: string, key: Buffer): string {
  const inner = createHash('sha256').update(key).update(payload).digest();
  return createHash('sha256').update(key).update(inner).digest('hex').slice(0, SIGNATURE);
}

function isSame(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
