// Times as legacy systems write them (manifest §7): native database text, ISO 8601, Excel serials, epochs, and formats
// made of tokens. Each format is compiled to one regular expression once.

import { HubError } from '../../../schema/errors.ts';
import { daysInMonth } from '../../../schema/scalars/forms.ts';
import { parseTimeFormat, type TimePart, type TimeUnit } from '../manifest/shape/time-format.ts';

/** A time as it was written. `wall` is milliseconds that read as UTC show the clock on the wall, whole seconds only. */
export type WrittenTime = {
  readonly wall: number;
  /** Digits of the second's fraction, without the zeros at its end; at most microseconds. */
  readonly fraction: string;
  /** Offset from UTC in milliseconds where the text names one (0 for epochs); null: the source's zone decides. */
  readonly offset: number | null;
  /** Month or day were not written and stand at 1. */
  readonly filled: boolean;
};
export type TimeParser = (text: string) => WrittenTime | null;

const SECOND = 1000;
const MINUTE = 60_000;
const DAY = 86_400_000;
/** Day 0 of Excel's 1900 system, as if 1900 had been no leap year. */
const EXCEL_EPOCH = Date.UTC(1899, 11, 30);
/** Instants beyond this are no times (the year 9999). */
const FURTHEST = 253_402_300_799_999;
const PIVOT = 70;

const ZONE = '(Z|[+-]\\d{2}(?::?\\d{2})?)?';
const NATIVE = new RegExp(
  `^(\\d{4})-(\\d{2})-(\\d{2})(?:[ T](\\d{2}):(\\d{2}):(\\d{2})(?:\\.(\\d{1,9}))?${ZONE})?$`,
);
const ISO = new RegExp(
  `^(\\d{4})-(\\d{2})-(\\d{2})(?:[T ](\\d{2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?${ZONE})?$`,
);
const NUMBER = /^-?\d{1,15}(?:\.\d{1,20})?$/;

const NAMED: { readonly [name: string]: TimeParser } = {
  iso: (text) => parseParts(ISO.exec(text)),
  excel: parseExcel,
  epochSeconds: (text) => parseEpoch(text, SECOND),
  epochMillis: (text) => parseEpoch(text, 1),
};

/** The first format that fits the whole text; without formats, what databases give (contract.ts, RawValue). */
export function compileTimeFormats(formats: readonly string[] | undefined): TimeParser {
  if (formats === undefined || formats.length === 0) return parseNative;
  const parsers = formats.map((format) => NAMED[format] ?? compileTokens(format));
  return (text) => {
    for (const parse of parsers) {
      const time = parse(text);
      if (time !== null) return time;
    }
    return null;
  };
}

function parseNative(text: string): WrittenTime | null {
  return parseParts(NATIVE.exec(text));
}

function parseParts(parts: RegExpExecArray | null): WrittenTime | null {
  if (parts === null) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = parts;
  const wall = toWallMillis(
    Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  return wall === null
    ? null
    : { wall, fraction: toFraction(fraction), offset: toOffset(zone), filled: false };
}

// Excel keeps a double of days: what it shows is the nearest second, and keys made of times must not drift.
function parseExcel(text: string): WrittenTime | null {
  const days = NUMBER.test(text) ? Number(text) : Number.NaN;
  const wall = EXCEL_EPOCH + Math.round((days * DAY) / SECOND) * SECOND;
  return days > 0 && wall <= FURTHEST ? { wall, fraction: '', offset: null, filled: false } : null;
}

function parseEpoch(text: string, unit: number): WrittenTime | null {
  if (!NUMBER.test(text)) return null;
  const [whole = '', digits = ''] = text.split('.');
  // Before 1970 fractions would run backwards; nothing before 1950 lands anyway.
  if (whole.startsWith('-') && digits !== '') return null;
  const millis = Number(whole) * unit;
  if (!Number.isSafeInteger(millis) || Math.abs(millis) > FURTHEST) return null;
  const wall = Math.floor(millis / SECOND) * SECOND;
  const thousandths = unit === SECOND ? '' : String(millis - wall).padStart(3, '0');
  return { wall, fraction: toFraction(`${thousandths}${digits}`), offset: 0, filled: false };
}

const SHAPES: { readonly [token: string]: string } = {
  yyyy: '(\\d{4})',
  yy: '(\\d{2})',
  MM: '(\\d{2})',
  M: '(\\d{1,2})',
  dd: '(\\d{2})',
  d: '(\\d{1,2})',
  HH: '(\\d{2})',
  H: '(\\d{1,2})',
  mm: '(\\d{2})',
  m: '(\\d{1,2})',
  ss: '(\\d{2})',
  s: '(\\d{1,2})',
  SSS: '(\\d{3})',
};

function compileTokens(format: string): TimeParser {
  const parts = toParts(format);
  const units = parts.flatMap((part) => ('unit' in part ? [part.unit] : []));
  const at = (unit: TimeUnit): number => units.indexOf(unit) + 1;
  // A bare Z in the format is no literal: it is the zone, which the text may also write as an offset.
  const body = parts.filter((part) => !('literal' in part && part.literal === 'Z')).map(toPattern);
  const shape = new RegExp(`^${body.join('')}${units.includes('H') ? ZONE : '()'}$`);
  const [y, M, d, H, m, s, S] = (['y', 'M', 'd', 'H', 'm', 's', 'S'] as const).map(at);
  const shortYear = format.includes('yy') && !format.includes('yyyy');
  return (text) => {
    const found = shape.exec(text);
    if (found === null) return null;
    const value = (group: number | undefined, missing: number): number =>
      group === undefined || group === 0 ? missing : Number(found[group]);
    const year = value(y, 0);
    const wall = toWallMillis(
      shortYear ? toFullYear(year) : year,
      value(M, 1),
      value(d, 1),
      value(H, 0),
      value(m, 0),
      value(s, 0),
    );
    if (wall === null) return null;
    const fraction = S === undefined || S === 0 ? '' : (found[S] ?? '');
    const filled = M === 0 || d === 0;
    return { wall, fraction: toFraction(fraction), offset: toOffset(found[units.length + 1]), filled };
  };
}

/** Compiles a format of month and day alone; the parser gives them 1-based, or null. */
export function compileMonthDay(
  formats: readonly string[],
): (text: string) => { readonly month: number; readonly day: number } | null {
  const shapes = formats.map((format) => {
    const parts = toParts(format);
    const units = parts.flatMap((part) => ('unit' in part ? [part.unit] : []));
    return {
      shape: new RegExp(`^${parts.map(toPattern).join('')}$`),
      month: units.indexOf('M') + 1,
      day: units.indexOf('d') + 1,
    };
  });
  return (text) => {
    for (const { shape, month, day } of shapes) {
      const found = shape.exec(text);
      if (found === null || month === 0 || day === 0) continue;
      const read = { month: Number(found[month]), day: Number(found[day]) };
      // 2000 was a leap year: 29 February is a day of the year.
      if (read.day >= 1 && read.day <= daysInMonth(2000, read.month)) return read;
    }
    return null;
  };
}

function toParts(format: string): readonly TimePart[] {
  const parts = parseTimeFormat(format);
  if (parts === null)
    throw new HubError(
      'HUB_MANIFEST_INVALID',
      `time format ${format}: must be made of yyyy yy M MM d dd H HH m mm s ss SSS`,
    );
  return parts;
}

function toPattern(part: TimePart): string {
  if ('token' in part) return SHAPES[part.token] ?? '';
  return part.literal.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

function toFullYear(year: number): number {
  return year < PIVOT ? 2000 + year : 1900 + year;
}

function toWallMillis(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | null {
  if (year < 1000 || day < 1 || day > daysInMonth(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function toFraction(digits: string): string {
  return digits === '' ? '' : digits.slice(0, 6).replace(/0+$/, '');
}

function toOffset(zone: string | undefined): number | null {
  if (zone === undefined || zone === '') return null;
  if (zone === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const size = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || '0');
  return (zone.startsWith('-') ? -size : size) * MINUTE;
}
