// Values of AIS as decimal text in the standard's units, and null where the standard says "not available" (ITU-R M.1371 Annex 8).
import type { RawValue } from '../../kit/contract.ts';
import type { Bits } from './bits.ts';

/** Tenths: knots, degrees, metres. */
export function toTenths(value: number, none: number): string | null {
  return value === none ? null : `${Math.floor(value / 10)}.${value % 10}`;
}

export function toNumber(value: number, none: number): number | null {
  return value === none ? null : value;
}

const NO_LONGITUDE = 181;
const NO_LATITUDE = 91;

/** Longitude of 28 bits and latitude of 27 behind it, each in 1/10000 of a minute. */
export function toPosition(bits: Bits, from: number): { readonly lon: RawValue; readonly lat: RawValue } {
  return {
    lon: toDegrees(bits.signed(from, 28), NO_LONGITUDE),
    lat: toDegrees(bits.signed(from + 28, 27), NO_LATITUDE),
  };
}

/** Six places tell every 1/600000 of a degree from the next; whole numbers throughout, so that nothing is added to it. */
function toDegrees(value: number, none: number): string | null {
  if (value === none * 600_000) return null;
  const millionths = Math.round((Math.abs(value) * 5) / 3);
  const text = String(millionths).padStart(7, '0');
  return `${value < 0 ? '-' : ''}${text.slice(0, -6)}.${text.slice(-6)}`;
}

/** Metres from the antenna to bow, stern, port and starboard; zero on both sides: not told. */
export function toDimensions(bits: Bits, from: number): { readonly [column: string]: RawValue } {
  const [bow, stern] = [bits.unsigned(from, 9), bits.unsigned(from + 9, 9)];
  const [port, starboard] = [bits.unsigned(from + 18, 6), bits.unsigned(from + 24, 6)];
  return {
    bow,
    stern,
    port,
    starboard,
    length: toNumber(bow + stern, 0),
    width: toNumber(port + starboard, 0),
  };
}

/**
 * ISO 8601, UTC. A message says only the second: it is the latest such second before it came. Where it says none (60: not
 * available, 61–63: how the position was found instead), the second in which it came.
 */
export function toInstant(second: number, now: number): string {
  const came = Math.floor(now / 1000);
  const back = second < 60 ? (((came - second) % 60) + 60) % 60 : 0;
  return toIso((came - back) * 1000);
}

/** Null where a part is not available or none of a date. */
export function toDate(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
) {
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const isSound =
    month >= 1 &&
    day >= 1 &&
    day <= 31 &&
    hour < 24 &&
    minute < 60 &&
    second < 60 &&
    year >= 1970 &&
    year <= 9999;
  return isSound && new Date(time).getUTCDate() === day ? toIso(time) : null;
}

function toIso(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
