import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { multiply, parseDecimal, toCanonicalText, toDecimalText, toPlaces } from './decimal.ts';

const rounded = (text: string, places: number): string | null => {
  const value = parseDecimal(text);
  return value === null ? null : toDecimalText(toPlaces(value, places));
};

describe('exact decimals', () => {
  test.each([
    ['26.12345', 4, '26.1235'],
    ['26.12344', 4, '26.1234'],
    ['-2.5', 0, '-3'],
    ['2.5', 0, '3'],
    ['1.5', 4, '1.5000'],
    ['-0.00001', 4, '0.0000'],
    ['0.999', 2, '1.00'],
    ['.5', 1, '0.5'],
    ['1e3', 0, '1000'],
    ['1.5e-3', 4, '0.0015'],
  ])('%s with %i places is %s', (text, places, result) => {
    expect(rounded(text, places)).toBe(result);
  });

  test.each(['', '.', '-', '1,5', '1.2.3', 'NaN', 'Infinity', '0x1F', '1e9999', '９'])(
    '%p is no decimal',
    (text) => {
      expect(parseDecimal(text)).toBeNull();
    },
  );

  test.each([
    ['01.50', '1.5'],
    ['1.500', '1.5'],
    ['100', '100'],
    ['-0.0', '0'],
    ['+7', '7'],
    ['0.10', '0.1'],
  ])('%s is written %s in a key', (text, canonical) => {
    expect(toCanonicalText(text)).toBe(canonical);
  });

  test('products are exact where doubles are not', () => {
    const [left, right] = [parseDecimal('111600001'), parseDecimal('0.000001')];
    if (left === null || right === null) throw new Error('must be decimals');
    expect(toDecimalText(multiply(left, right))).toBe('111.600001');
  });

  test('all digits survive, however many', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^-?[1-9]\d{0,37}(\.\d{1,20})?$/), (text) => {
        const value = parseDecimal(text);
        expect(value === null ? null : toDecimalText(value)).toBe(text);
      }),
    );
  });
});
