import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ColumnKind } from '../../kit/contract.ts';
import { parseJsonExactly, toRawValue } from './value.ts';

const convert = (kind: ColumnKind, value: unknown) =>
  toRawValue({ name: 'c', kind, native: kind, nullable: true }, value);

describe('what a driver hands out', () => {
  test.each([
    ['timestamp', '2026-04-05 08:00:00.0000000', '2026-04-05 08:00:00'],
    ['timestamp', '2026-04-05T08:00:00.1230', '2026-04-05 08:00:00.123'],
    ['timestamp', 'infinity', 'infinity'],
    ['timestamp', '0000-00-00 00:00:00', '0000-00-00 00:00:00'],
    ['timestamptz', '2026-04-05 00:00:00.5+00', '2026-04-05T00:00:00.5+00:00'],
    ['timestamptz', '2026-04-05 08:00:00.1234567 +08:00', '2026-04-05T08:00:00.1234567+08:00'],
    ['timestamptz', '2026-04-05 00:00:00', '2026-04-05T00:00:00+00:00'],
    ['timestamptz', '2026-04-05T00:00:00.000000000+0530', '2026-04-05T00:00:00+05:30'],
    ['boolean', 1, true],
    ['boolean', 0, false],
    ['boolean', true, true],
    ['integer', 12n, '12'],
    ['text', 'as it is  ', 'as it is  '],
    ['text', undefined, null],
  ] as const)('%s %j becomes %j', (kind, value, wanted) => {
    expect(convert(kind, value)).toBe(wanted);
  });

  test('a Date is refused: it has lost what stood in the table', () => {
    expect(() => convert('timestamp', new Date())).toThrow(/made a Date of c/);
  });
});

describe('JSON from a column', () => {
  test('keeps digits that a double would lose, as text', () => {
    expect(
      parseJsonExactly(
        '{"id":9007199254740993,"n":[1,0.1,-2.5e3,12345678901234.567],"s":"9007199254740993 \\"1\\""}',
      ),
    ).toEqual({
      id: '9007199254740993',
      n: [1, 0.1, -2500, '12345678901234.567'],
      s: '9007199254740993 "1"',
    });
  });

  test('that is none stays text', () => {
    expect(parseJsonExactly('{broken')).toBe('{broken');
  });

  test('of small numbers and any text is what JSON.parse gives', () => {
    const leaf = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.array(leaf)), (value) => {
        const text = JSON.stringify(value);
        expect(parseJsonExactly(text)).toEqual(JSON.parse(text));
      }),
    );
  });
});
