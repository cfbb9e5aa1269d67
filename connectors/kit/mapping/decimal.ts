// Exact decimal numbers for what a double would spoil: scales, fixed places, keys, money. Text in, text out. Pure.

/** The number `units × 10^-places`. */
export type Decimal = { readonly units: bigint; readonly places: number };

const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;
/** Longer texts are no measurement; a bound keeps hostile input from costing time. */
const MOST_DIGITS = 400;

/** All digits of a decimal text (an exponent is resolved), or null when it is none. */
export function parseDecimal(text: string): Decimal | null {
  const parts = text.length > MOST_DIGITS ? null : FORM.exec(text);
  if (parts === null) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  if (whole === '' && fraction === '') return null;
  const units = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
  const places = fraction.length - Number(exponent);
  return places >= 0 ? { units, places } : { units: units * 10n ** BigInt(-places), places: 0 };
}

/** Plain notation, with exactly `places` digits behind the point; never `-0`. */
export function toDecimalText({ units, places }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0');
  const sign = units < 0n ? '-' : '';
  const point = digits.length - places;
  return places === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

export function multiply(left: Decimal, right: Decimal): Decimal {
  return { units: left.units * right.units, places: left.places + right.places };
}

/** Exactly so many places: rounds half away from zero, pads with zeros. */
export function toPlaces({ units, places }: Decimal, wanted: number): Decimal {
  if (wanted >= places) return { units: units * 10n ** BigInt(wanted - places), places: wanted };
  const step = 10n ** BigInt(places - wanted);
  const size = units < 0n ? -units : units;
  const rounded = (size + step / 2n) / step;
  return { units: units < 0n ? -rounded : rounded, places: wanted };
}

/** One text for one number: no zeros that say nothing (`01.50` → `1.5`); null when it is none. */
export function toCanonicalText(text: string): string | null {
  const value = parseDecimal(text);
  if (value === null) return null;
  const plain = toDecimalText(value);
  return plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain;
}
