// Values of SL 651 as decimal text, digit for digit as they were coded.
import type { RawValue } from '../../kit/contract.ts';
import { toHex } from '../frames/read-bytes.ts';

/**
 * Packed decimal digits with the point left out (SL 651-2014 6.6.3). FF in front says negative, FF throughout says no value.
 * What is no decimal comes as its digits with the standard's H behind them, which no converter takes for a number.
 */
export function toDecimal(bytes: Uint8Array, places: number): RawValue {
  if (bytes.every((byte) => byte === 0xff)) return null;
  const isNegative = bytes[0] === 0xff;
  const digits = toHex(isNegative ? bytes.subarray(1) : bytes);
  if (!/^\d+$/.test(digits)) return `${toHex(bytes)}H`;
  return (isNegative ? '-' : '') + toPointed(digits, places);
}

/** A whole number of an hour's series: all bits set say no value. */
export function toSeriesValue(value: number, bytes: number, places: number): RawValue {
  return value === 2 ** (8 * bytes) - 1 ? null : toPointed(String(value), places);
}

function toPointed(digits: string, places: number): string {
  const padded = digits.padStart(places + 1, '0');
  const whole = padded.slice(0, padded.length - places).replace(/^0+(?=\d)/, '');
  return places === 0 ? whole : `${whole}.${padded.slice(-places)}`;
}
