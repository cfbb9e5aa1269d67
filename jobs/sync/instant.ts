// Times as the marks and filters need them: compared as instants with every digit that the source gave, and written as
// the wall clock of the source's zone for its filter. Nanoseconds as bigint, since a double loses microseconds.
import type { RawValue } from '../../connectors/kit/contract.ts';
import { compileTimeFormats } from '../../connectors/kit/mapping/time-formats.ts';
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
  /**
   * The lowest clock that was shown at this instant or after it: where clocks are put back, times behind it stand before
   * it in the table, and `>=` must not skip them.
   */
  toLowestWall(nanos: bigint): string;
};

/** No zone has put its clocks back by more, and zones do so at quarters of an hour. */
const FURTHEST_BACK = 26 * 3_600_000;
const QUARTER = 900_000;

export function toZone(zone: string): Zone {
  const clock = toZoneClock(zone);
  const toWallClock = (nanos: bigint, offset: number) => toDigits(nanos, offset).slice(0, 26);
  let last: { readonly raw: RawValue | undefined; readonly nanos: bigint | null } | null = null;
  return {
    // Rows come in the order of their time, and many share one.
    parse: (raw) => {
      if (last === null || last.raw !== raw) last = { raw, nanos: parseTime(raw, clock.toUtc) };
      return last.nanos;
    },
    toWallClock: (nanos) => {
      const second = Number(toSeconds(nanos)) * 1000;
      return toWallClock(nanos, clock.toWall(second) - second);
    },
    toLowestWall: (nanos) => {
      const second = Number(toSeconds(nanos)) * 1000;
      const offset = clock.toWall(second) - second;
      let lowest = toWallClock(nanos, offset);
      const last = second + FURTHEST_BACK;
      if (clock.toWall(last) - last >= offset) return lowest;
      for (let at = Math.ceil((second + 1) / QUARTER) * QUARTER; at <= last; at += QUARTER) {
        const wall = toWallClock(fromMillis(at), clock.toWall(at) - at);
        if (wall < lowest) lowest = wall;
      }
      return lowest;
    },
  };
}

/** Nanoseconds of a time that formats of the manifest describe; the zone says what a bare one means. */
export function toFormatParser(formats: readonly string[], zone: string): Zone['parse'] {
  const parse = compileTimeFormats(formats);
  const { toUtc } = toZoneClock(zone);
  return (raw) => {
    const written = typeof raw === 'string' || typeof raw === 'number' ? parse(String(raw).trim()) : null;
    if (written === null) return null;
    const { wall, offset, fraction } = written;
    const ms = offset === null ? toUtc(wall) : wall - offset;
    return BigInt(ms) * NANOS + BigInt(fraction.padEnd(9, '0').slice(0, 9));
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
