// What texts of the shared scalars look like: asked by the scalars of the graph and by the converters of the mapping, so
// that nothing lands in the store that could not leave through the graph. Pure.

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const MONTH_DAY = /^(\d{2})-(\d{2})$/;
const INTEGER = /^-?\d{1,19}$/;
const DECIMAL = /^-?(?:\d+(?:\.\d+)?|\.\d+)$/;
const MOBILE = /^1[3-9]\d{9}$/;
const LANDLINE = /^0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}$/;
const SERVICE = /^(?:400|800)\d{7}$/;
const ID_NUMBER = /^\d{17}[\dX]$/;

const LONG_MAX = 2n ** 63n - 1n;
const LEAP_YEAR = 2000;

/** Days of a month, 1-based; 0 for a month that does not exist. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  if (month < 1 || month > 12) return 0;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

export function isDate(text: string): boolean {
  const parts = DATE.exec(text);
  if (parts === null) return false;
  const day = Number(parts[3]);
  return day >= 1 && day <= daysInMonth(Number(parts[1]), Number(parts[2]));
}

/** ISO 8601 with Z or an offset; a bare wall clock is none, since nobody knows its zone. */
export function isDateTime(text: string): boolean {
  const parts = DATE_TIME.exec(text);
  return parts !== null && isDate(parts[1] ?? '');
}

export function isMonthDay(text: string): boolean {
  const parts = MONTH_DAY.exec(text);
  if (parts === null) return false;
  const day = Number(parts[2]);
  return day >= 1 && day <= daysInMonth(LEAP_YEAR, Number(parts[1]));
}

export function isLong(text: string): boolean {
  if (!INTEGER.test(text)) return false;
  const value = BigInt(text);
  return value <= LONG_MAX && value >= -LONG_MAX - 1n;
}

export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/** Mainland mobile (11 digits), landline with area code, or a 400/800 number. */
export function isPhoneNumber(text: string): boolean {
  return MOBILE.test(text) || LANDLINE.test(text) || SERVICE.test(text);
}

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const ID_CHECKS = '10X98765432';

/** GB 11643: 17 digits and a check character (ISO 7064 MOD 11-2), with a birth date that exists. */
export function isIdNumber(text: string): boolean {
  if (!ID_NUMBER.test(text)) return false;
  const birth = `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`;
  const sum = ID_WEIGHTS.reduce((total, weight, index) => total + weight * Number(text[index]), 0);
  return isDate(birth) && ID_CHECKS[sum % 11] === text[17];
}
