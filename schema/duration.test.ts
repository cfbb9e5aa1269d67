import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseDuration, toDurationText } from './duration.ts';

describe('durations', () => {
  test.each([
    ['PT5M', 300_000],
    ['P3D', 259_200_000],
    ['P1Y', 31_536_000_000],
    ['PT1.5S', 1500],
    ['P1DT2H', 93_600_000],
  ])('%s is %d milliseconds', (text, millis) => expect(parseDuration(text)).toBe(millis));

  test.each(['', 'P', 'PT', '5M', 'P1M', 'P-1D', 'PT5'])('%j is refused', (text) =>
    expect(parseDuration(text)).toBeNull(),
  );

  test('the canonical text reads back as the same length', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000_000), (millis) => parseDuration(toDurationText(millis)) === millis),
    );
  });
});
