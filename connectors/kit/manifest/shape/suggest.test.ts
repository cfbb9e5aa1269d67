import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { suggest, toHint } from './suggest.ts';

describe('did you mean', () => {
  test.each([
    ['freshnes', ['freshness', 'fields'], 'freshness'],
    ['kye', ['key', 'keep'], 'key'],
    ['Role', ['role', 'read'], 'role'],
    ['swpa', ['swap', 'span'], 'swap'],
  ])('%s', (word, known, wanted) => {
    expect(suggest(word, known)).toBe(wanted);
  });

  test('nothing is suggested for a word that is like none', () => {
    expect(suggest('password', ['key', 'role', 'from'])).toBeNull();
    expect(toHint('password', ['key'])).toBe('');
  });

  test('a known word suggests itself', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{3,12}$/), (word) => {
        expect(suggest(word, ['quite another', word])).toBe(word);
      }),
    );
  });
});
