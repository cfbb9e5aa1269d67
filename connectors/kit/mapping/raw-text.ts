// A raw value as text, the first step of reading (manifest §7): damage is found, the ends are trimmed.
import type { RawValue } from '../contract.ts';
import { parseDecimal, toDecimalText } from './decimal.ts';
import { bad, Remark } from './remark.ts';

// U+FFFD, GBK read as UTF-8 and written back, UTF-8's replacement character read as Latin-1.
const DAMAGE = /\uFFFD|锟斤拷|ï¿½/;
// `\s` has the full-width space, the no-break space and the byte-order mark; NUL pads C strings, U+200B comes from spreadsheets.
const LEADING = /^[\s\0\u200B]+/;
const TRAILING = /[\s\0\u200B]+$/;

/** The value as text, untrimmed; null when there is none. A list stands for its first element that is not null. */
export function toRawText(raw: RawValue | undefined): string | null | Remark {
  let value = raw;
  while (Array.isArray(value)) value = value.find((element) => element !== null && element !== undefined);
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return null;
  if (typeof value === 'number')
    return Number.isFinite(value) ? toPlainNumber(value) : bad('HUB_MAP_NUMBER', 'must be a finite number');
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return bad(
    'HUB_MAP_TEXT',
    value instanceof Uint8Array ? 'must be text, but got bytes' : 'must be a single value, but got an object',
  );
}

/** The text to read on: null when empty, a Remark when damaged by a wrong decoding. */
export function toCleanText(raw: RawValue | undefined): string | null | Remark {
  const text = toRawText(raw);
  if (text === null || text instanceof Remark) return text;
  if (typeof raw !== 'number' && DAMAGE.test(text))
    return bad('HUB_MAP_DAMAGED', 'was damaged by a wrong decoding: correct the source’s encoding');
  return trim(text) || null;
}

/** Trims spaces of all widths and NUL at both ends. */
export function trim(text: string): string {
  return isPlain(text.charCodeAt(0)) && isPlain(text.charCodeAt(text.length - 1))
    ? text
    : text.replace(LEADING, '').replace(TRAILING, '');
}

/** What stands in a fault's `raw` or beside a row: the value as it came, whatever it is. */
export function toShownText(raw: RawValue | undefined): string | null {
  if (raw === null || raw === undefined) return null;
  const text = toRawText(raw);
  if (typeof text === 'string') return text;
  return raw instanceof Uint8Array ? `bytes(${raw.length})` : toJson(raw);
}

// Letters, digits and Chinese characters need no trimming; most values are such.
function isPlain(code: number): boolean {
  return (code > 0x20 && code < 0x7f) || (code >= 0x4e00 && code < 0xa000);
}

// String() writes 1e21 and 1e-7, which no database or code list does.
function toPlainNumber(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  const decimal = parseDecimal(text);
  return decimal === null ? text : toDecimalText(decimal);
}

function toJson(raw: RawValue): string | null {
  try {
    return JSON.stringify(raw, (_key, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    ).slice(0, 1000);
  } catch {
    return null;
  }
}
