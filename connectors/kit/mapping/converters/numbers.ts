// `number`, `integer`, `decimal`: measurements, counts, and what must keep its digits.
import type { ReadingOptions } from '../../manifest/model.ts';
import { multiply, parseDecimal, toDecimalText, toPlaces } from '../decimal.ts';
import { compileSingle } from '../read-value.ts';
import { bad, type Remark } from '../remark.ts';
import type { CompileConverter } from './converter.ts';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/;
const INT_LIMIT = 2n ** 31n;
const LONG_LIMIT = 2n ** 63n;

export const compileNumber: CompileConverter = (reading) => {
  const { scale } = reading.options;
  const toNumber = scale === undefined ? Number : compileScale(scale);
  const checkRange = compileRange(reading.options);
  return compileSingle(reading, (text) => {
    if (!NUMBER.test(text)) return bad('HUB_MAP_NUMBER', 'must be a number');
    const value = toNumber(text);
    if (!Number.isFinite(value)) return bad('HUB_MAP_NUMBER', 'must be a number that a double can hold');
    // -0 and 0 are one value: they must not make two contents.
    return checkRange(value) ?? (value === 0 ? 0 : value);
  });
};

export const compileInteger: CompileConverter = (reading, field) => {
  const isLong = field.graphql.name === 'Long';
  const limit = isLong ? LONG_LIMIT : INT_LIMIT;
  const checkRange = compileRange(reading.options);
  return compileSingle(reading, (text) => {
    const decimal = parseDecimal(text);
    if (decimal === null) return bad('HUB_MAP_NUMBER', 'must be a whole number');
    const whole = toPlaces(decimal, 0).units;
    if (whole * 10n ** BigInt(decimal.places) !== decimal.units)
      return bad('HUB_MAP_NUMBER', 'must be a whole number, without a fraction');
    if (whole >= limit || whole < -limit)
      return bad('HUB_MAP_RANGE', `must fit into ${isLong ? 64 : 32} bits`);
    return checkRange(Number(whole)) ?? (isLong ? whole.toString() : Number(whole));
  });
};

export const compileDecimal: CompileConverter = (reading) => {
  const { places } = reading.options;
  const checkRange = compileRange(reading.options);
  return compileSingle(reading, (text) => {
    const decimal = parseDecimal(text);
    if (decimal === null) return bad('HUB_MAP_NUMBER', 'must be a decimal number');
    const exact = toDecimalText(places === undefined ? decimal : toPlaces(decimal, places));
    return checkRange(Number(exact)) ?? exact;
  });
};

/** Multiplies as decimals: 111600000 by "0.000001" is 111.6, which doubles miss. */
export function compileScale(scale: string): (text: string) => number {
  const factor = parseDecimal(scale) ?? { units: 1n, places: 0 };
  return (text) => {
    const value = parseDecimal(text);
    return value === null ? Number.NaN : Number(toDecimalText(multiply(value, factor)));
  };
}

/** A check of `[least, most]`, both included, in the field's unit. */
function compileRange({ range }: ReadingOptions): (value: number) => Remark | null {
  const [least, most] = range ?? [];
  if (typeof least !== 'number' || typeof most !== 'number') return () => null;
  const outside = bad('HUB_MAP_RANGE', `must be from ${least} to ${most}`);
  return (value) => (value >= least && value <= most ? null : outside);
}
