// Times as the marks and filters need them: compared as instants with every digit that the source gave, and written as
// the wall clock of the source's zone for its filter. Nanoseconds as bigint, since a double loses microseconds.
import type { RawValue } from '../../connectors/kit/contract.ts';
import { toZoneClock } from '../../connectors/kit/mapping/wall-clock.ts';

const FORM =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/;
const NANOS = 1_000_000n;

/** A zone's clock. Made once a run: finding a zone's offset is dear, and rows come in the order of their time. */
export type Zone = {
  /** Nanoseconds since 1970, UTC, of an ISO 8601 instant with offset, or of a wall clock or a date here; null when it is none. */
  parse(raw: RawValue | undefined): bigint | null;
  /** `yyyy-MM-dd HH:mm:ss.ffffff` as the clocks show it; later digits are cut, so that `>=` never skips a row. */
  toWallClock(nanos: bigint): string;
};

export function toZone(zone: string): Zone {
  const clock = toZoneClock(zone);
  let last: { readonly raw: RawValue | undefined; readonly nanos: bigint | null } | null = null;
  return {
    // Rows come in the order of their time, and many share one.
    parse: (raw) => {
      if (last === null || last.raw !== raw) last = { raw, nanos: parseTime(raw, clock.toUtc) };
      return last.nanos;
    },
    toWallClock: (nanos) => {
      const second = Number(toSeconds(nanos)) * 1000;
      return toDigits(nanos, clock.toWall(second) - second).slice(0, 26);
    },
  };
}

/** Nanoseconds of an instant as a mark holds it. */
export function parseInstant(text: string): bigint | null {
  return parseTime(text, (wall) => wall);
}

function parseTime(raw: RawValue | undefined, toUtc: (wall: number) => number): bigint | null {
  if (typeof raw !== 'string') return null;
  const parts = FORM.exec(raw.trim());
  if (parts === null) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = parts;
  const wall = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  if (Number.isNaN(wall) || new Date(wall).getUTCDate() !== Number(day)) return null;
  const ms = offset === undefined ? toUtc(wall) : wall - parseOffset(offset);
  return BigInt(ms) * NANOS + BigInt(fraction.padEnd(9, '0'));
}

export function fromMillis(ms: number): bigint {
  return BigInt(Math.trunc(ms)) * NANOS;
}

export function toMillisOf(nanos: bigint): number {
  return Number(nanos / NANOS);
}

/** ISO 8601 in UTC with every digit that is not a closing zero: `2026-04-05T00:30:00Z`, `…:00.123456Z`. */
export function toInstantText(nanos: bigint): string {
  return `${toDigits(nanos, 0)
    .replace(' ', 'T')
    .replace(/\.?0+$/, '')}Z`;
}

function toDigits(nanos: bigint, offsetMs: number): string {
  const seconds = toSeconds(nanos);
  const fraction = String(nanos - seconds * 1_000_000_000n).padStart(9, '0');
  const clock = new Date(Number(seconds) * 1000 + offsetMs).toISOString().slice(0, 19).replace('T', ' ');
  return `${clock}.${fraction}`;
}

// Division of bigints rounds towards zero; times before 1970 must round down.
function toSeconds(nanos: bigint): bigint {
  return nanos / 1_000_000_000n - (nanos % 1_000_000_000n < 0n ? 1n : 0n);
}

function parseOffset(text: string): number {
  if (text === 'Z') return 0;
  const digits = text.slice(1).replace(':', '').padEnd(4, '0');
  const ms = (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
  return text.startsWith('-') ? -ms : ms;
}
