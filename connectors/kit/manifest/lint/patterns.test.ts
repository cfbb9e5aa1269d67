import { describe, expect, test } from '@jest/globals';
import { toPattern } from './patterns.ts';

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

describe('patterns of topics', () => {
  test('capture whole levels, and end in #', () => {
    expect(toPattern('fire/{site}/up/#', 'topic')).toEqual({ captures: ['site'] });
    expect(toPattern('fire/+/up', 'topic')).toEqual({ captures: [] });
  });

  test.each(['fire/#/up', 'fire/x#', 'fire/a{site}/up', 'fire/*/up', 'fire/a+/up'])('%s is none', (text) => {
    expect(toPattern(text, 'topic')).toEqual({ fault: expect.any(String) });
  });
});
