import { describe, expect, test } from '@jest/globals';
import { type OneField, readBrief } from '../mapping.fixture.ts';

const duration = (unit: string, range?: readonly [string, string]): OneField => ({
  converter: 'duration',
  options: range === undefined ? { unit } : { unit, range },
});

describe('duration', () => {
  test('the fork of SL 323 counts minutes where the standard counts hours: 60 is one hour, not sixty', () => {
    expect(readBrief(duration('min'), { x: '60' })).toBe('PT1H');
    expect(readBrief(duration('h'), { x: '60' })).toBe('PT60H');
    expect(readBrief(duration('min'), { x: 5 })).toBe('PT5M');
  });

  test('a range catches a 60× error: an hour of minutes read as hours is no period of rain', () => {
    expect(readBrief(duration('h', ['PT1M', 'PT24H']), { x: '60' })).toBe('HUB_MAP_RANGE');
    expect(readBrief(duration('min', ['PT1M', 'PT24H']), { x: '60' })).toBe('PT1H');
    expect(readBrief(duration('min', ['PT1M', 'PT24H']), { x: '1441' })).toBe('HUB_MAP_RANGE');
  });

  test.each([
    ['h', '1.5', 'PT1H30M'],
    ['h', '0.1', 'PT6M'],
    ['d', '1', 'PT24H'],
    ['s', '0.5', 'PT0.5S'],
    ['s', '90', 'PT1M30S'],
    ['min', '0', 'PT0S'],
    ['min', '-5', 'HUB_MAP_NUMBER'],
    ['min', 'five', 'HUB_MAP_NUMBER'],
    ['d', '99999999999', 'HUB_MAP_NUMBER'],
  ])('in %s, %s is %s', (unit, x, expected) => {
    expect(readBrief(duration(unit), { x })).toBe(expected);
  });

  test.each([
    ['1.30', 'PT1H30M'],
    ['1.3', 'PT1H30M'],
    [1.3, 'PT1H30M'],
    ['1.03', 'PT1H3M'],
    ['1.300', 'PT1H30M'],
    ['0.59', 'PT59M'],
    ['2', 'PT2H'],
    ['1.75', 'HUB_MAP_NUMBER'],
    ['1.60', 'HUB_MAP_NUMBER'],
    ['1.305', 'HUB_MAP_NUMBER'],
    ['-1.30', 'HUB_MAP_NUMBER'],
  ])('PDR %p as HH.NN is %s', (x, expected) => {
    expect(readBrief(duration('HH.NN'), { x })).toBe(expected);
  });

  test('an unknown unit is refused when the mapping is made', () => {
    expect(() => readBrief(duration('hours'), { x: '1' })).toThrow('unit must be s, min, h, d or HH.NN');
  });
});
