import { describe, expect, test } from '@jest/globals';
import { MARK, toMark } from '../compile/marks.ts';
import { readMarked } from './read-answer.ts';

const NOTHING = () => 'null';

describe('a marked text', () => {
  test('gives rows by unit and the hops that were reached, and loses its marks', () => {
    const row = (unit: number, text: string) => `${toMark('r', unit)}{"name":"${text}"}`;
    const marked = `{"a":[${row(0, '道县')},${row(0, 'b')},${toMark('h', 40)}${row(35, 'c')}]}`;
    expect(readMarked(marked, NOTHING)).toEqual({
      text: '{"a":[{"name":"道县"},{"name":"b"},{"name":"c"}]}',
      rows: new Map([
        [0, 2],
        [35, 1],
      ]),
      hops: new Set([40]),
    });
  });

  test('gets written in what belongs at its fragments, each made once', () => {
    const made: string[] = [];
    const at = (code: string) => `${toMark('d', 7)}${code}${MARK}`;
    const answer = readMarked(`[${at('431124')},${at('')},${at('431124')}]`, (fragment, code) => {
      made.push(`${fragment} ${code}`);
      return `"${code}"`;
    });
    expect(answer?.text).toBe('["431124","","431124"]');
    expect(made).toEqual(['7 431124', '7 ']);
  });

  test('is no answer where a place cannot be told, or more would be written in than may', () => {
    expect(readMarked(`[1,${toMark('x', 0)}]`, NOTHING)).toBeNull();
    const twice = `[${toMark('d', 0)}1${MARK},${toMark('d', 0)}1${MARK}]`;
    expect(readMarked(twice, NOTHING, 8)).not.toBeNull();
    expect(readMarked(twice, NOTHING, 7)).toBeNull();
  });

  test('without marks is as it was', () => {
    const text = '{"a":"\\u0001 is how JSON writes a control character"}';
    expect(readMarked(text, NOTHING)).toEqual({ text, rows: new Map(), hops: new Set() });
  });
});

test('marks are as many as three digits can name', () => {
  expect(toMark('h', 36 ** 3 - 1)).toBe(`${MARK}hzzz`);
  expect(() => toMark('h', 36 ** 3)).toThrow('must be fewer than 46656');
});
