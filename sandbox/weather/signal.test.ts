import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HOUR } from '../storm/storm.ts';
import { type CountyRain, SIGNALS, toSignal } from './signal.ts';
import { START } from './weather.fixture.ts';

/** Rain of one hour each, mm, the last one ending at START. */
const toRain = (hours: readonly number[]): CountyRain => ({
  most: (end, span) =>
    hours.reduce((sum, millimetres, index) => {
      const to = START - (hours.length - 1 - index) * HOUR;
      const part = Math.min(end, to) - Math.max(end - span, to - HOUR);
      return sum + (millimetres * Math.max(0, part)) / HOUR;
    }, 0),
});
const colourOf = (hours: readonly number[]) => toSignal(toRain(hours), START)?.colour ?? null;

describe('the rainstorm signal', () => {
  test.each([
    [[50, 50], 'red'],
    [[50, 49.8], 'orange'],
    [[0, 0, 20, 20, 10], 'yellow'],
    [[0, 20, 20, 10, 0.1], 'yellow'],
    [[10, 25, 25], 'orange'],
    [[0, 25, 24.8], null],
    [[10, 10, 10, 10, 10], 'yellow'],
    [[8, 8, 8, 8, 8, 8], null],
    [[8, 8, 8, 8, 8, 8, 8], 'blue'],
    [[], null],
  ])('of the rain of the last hours (mm) %j is %p', (hours, colour) => {
    expect(colourOf(hours)).toBe(colour);
  });

  test('is over when less than 5 mm fell in two hours and no more is coming', () => {
    expect(colourOf([60, 3, 1.9])).toBeNull();
    expect(colourOf([60, 3, 2])).toBe('yellow');
  });

  test('is given before the rain has fallen, when it is near enough', () => {
    const soon = (hoursAhead: number, hours: readonly number[]) =>
      toSignal(toRain(hours), START - hoursAhead * HOUR)?.colour ?? null;
    expect([soon(3, [25, 25]), soon(3.5, [25, 25])]).toEqual(['blue', null]);
    expect([soon(1, [25, 25]), soon(0.5, [25, 25])]).toEqual(['yellow', 'orange']);
    expect([soon(1, [50, 50]), soon(0.5, [50, 50])]).toEqual(['orange', 'red']);
  });

  test('is always the worst one whose threshold is met', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 70 }), { maxLength: 12 }), (hours) => {
        const rain = toRain(hours);
        const signal = toSignal(rain, START);
        for (const { rank, depth, hours: span, aheadHours } of SIGNALS)
          if (signal !== null && rank > signal.rank)
            expect(rain.most(START + aheadHours * HOUR, span * HOUR)).toBeLessThan(depth);
      }),
    );
  });
});
