import { describe, expect, test } from '@jest/globals';
import { parseTimeFormat } from '../shape/time-format.ts';
import { toAmbiguousText } from './time-formats.ts';

describe('formats that read one text differently', () => {
  test.each([
    ['dd/MM/yyyy', 'MM/dd/yyyy'],
    ['yyMMdd', 'ddMMyy'],
    ['epochMillis', 'epochSeconds'],
    ['yyyyMMddHHmm', 'epochMillis'],
    ['yy-M-d', 'd-M-yy'],
  ])('%s and %s are told of, with a text', (first, second) => {
    expect(toAmbiguousText(first, second)).toEqual(expect.any(String));
    expect(toAmbiguousText(second, first)).toEqual(expect.any(String));
  });
});

describe('formats that may stand side by side', () => {
  test.each([
    ['MMdd', 'Mdd'],
    ['yyyy-MM-dd', 'yyyy.M.d'],
    ['yyyy', 'excel'],
    ['yyyyMMddHHmmss', 'yyyyMMddHHmm'],
    ['yyyyMMddHHmmss', 'yyyyMMddHHmmssSSS'],
    ['iso', 'yyyyMMddHHmmss'],
    ['yyyy-MM-dd HH:mm', 'yyyy/M/d H:mm'],
    ['yyyy年M月', 'yyyy年M月d日'],
  ])('%s and %s', (first, second) => {
    expect(toAmbiguousText(first, second)).toBeNull();
  });
});

describe('a format', () => {
  test('is made of tokens, longest first, and literals', () => {
    expect(parseTimeFormat('yyyy年M月dTHH')).toEqual([
      { token: 'yyyy', unit: 'y' },
      { literal: '年' },
      { token: 'M', unit: 'M' },
      { literal: '月' },
      { token: 'd', unit: 'd' },
      { literal: 'T' },
      { token: 'HH', unit: 'H' },
    ]);
  });

  test.each(['YYYY-MM-DD', 'hh:mm', 'yyyy-MM-MM', 'MMM', '', '年'])('is not %s', (format) => {
    expect(parseTimeFormat(format)).toBeNull();
  });
});
