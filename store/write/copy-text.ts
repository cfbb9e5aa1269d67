// Values as lines of PostgreSQL's COPY text format. Pure. What PostgreSQL would refuse is refused here, a value at a time,
// so that one bad row is set aside and its page still lands.
import type { MapFaultCode } from '../../connectors/kit/mapping/outcome.ts';
import { parseDuration } from '../../schema/duration.ts';
import type { SqlType } from '../columns.ts';

/** A value that the column cannot hold, with the code under which its record is set aside. */
export class UnstorableValue extends Error {
  readonly code: MapFaultCode;

  constructor(code: MapFaultCode, message: string) {
    super(message);
    this.name = 'UnstorableValue';
    this.code = code;
  }
}

export const NULL_FIELD = '\\N';

/** One field, escaped; null and undefined are `\N`. Throws UnstorableValue. */
export function toCopyField(sqlType: SqlType, value: unknown): string {
  return value === null || value === undefined ? NULL_FIELD : toFieldWriter(sqlType)(value);
}

/** A value that is there, as an escaped field of this type. Throws UnstorableValue. */
export type FieldWriter = (value: unknown) => string;

/** Chosen once a column, called for every row. */
export function toFieldWriter(sqlType: SqlType): FieldWriter {
  switch (sqlType) {
    case 'text':
      return (value) => toTextField(String(value));
    case 'float8':
      return toFloat;
    case 'int2':
      return (value) => toInteger(value, 15n);
    case 'int4':
      return (value) => toInteger(value, 31n);
    case 'int8':
      return (value) => toInteger(value, 63n);
    case 'numeric':
      return toDecimal;
    case 'bool':
      return toFlag;
    case 'timestamptz':
      return toRepeated(toInstant);
    case 'date':
      return (value) => toCalendarDate(String(value));
    case 'interval':
      return toRepeated(toInterval);
    case 'jsonb':
      return toJsonField;
    case 'bytea':
      return (value) => toBytes(String(value));
    case 'text[]':
      return (value) => toEscaped(toArrayText(value));
    default:
      return sqlType satisfies never;
  }
}

// Rows come in the order of their time, and many share one; what was sound for the row before is sound for this one.
function toRepeated(write: (text: string) => string): FieldWriter {
  let last: string | null = null;
  let field = '';
  return (value) => {
    const text = String(value);
    if (text === last) return field;
    field = write(text);
    last = text;
    return field;
  };
}

/** The text of an escaped field; null for `\\N`. */
export function fromCopyField(field: string): string | null {
  if (field === NULL_FIELD) return null;
  return field.includes('\\')
    ? field.replace(/\\(.)/gs, (_all, mark: string) => UNESCAPED[mark] ?? mark)
    : field;
}

const UNESCAPED: { readonly [mark: string]: string } = { n: '\n', r: '\r', t: '\t' };

const SPECIAL = /[\\\n\r\t]/g;
const ESCAPES: { readonly [character: string]: string } = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function toEscaped(text: string): string {
  // Asking first: most texts have none, and a replacement costs thrice the question.
  return text.search(SPECIAL) < 0
    ? text
    : text.replace(SPECIAL, (character) => ESCAPES[character] ?? character);
}

// All that text may have to be escaped or refused for, in one look: most texts have none of it.
const REMARKABLE = /[\\\n\r\t\0\ud800-\udfff]/;

function toTextField(text: string): string {
  return REMARKABLE.test(text) ? toEscaped(toSoundText(text)) : text;
}

// PostgreSQL's text holds neither NUL nor half a surrogate pair.
const UNSOUND = /\0|\p{Cs}/u;

/** A text that any column can hold: NUL as its picture, half a surrogate pair as U+FFFD. For messages, never for values. */
export function toPrintableText(text: string): string {
  return text.replace(/\0/g, '␀').replace(/\p{Cs}/gu, '\uFFFD');
}

/** False for text with NUL or half a surrogate pair: no row can hold it. */
export function isSoundText(text: string): boolean {
  return !REMARKABLE.test(text) || !UNSOUND.test(text);
}

function toSoundText(text: string): string {
  if (!isSoundText(text)) throw new UnstorableValue('HUB_MAP_DAMAGED', 'holds NUL or half a surrogate pair');
  return text;
}

// JSON.stringify writes both as escapes, which jsonb refuses. An even number of backslashes before is a literal one.
const UNSOUND_JSON = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

function toJsonField(value: unknown): string {
  const text = JSON.stringify(value);
  // Whatever would have to be escaped or refused, JSON writes with a backslash.
  if (!text.includes('\\')) return text;
  if (text.includes('\\u') && UNSOUND_JSON.test(text))
    throw new UnstorableValue('HUB_MAP_DAMAGED', 'holds NUL or half a surrogate pair');
  return toEscaped(text);
}

function toFloat(value: unknown): string {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new UnstorableValue('HUB_MAP_NUMBER', 'must be a finite number');
  return Object.is(value, -0) ? '-0' : String(value);
}

function toInteger(value: unknown, bits: bigint): string {
  const text = String(value);
  if (!/^-?\d{1,20}$/.test(text)) throw new UnstorableValue('HUB_MAP_NUMBER', 'must be a whole number');
  const number = BigInt(text);
  const limit = 1n << bits;
  if (number < -limit || number >= limit)
    throw new UnstorableValue('HUB_MAP_RANGE', `must fit ${bits + 1n} bits`);
  return text;
}

function toDecimal(value: unknown): string {
  const text = String(value);
  if (!/^-?\d{1,1000}(?:\.\d{1,1000})?$/.test(text))
    throw new UnstorableValue('HUB_MAP_NUMBER', 'must be a decimal number');
  return text;
}

function toFlag(value: unknown): string {
  if (typeof value !== 'boolean') throw new UnstorableValue('HUB_MAP_CODE', 'must be true or false');
  return value ? 't' : 'f';
}

const INSTANT = /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?Z$/;

function toInstant(text: string): string {
  if (!INSTANT.test(text) || !isCalendarDay(text))
    throw new UnstorableValue('HUB_MAP_TIME', 'must be a UTC instant');
  return text;
}

function toCalendarDate(text: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || !isCalendarDay(text))
    throw new UnstorableValue('HUB_MAP_TIME', 'must be a calendar date');
  return text;
}

// Counted rather than parsed: Date would take 30 February for 2 March, and is slow where every reading has two times.
function isCalendarDay(text: string): boolean {
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10))];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0);
  return year > 0 && day >= 1 && day <= days;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function toInterval(text: string): string {
  if (parseDuration(text) === null) throw new UnstorableValue('HUB_MAP_NUMBER', 'must be a duration');
  return text;
}

function toBytes(hex: string): string {
  if (hex.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(hex))
    throw new UnstorableValue('HUB_MAP_TEXT', 'must be hexadecimal');
  return `\\\\x${hex}`;
}

function toArrayText(value: unknown): string {
  if (!Array.isArray(value)) throw new UnstorableValue('HUB_MAP_TEXT', 'must be a list');
  const items = value.map((item) =>
    item === null ? 'NULL' : `"${toSoundText(String(item)).replace(/["\\]/g, (mark) => `\\${mark}`)}"`,
  );
  return `{${items.join(',')}}`;
}
