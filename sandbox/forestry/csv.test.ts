import { describe, expect, test } from '@jest/globals';
import { type Dress, toBytes, toGbk } from './csv.ts';

const PLAIN: Dress = { encoding: 'utf-8', newline: '\n', mark: false, closed: true };
const table = {
  header: '编号,经度',
  lines: [
    { text: '1,111°36′28″', of: null },
    { text: '2,喆', of: null },
  ],
};

describe('a table as bytes', () => {
  test('is GBK of two bytes a character where the bureau writes', () => {
    expect(toGbk('热点,1').toString('hex')).toBe('c8c8b5e32c31');
    expect(toGbk('°′″').toString('hex')).toBe('a1e3a1e4a1e5');
    const bytes = toBytes(table, { ...PLAIN, encoding: 'gbk', newline: '\r\n' });
    const text = new TextDecoder('gb18030', { fatal: true }).decode(bytes);
    expect(text).toBe('编号,经度\r\n1,111°36′28″\r\n2,喆\r\n');
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow();
  });

  test('never has a question mark for a character that GBK lacks', () => {
    expect(() => toGbk('𠮷')).toThrow('GBK must have every character, but got: U+20bb7');
  });

  test('has a mark in front, other line ends, or none after its last row', () => {
    const bytes = toBytes(table, { ...PLAIN, mark: true, closed: false });
    expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf');
    expect(bytes.toString('utf8')).toBe('\uFEFF编号,经度\n1,111°36′28″\n2,喆');
    expect(toBytes({ ...table, lines: [] }, PLAIN).toString('utf8')).toBe('编号,经度\n');
  });
});
