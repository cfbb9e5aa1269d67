// The COPY encoder alone: what it writes is what PostgreSQL's rules of the text format read back.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromCopyField, NULL_FIELD, toCopyField, toPrintableText, UnstorableValue } from './copy-text.ts';

/** PostgreSQL's reading of the text format, from its documentation. */
function readFields(line: string): (string | null)[] {
  const fields = line.slice(0, -1).split('\t');
  return fields.map((field) =>
    field === '\\N'
      ? null
      : field.replace(/\\(.)/gs, (_whole, mark: string) => ({ n: '\n', r: '\r', t: '\t' })[mark] ?? mark),
  );
}

const soundText = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));

const toLine = (fields: readonly string[]): string => `${fields.join('\t')}\n`;

describe('text', () => {
  test('any text comes back as it was, in one line', () => {
    fc.assert(
      fc.property(fc.array(fc.option(soundText), { minLength: 1 }), (texts) => {
        const line = toLine(texts.map((text) => toCopyField('text', text)));
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(readFields(line)).toEqual(texts);
        expect(line.slice(0, -1).split('\t').map(fromCopyField)).toEqual(texts);
      }),
    );
  });

  test.each(['\\N', '\\.', '\\', '\n', '\t\r\n', 'a\\nb', ''])('%j is a text and not a mark', (text) => {
    expect(readFields(toLine([toCopyField('text', text)]))).toEqual([text]);
  });

  test.each(['a\0b', '\ud800', 'x\udfff'])('%j is refused as damaged', (text) => {
    expect(() => toCopyField('text', text)).toThrow(UnstorableValue);
    expect(() => toCopyField('jsonb', { text })).toThrow('NUL or half a surrogate pair');
    expect(() => toCopyField('text[]', [text])).toThrow(UnstorableValue);
  });

  test('a literal backslash before u0000 is no NUL', () => {
    expect(() => toCopyField('jsonb', { text: '\\u0000' })).not.toThrow();
    expect(() => toCopyField('jsonb', { text: '\\\0' })).toThrow(UnstorableValue);
  });

  test('null and a missing value are the null mark of every type', () => {
    for (const type of ['text', 'float8', 'int4', 'jsonb', 'text[]', 'timestamptz'] as const) {
      expect(toCopyField(type, null)).toBe(NULL_FIELD);
      expect(toCopyField(type, undefined)).toBe(NULL_FIELD);
    }
  });
});

test('JSON comes back equal', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      fc.pre(value !== null && !/\\u(?:0000|d[89a-f])/.test(text));
      const [field] = readFields(toLine([toCopyField('jsonb', value)]));
      expect(field).toBe(text);
    }),
  );
});

test.each<[Parameters<typeof toCopyField>[0], unknown, string]>([
  ['float8', 0.1, '0.1'],
  ['float8', -0, '-0'],
  ['float8', 1e300, '1e+300'],
  ['int4', 2_147_483_647, '2147483647'],
  ['int4', '-2147483648', '-2147483648'],
  ['int8', '9223372036854775807', '9223372036854775807'],
  ['numeric', '-0.50', '-0.50'],
  ['bool', true, 't'],
  ['bool', false, 'f'],
  ['timestamptz', '2026-04-05T00:30:00.123Z', '2026-04-05T00:30:00.123Z'],
  ['date', '2024-02-29', '2024-02-29'],
  ['interval', 'PT1H30M', 'PT1H30M'],
  ['bytea', 'ff00', '\\\\xff00'],
  ['text[]', ['a"b', null, 'c\\d'], '{"a\\\\"b",NULL,"c\\\\\\\\d"}'],
])('%s takes %j as %s', (type, value, text) => {
  expect(toCopyField(type, value)).toBe(text);
});

test.each<[Parameters<typeof toCopyField>[0], unknown, string]>([
  ['float8', Number.NaN, 'HUB_MAP_NUMBER'],
  ['float8', Number.POSITIVE_INFINITY, 'HUB_MAP_NUMBER'],
  ['int4', 2_147_483_648, 'HUB_MAP_RANGE'],
  ['int4', 1.5, 'HUB_MAP_NUMBER'],
  ['int8', '9223372036854775808', 'HUB_MAP_RANGE'],
  ['numeric', '1e5', 'HUB_MAP_NUMBER'],
  ['bool', 'true', 'HUB_MAP_CODE'],
  ['timestamptz', '2026-02-30T00:00:00Z', 'HUB_MAP_TIME'],
  ['timestamptz', '2026-04-05 00:30:00', 'HUB_MAP_TIME'],
  ['timestamptz', '2026-04-05T24:00:00Z', 'HUB_MAP_TIME'],
  ['date', '2023-02-29', 'HUB_MAP_TIME'],
  ['interval', '5 minutes', 'HUB_MAP_NUMBER'],
  ['bytea', 'f', 'HUB_MAP_TEXT'],
  ['text[]', 'a', 'HUB_MAP_TEXT'],
])('%s refuses %j with %s', (type, value, code) => {
  expect(() => toCopyField(type, value)).toThrow(expect.objectContaining({ code }));
});

test('a calendar day is one exactly when the calendar has it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9999 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
      (...parts) => {
        const [year, month, day] = parts;
        const text = [
          String(year).padStart(4, '0'),
          String(month).padStart(2, '0'),
          String(day).padStart(2, '0'),
        ].join('-');
        const time = Date.parse(`${text}T00:00:00Z`);
        const there = !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
        const store = () => toCopyField('date', text);
        if (there) expect(store()).toBe(text);
        else expect(store).toThrow(UnstorableValue);
      },
    ),
  );
});

test('a message about damaged text can be stored', () => {
  expect(toPrintableText('a\0b\ud800')).toBe('a␀b\uFFFD');
});
