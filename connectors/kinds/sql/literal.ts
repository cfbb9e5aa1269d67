// A literal of a condition, a key or a cursor, in the one spelling that a column's kind has for it: what is bound, and
// by what records find their keys.
import type { ColumnKind, RawValue } from '../../kit/contract.ts';
import { toDecimalText } from './decimal.ts';
import type { Bind } from './fragment.ts';
import { toInstant, toWallClock } from './zone.ts';

const TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d+))?)?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?$/i;
const YES = new Set(['true', 't', '1', 'yes', 'y']);
const NO = new Set(['false', 'f', '0', 'no', 'n']);

/**
 * Canonical form of a value for a column of `kind`; null when no column of that kind can hold it. A time with an offset
 * becomes the wall clock of `zone` for a column without one, and the reverse: the instant stays.
 */
export function toComparable(kind: ColumnKind, value: RawValue, zone: string): Bind | null {
  if (kind === 'bytes') return toHex(value);
  if (typeof value === 'object') return null;
  switch (kind) {
    case 'integer':
    case 'decimal':
      return typeof value === 'boolean' ? (value ? '1' : '0') : toDecimalText(value);
    case 'float': {
      if (typeof value === 'boolean') return null;
      const number = typeof value === 'number' ? value : Number(value.trim() || 'none');
      return Number.isFinite(number) ? number : toSpecialFloat(value);
    }
    case 'boolean':
      return toBoolean(value);
    case 'timestamp':
    case 'timestamptz':
    case 'date':
      return toTime(kind, String(value), zone);
    case 'json':
      return null;
    default:
      return String(value);
  }
}

/** The same value's identity as a key: CHAR padding at the end does not count. */
export function toKeyText(kind: ColumnKind, value: RawValue, zone: string): string | null {
  const comparable = toComparable(kind, value, zone);
  return comparable === null ? null : String(comparable).trimEnd();
}

/** Bytes are named by their hexadecimal digits. */
function toHex(value: RawValue): string | null {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return typeof value === 'string' && /^([0-9a-f]{2})*$/i.test(value) ? value.toLowerCase() : null;
}

function toSpecialFloat(value: string | number): string | null {
  const text = String(value);
  return ['NaN', 'Infinity', '-Infinity'].includes(text) ? text : null;
}

function toBoolean(value: string | number | boolean): boolean | null {
  const text = String(value).trim().toLowerCase();
  if (YES.has(text)) return true;
  return NO.has(text) ? false : null;
}

function toTime(kind: 'timestamp' | 'timestamptz' | 'date', text: string, zone: string): string | null {
  const parts = TIME.exec(text.trim());
  if (parts === null) return null;
  const [, day = '', minutes = '00:00', seconds = '00', digits = '', offset] = parts;
  const wall = `${day} ${minutes}:${seconds}`;
  const trimmed = digits.replace(/0+$/, '');
  const fraction = trimmed === '' ? '' : `.${trimmed}`;
  if (Number.isNaN(Date.parse(`${wall.replace(' ', 'T')}Z`))) return null;
  const instant = () => (offset === undefined ? toInstant(wall, zone) : parseInstant(wall, offset));
  if (kind === 'timestamptz') return `${new Date(instant()).toISOString().slice(0, 19)}${fraction}+00:00`;
  const shown = offset === undefined ? wall : toWallClock(instant(), zone);
  if (kind === 'date' && shown.endsWith('00:00:00') && fraction === '') return shown.slice(0, 10);
  return shown + fraction;
}

function parseInstant(wall: string, offset: string): number {
  const iso = /^z$/i.test(offset) ? 'Z' : `${offset.slice(0, 3)}:${offset.slice(3).replace(':', '') || '00'}`;
  return Date.parse(`${wall.replace(' ', 'T')}${iso}`);
}
