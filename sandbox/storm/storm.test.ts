import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseStations } from '../hydrology/station.ts';
import { HOUR, STEP, toKilometres, toRainTips, toShower, toShowers, toStorm, toStorms } from './storm.ts';

const stations = parseStations();
const named = (name: string) => {
  const found = stations.find((station) => station.name === name);
  if (found === undefined) throw new Error(`no station ${name}`);
  return found;
};
const seeds = fc.integer({ min: 0, max: 2 ** 31 });
const cycles = fc.integer({ min: 15_000, max: 17_000 });

describe('a rainstorm', () => {
  test('lies over 道县', () => {
    fc.assert(
      fc.property(seeds, cycles, (seed, cycle) => {
        expect(toKilometres(toStorm(seed, cycle), named('道县'))).toBeLessThan(25);
      }),
    );
  });

  test('reaches a gauge later and weaker, the farther it is', () => {
    const storm = toStorm(1, 16_000);
    const byDistance = stations
      .map((station) => ({ km: toKilometres(storm, station), shower: toShower(storm, station) }))
      .sort((a, b) => a.km - b.km);
    byDistance.slice(1).forEach(({ shower }, index) => {
      const nearer = byDistance[index]?.shower;
      expect(shower.begins).toBeGreaterThanOrEqual(nearer?.begins ?? 0);
      expect(shower.depth).toBeLessThanOrEqual(nearer?.depth ?? 0);
    });
  });

  test('leaves at the gauge about its depth, and nothing before or after', () => {
    const station = named('道县');
    const shower = toShower(toStorm(1, 16_000), station);
    const rain = (from: number, hours: number) => {
      let tips = 0;
      for (let at = Math.ceil(from / STEP) * STEP; at <= from + hours * HOUR; at += STEP)
        tips += toRainTips(1, station, toShowers(1, station, at, at), at);
      return tips / 10;
    };
    const fallen = rain(shower.begins, shower.hours + 0.1);
    expect(fallen).toBeGreaterThan(shower.depth * 0.8);
    expect(fallen).toBeLessThan(shower.depth * 1.2);
    expect(rain(shower.begins + (shower.hours + 0.2) * HOUR, 4)).toBe(0);
    expect(rain(shower.begins - 4 * HOUR, 3.9)).toBe(0);
  });

  test('is found for every time at which it still matters', () => {
    fc.assert(
      fc.property(seeds, cycles, fc.integer({ min: 0, max: 400 }), (seed, cycle, back) => {
        const storm = toStorm(seed, cycle);
        const ended = storm.begins + storm.hours * HOUR;
        expect(toStorms(seed, ended + back * HOUR, back)).toContainEqual(storm);
      }),
    );
  });
});
