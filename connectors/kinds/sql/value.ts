// From what a driver hands out to the contract's RawValue, by the kind of the column.
import { HubError } from '../../../schema/errors.ts';
import type { ColumnShape, RawValue } from '../../kit/contract.ts';

const ZONED = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d+))? ?(?:(Z)|([+-]\d\d)(?::?(\d\d))?)?$/;
const WALL = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d+))?$/;
const JSON_TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** One spelling over all databases: zero fractions fall away, an instant is ISO 8601 with its offset, JSON is parsed. */
export function toRawValue(column: ColumnShape, value: unknown): RawValue {
  if (value === null || value === undefined) return null;
  switch (column.kind) {
    case 'timestamp':
      return typeof value === 'string' ? toWall(value) : toPlain(column, value);
    case 'timestamptz':
      return typeof value === 'string' ? toZoned(value) : toPlain(column, value);
    case 'boolean':
      return value === 1 || value === 0 ? value === 1 : toPlain(column, value);
    case 'json':
      return typeof value === 'string' ? parseJsonExactly(value) : toPlain(column, value);
    default:
      return toPlain(column, value);
  }
}

function toPlain(column: ColumnShape, value: unknown): RawValue {
  if (typeof value === 'bigint') return String(value);
  // A Date has lost the zone and the digits that stood in the table.
  if (value instanceof Date)
    throw new HubError('HUB_INTERNAL', `a driver made a Date of ${column.name} (${column.native})`);
  return value as RawValue;
}

function toFraction(digits: string | undefined): string {
  const kept = (digits ?? '').replace(/0+$/, '');
  return kept === '' ? '' : `.${kept}`;
}

function toWall(text: string): string {
  const parts = WALL.exec(text);
  return parts === null ? text : `${parts[1]} ${parts[2]}${toFraction(parts[3])}`;
}

/** Without an offset the session's zone holds, which is UTC. */
function toZoned(text: string): string {
  const parts = ZONED.exec(text);
  if (parts === null) return text;
  const [, day, time, digits, , hours = '+00', minutes = '00'] = parts;
  return `${day}T${time}${toFraction(digits)}${hours}:${minutes}`;
}

/** JSON whose numbers a double would not hold as sent come as text, with all their digits. */
export function parseJsonExactly(text: string): RawValue {
  const exact = text.replace(JSON_TOKEN, (token) =>
    token.startsWith('"') || isExact(token) ? token : JSON.stringify(token),
  );
  try {
    return JSON.parse(exact) as RawValue;
  } catch {
    return text;
  }
}

function isExact(token: string): boolean {
  const digits = token
    .replace(/[eE].*$/, '')
    .replace(/\D/g, '')
    .replace(/^0+/, '');
  return digits.length <= 15 && Number.isFinite(Number(token));
}
