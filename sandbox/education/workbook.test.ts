// What the bureau's writer writes is a workbook: the hub's reader, which shares nothing with it, finds the same cells.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readBook } from '../../connectors/codecs/xlsx/workbook.fixture.ts';
import { type CellValue, toPlace, toWorkbook } from './workbook.ts';

const cell: fc.Arbitrary<CellValue> = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
  fc.string({
    unit: fc.constantFrom('<', '&', '>', '"', "'", ' ', '道', '𠮷', '，'),
    minLength: 1,
    maxLength: 8,
  }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
  fc.constant(null),
);

test('any table comes back cell by cell, each row under its own number', async () => {
  const table = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(table, async (rows) => {
      const sheet = { name: '表', rows: [['a', 'b', 'c'], ...rows], merges: [] };
      const { records, unreadable } = await readBook(toWorkbook([sheet]));
      const isBlank = (value: CellValue) => value === null || String(value).trim() === '';
      const expected = rows.flatMap(([a = null, b = null, c = null], at) =>
        [a, b, c].every(isBlank) ? [] : [{ a, b, c, '@row': at + 2 }],
      );
      expect(unreadable).toEqual([]);
      expect(records).toEqual(expected.map((record) => ({ ...record, ...toLarge(record) })));
    }),
    { numRuns: 300 },
  );
});

/** Whole numbers beyond 2^53 are given as the digits that stand in the file. */
function toLarge(record: Readonly<Record<string, CellValue>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) =>
      typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
        ? [[name, String(value)]]
        : [],
    ),
  );
}

test('cells are called by letters and numbers', () => {
  expect([0, 25, 26, 51, 52].map((column) => toPlace(column, 7))).toEqual(['A7', 'Z7', 'AA7', 'AZ7', 'BA7']);
});
