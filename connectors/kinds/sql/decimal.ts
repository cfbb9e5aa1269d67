// Decimal numbers as text: one spelling for one number, with all its digits.

const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i;

/** Canonical plain text of a decimal number (`+007.50` → `7.5`, `1e3` → `1000`, `-0` → `0`); null when it is none. */
export function toDecimalText(raw: string | number): string | null {
  const parts = FORM.exec(String(raw).trim());
  if (parts === null) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  if (whole === '' && fraction === '') return null;
  const point = whole.length + Number(exponent);
  const digits = (whole + fraction).padEnd(Math.max(point, 0), '0');
  const padded = point < 0 ? '0'.repeat(-point) + digits : digits;
  const at = Math.max(point, 0);
  const front = padded.slice(0, at).replace(/^0+/, '') || '0';
  const back = padded.slice(at).replace(/0+$/, '');
  const text = back === '' ? front : `${front}.${back}`;
  return sign === '-' && text !== '0' ? `-${text}` : text;
}
