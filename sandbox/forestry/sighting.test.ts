import { describe, expect, test } from '@jest/globals';
import { DAY, isUnderRain } from './fire.ts';
import { toPasses } from './pass.ts';
import { toConfidence, toInfraredSightings, toSightingKey } from './sighting.ts';

const START = Date.parse('2026-04-01T00:00:00Z');
const both = (seed: number, from: number, to: number) =>
  (['VIIRS', 'MODIS'] as const).flatMap((sensor) => toInfraredSightings(seed, sensor, from, to));
const month = both(1, START, START + 30 * DAY);

describe('the passes', () => {
  test('are four a day for each satellite, 00:05, 00:41 and 05:42 UTC always among them', () => {
    const passes = [...toPasses(1, 'VIIRS', START, START + DAY), ...toPasses(1, 'MODIS', START, START + DAY)];
    const of = (name: string) =>
      passes
        .filter(({ satellite }) => satellite.name === name)
        .map(({ at }) => new Date(at).toISOString().slice(11, 16));
    for (const name of ['Suomi NPP', 'NOAA-20', 'NOAA-21', 'Terra', 'Aqua']) expect(of(name)).toHaveLength(4);
    expect(of('Aqua')[0]).toBe('00:05');
    expect(of('Suomi NPP')[0]).toBe('00:41');
    expect(of('NOAA-20')).toContain('05:42');
  });
});

describe('the sightings', () => {
  test('are each there once, by satellite, minute and place to four decimals', () => {
    expect(new Set(month.map(toSightingKey)).size).toBe(month.length);
  });

  test('follow from the seed, in one span as in two', () => {
    const whole = both(1, START, START + 2 * DAY).map(toSightingKey);
    const parts = [...both(1, START, START + DAY), ...both(1, START + DAY, START + 2 * DAY)].map(
      toSightingKey,
    );
    expect(new Set(parts)).toEqual(new Set(whole));
    expect(both(2, START, START + 2 * DAY).map(toSightingKey)).not.toEqual(whole);
  });

  test('are of this city and of its neighbours', () => {
    const ours = month.filter(({ county }) => county !== null);
    expect(new Set(ours.map(({ county }) => county)).size).toBe(11);
    expect(month.length - ours.length).toBeGreaterThan(100);
  });

  test('are never made through rain', () => {
    for (const sighting of month) expect(isUnderRain(1, sighting, sighting.at)).toBe(false);
  });

  test('lie in the ranges that instruments have, with every confidence', () => {
    for (const { brightness, power, percent } of month) {
      expect(brightness).toBeGreaterThanOrEqual(300);
      expect(brightness).toBeLessThanOrEqual(367);
      expect(power).toBeGreaterThan(0);
      expect(percent).toBeGreaterThanOrEqual(0);
      expect(percent).toBeLessThanOrEqual(100);
    }
    expect(new Set(month.map(({ percent }) => toConfidence(percent)))).toEqual(
      new Set(['low', 'nominal', 'high']),
    );
  });

  test('have the confidence of FIRMS: low below 30 %, high from 80 %', () => {
    expect([29, 30, 79, 80].map(toConfidence)).toEqual(['low', 'nominal', 'nominal', 'high']);
  });
});
