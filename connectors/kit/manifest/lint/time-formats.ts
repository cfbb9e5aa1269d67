// Whether two time formats can read one text differently (M030): sample dates are written in one format and read in
// the other. 03/04 read as dd/MM and as MM/dd differs; 0401 and 401 read as MMdd and Mdd do not.
import { parseTimeFormat, type TimePart, type TimeUnit } from '../shape/time-format.ts';

type Reading = { readonly [Unit in TimeUnit]?: number };
type Format = {
  readonly write: (sample: Required<Reading>) => string[];
  readonly read: (text: string) => string | null;
};

const SAMPLES: readonly Required<Reading>[] = [
  { y: 2003, M: 4, d: 5, H: 6, m: 7, s: 8, S: 9 },
  { y: 2026, M: 1, d: 11, H: 1, m: 11, s: 1, S: 11 },
  { y: 2011, M: 11, d: 1, H: 11, m: 1, s: 11, S: 111 },
  { y: 2019, M: 12, d: 12, H: 12, m: 12, s: 12, S: 120 },
  { y: 1998, M: 10, d: 31, H: 23, m: 59, s: 59, S: 999 },
  { y: 2001, M: 1, d: 2, H: 3, m: 4, s: 5, S: 6 },
];

/** A text that both formats read, but not alike; null when there is none among the samples. */
export function toAmbiguousText(first: string, second: string): string | null {
  const [one, other] = [toFormat(first), toFormat(second)];
  if (one === null || other === null) return null;
  for (const [writer, reader] of [
    [one, other],
    [other, one],
  ] as const) {
    for (const text of SAMPLES.flatMap(writer.write)) {
      const [meant, read] = [writer.read(text), reader.read(text)];
      if (meant !== null && read !== null && meant !== read) return text;
    }
  }
  return null;
}

const FIRST_DAY = Date.UTC(1950, 0, 1);
const LAST_DAY = Date.UTC(2100, 0, 1);
const DAY = 86_400_000;
const EXCEL_ZERO = Date.UTC(1899, 11, 30);

function toFormat(format: string): Format | null {
  if (format === 'epochSeconds')
    return toNumeric(
      (text) => Number(text) * 1000,
      (at) => at / 1000,
    );
  if (format === 'epochMillis') return toNumeric(Number, (at) => at);
  if (format === 'excel')
    return toNumeric(
      (text) => EXCEL_ZERO + Number(text) * DAY,
      (at) => (at - EXCEL_ZERO) / DAY,
    );
  if (format === 'iso') return null;
  const parts = parseTimeFormat(format);
  return parts === null ? null : toTokens(parts);
}

/** A plain number counts as a time only where it falls between 1950 and 2100. */
function toNumeric(toTime: (text: string) => number, toNumber: (at: number) => number): Format {
  return {
    write: (sample) => [String(Math.floor(toNumber(Date.UTC(sample.y, sample.M - 1, sample.d, sample.H))))],
    read: (text) => {
      if (!/^-?\d+(\.\d+)?$/.test(text)) return null;
      const at = toTime(text);
      return at >= FIRST_DAY && at < LAST_DAY ? `at ${at}` : null;
    },
  };
}

function toTokens(parts: readonly TimePart[]): Format {
  const units = parts.flatMap((part) => ('unit' in part ? [part.unit] : []));
  const pattern = new RegExp(`^${parts.map(toPattern).join('')}$`, 'u');
  return {
    // One-digit tokens also write two digits, as people do.
    write: (sample) =>
      [false, true].map((padded) => parts.map((part) => toText(part, sample, padded)).join('')),
    read: (text) => {
      const found = pattern.exec(text);
      if (found === null) return null;
      const values = units.map((unit, index) => [unit, toFull(unit, found[index + 1] ?? '')] as const);
      const read: Reading = Object.fromEntries(values);
      const lawful = (read.M ?? 1) >= 1 && (read.M ?? 1) <= 12 && (read.d ?? 1) >= 1 && (read.d ?? 1) <= 31;
      if (!lawful || (read.H ?? 0) > 24 || (read.m ?? 0) > 59 || (read.s ?? 0) > 59) return null;
      return toMeaning(read);
    },
  };
}

/** What is missing counts as its first value, so that `yyyy-MM` and `yyyy-MM-dd` may agree. */
function toMeaning(read: Reading): string {
  const { y = 1970, M = 1, d = 1, H = 0, m = 0, s = 0, S = 0 } = read;
  const at = Date.UTC(y, M - 1, d, H, m, s, S);
  return at >= FIRST_DAY && at < LAST_DAY ? `at ${at}` : 'outside';
}

function toFull(unit: TimeUnit, digits: string): number {
  const value = Number(digits);
  return unit === 'y' && digits.length === 2 ? 2000 + value : value;
}

function toPattern(part: TimePart): string {
  if ('literal' in part) return part.literal.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  return part.token.length === 1 ? String.raw`(\d{1,2})` : String.raw`(\d{${part.token.length}})`;
}

function toText(part: TimePart, sample: Required<Reading>, padded: boolean): string {
  if ('literal' in part) return part.literal;
  const value = String(sample[part.unit]);
  const width = part.token.length === 1 ? (padded ? 2 : 1) : part.token.length;
  return value.length > width ? value.slice(-width) : value.padStart(width, '0');
}
