import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HOUR, STEP, toRainTips, toShowers } from '../storm/storm.ts';
import { LONGEST_SUM, toGauge } from './rain.ts';
import { START, stationNamed } from './weather.fixture.ts';

const station = stationNamed('道县');
const SPAN = 5 * 24 * HOUR;
const showers = toShowers(1, station, START - SPAN - LONGEST_SUM, START);
const gauge = toGauge(1, station, showers, START - SPAN, START);
const ends = fc.integer({ min: 0, max: SPAN / STEP }).map((steps) => START - steps * STEP);
const spans = fc.constantFrom(STEP, HOUR, 3 * HOUR, 12 * HOUR, LONGEST_SUM);

describe('a rain gauge', () => {
  test('adds up exactly the tips of its bucket, whatever the period', () => {
    fc.assert(
      fc.property(ends, spans, (end, span) => {
        let tips = 0;
        for (let at = end - span + STEP; at <= end; at += STEP)
          tips += toRainTips(1, station, toShowers(1, station, at, at), at);
        expect(gauge.tips(end, span)).toBe(tips);
      }),
    );
  });

  test('tells the same whatever span it was made for', () => {
    const short = toGauge(1, station, toShowers(1, station, START - LONGEST_SUM, START), START, START);
    for (const span of [STEP, HOUR, LONGEST_SUM]) {
      expect(short.tips(START, span)).toBe(gauge.tips(START, span));
      expect(short.isTrace(START, span)).toBe(gauge.isTrace(START, span));
    }
  });

  test('knows a trace only where nothing was counted, and meets some', () => {
    let traces = 0;
    for (let end = START - SPAN; end <= START; end += HOUR) {
      if (!gauge.isTrace(end, HOUR)) continue;
      traces += 1;
      expect(gauge.tips(end, HOUR)).toBe(0);
    }
    expect(traces).toBeGreaterThan(0);
  });
});
