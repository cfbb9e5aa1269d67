import { describe, expect, test } from '@jest/globals';
import { canBothMatch, toPattern } from './patterns.ts';

describe('patterns of file names', () => {
  test('give their captures in order', () => {
    expect(toPattern('学校台账-{county}-{term}.xlsx', 'file')).toEqual({ captures: ['county', 'term'] });
    expect(toPattern('*.csv', 'file')).toEqual({ captures: [] });
  });

  test.each(['{a', 'a}', '{}', '{a-b}', '{a}{b}', '{a}/{a}', '../x.csv', '/etc/x', '{file}.csv'])(
    '%s is none',
    (text) => {
      expect(toPattern(text, 'file')).toEqual({ fault: expect.any(String) });
    },
  );
});

describe('two patterns of one folder', () => {
  test.each([
    ['*.csv', '热点_*.csv'],
    ['热点_*.csv', '*_2026.csv'],
    ['{county}.csv', 'a{x}.csv'],
    ['a*b', '*ab*'],
    ['list.csv', 'list.csv'],
    ['*', ''],
  ])('%s and %s can match one name', (one, other) => {
    expect([canBothMatch(one, other), canBothMatch(other, one)]).toEqual([true, true]);
  });

  test.each([
    ['护林员*.csv', '瞭望塔*.csv'],
    ['热点_*.csv', '热点_*.xlsx'],
    ['{county}', ''],
    ['a{x}.csv', 'a.csv'],
    ['a*b', '*c'],
  ])('%s and %s cannot', (one, other) => {
    expect([canBothMatch(one, other), canBothMatch(other, one)]).toEqual([false, false]);
  });
});

describe('patterns of topics', () => {
  test('capture whole levels, and end in #', () => {
    expect(toPattern('fire/{site}/up/#', 'topic')).toEqual({ captures: ['site'] });
    expect(toPattern('fire/+/up', 'topic')).toEqual({ captures: [] });
  });

  test.each(['fire/#/up', 'fire/x#', 'fire/a{site}/up', 'fire/*/up', 'fire/a+/up'])('%s is none', (text) => {
    expect(toPattern(text, 'topic')).toEqual({ fault: expect.any(String) });
  });
});
