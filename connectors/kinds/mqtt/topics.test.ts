// Patterns of topics against a plain reading of MQTT 4.7, over topics of every shape.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toFilter, toTopicMatcher } from './topics.ts';

const word = fc.constantFrom('fire', 'up', 'a1', 'A1', '道县', '');
const level = fc.oneof(word, fc.constantFrom('{site}', '{part}', '+'));
const pattern = fc
  .tuple(fc.array(level, { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([levels, isOpen]) => [...levels, ...(isOpen ? ['#'] : [])].join('/'));
const topic = fc.array(word, { minLength: 1, maxLength: 5 }).map((levels) => levels.join('/'));

/** 4.7.1, level by level. */
function matches(filter: readonly string[], levels: readonly string[]): boolean {
  const [first, ...rest] = filter;
  if (first === '#') return true;
  if (first === undefined) return levels.length === 0;
  const [own, ...others] = levels;
  return own !== undefined && (first === '+' || first === own) && matches(rest, others);
}

describe('a pattern', () => {
  test('takes what MQTT would bring for it, no more and no less', () => {
    fc.assert(
      fc.property(pattern, topic, (written, own) => {
        const isTaken = toTopicMatcher(written)(own) !== null;
        expect(isTaken).toBe(matches(toFilter(written).split('/'), own.split('/')));
      }),
      { numRuns: 2000 },
    );
  });

  test('takes out what stands in its places: put back, they give the topic', () => {
    fc.assert(
      fc.property(topic, fc.nat(4), (own, at) => {
        const levels = own.split('/');
        const written = levels.map((one, index) => (index === at ? '{site}' : one)).join('/');
        const captures = toTopicMatcher(written)(own);
        expect(written.replace('{site}', captures?.['@site'] ?? '')).toBe(own);
      }),
    );
  });
});
