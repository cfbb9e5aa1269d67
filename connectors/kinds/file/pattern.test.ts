import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toFileMatcher } from './pattern.ts';

test.each([
  ['*.csv', 'a.csv', {}],
  ['*.csv', '.csv', {}],
  ['*.csv', 'a.csv.bak', null],
  ['towers.csv', 'towers.csv', {}],
  ['towers.csv', 'Towers.csv', null],
  ['热点_*.csv', '热点_20260405.csv', {}],
  ['热点_*.csv', '护林员.csv', null],
  ['网格员-{county}-*.csv', '网格员-道县-2026-04.csv', { '@county': '道县' }],
  ['网格员-{county}-*.csv', '网格员--2026.csv', null],
  ['{county}.csv', '.csv', null],
  ['{year}{month}', 'ab', { '@year': 'a', '@month': 'b' }],
  ['{a}-{b}.csv', 'x-y-z.csv', { '@a': 'x', '@b': 'y-z' }],
  ['*a*b', 'xaxbxb', {}],
  ['a*a', 'a', null],
  ['(.+)[x].csv', '(.+)[x].csv', {}],
])('%s and %s: %j', (pattern, name, captures) => {
  expect(toFileMatcher(pattern)(name)).toEqual(captures);
});

test('a name in decomposed letters is the same name', () => {
  expect(toFileMatcher('é*.csv')('é1.csv'.normalize('NFD'))).toEqual({});
});

test('whatever stands for the stars and captures, the name matches', () => {
  const part = fc.string({ unit: fc.constantFrom('a', 'b', '-', '县'), maxLength: 5 });
  fc.assert(
    fc.property(fc.array(part, { minLength: 2, maxLength: 5 }), part, (literals, gap) => {
      expect(toFileMatcher(literals.join('*'))(literals.join(gap))).not.toBeNull();
      expect(toFileMatcher(literals.join('{x}'))(literals.join(`${gap}z`))).not.toBeNull();
    }),
  );
});

test('no name takes long, whatever the pattern', () => {
  const match = toFileMatcher(`${'*a'.repeat(100)}b`);
  expect(match('a'.repeat(100_000))).toBeNull();
});
