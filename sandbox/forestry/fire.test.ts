import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RIDGE } from '../map/place-table.ts';
import { HOUR, toShowers } from '../storm/storm.ts';
import { DAY, isUnderRain, toFires } from './fire.ts';

const START = Date.parse('2026-04-01T00:00:00Z');
const seeds = fc.integer({ min: 0, max: 2 ** 31 });

describe('the fires', () => {
  test('follow from the seed', () => {
    expect(toFires(1, START, START + DAY)).toEqual(toFires(1, START, START + DAY));
    expect(toFires(2, START, START + DAY)).not.toEqual(toFires(1, START, START + DAY));
  });

  test('are the same in one span as in two', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 47 }), (seed, hours) => {
        const [middle, end] = [START + hours * HOUR, START + 2 * DAY];
        const both = [...toFires(seed, START, middle), ...toFires(seed, middle, end)];
        expect(new Set(both.map(({ number }) => number))).toEqual(
          new Set(toFires(seed, START, end).map(({ number }) => number)),
        );
      }),
      { numRuns: 20 },
    );
  });

  test('begin in dry hours and are put out by rain', () => {
    const fires = toFires(1, START, START + 30 * DAY).filter(({ ground }) => ground.reachKm > 0);
    expect(fires.length).toBeGreaterThan(100);
    for (const fire of fires) {
      const wet = toShowers(1, { ...fire, number: 0 }, fire.begins, fire.ends).filter(
        ({ depth, begins, hours }) =>
          depth >= 3 && begins < fire.ends - HOUR / 2 && begins + hours * HOUR > fire.begins,
      );
      expect(wet).toEqual([]);
    }
  });

  test('are fewer than they would be without storms, yet some burn on most days', () => {
    const days = Array.from({ length: 30 }, (_, day) =>
      toFires(1, START + day * DAY, START + (day + 1) * DAY),
    );
    const own = days.map((fires) =>
      fires.filter(({ ground }) => ground.county !== null && ground.reachKm > 0),
    );
    expect(own.filter((fires) => fires.length > 0).length).toBeGreaterThan(20);
    expect(own.filter((fires) => fires.length === 0).length).toBeGreaterThan(0);
  });

  test('lie in reach of their ground; the kiln on the ridge burns every day at the same place', () => {
    for (const { ground, lon, lat } of toFires(3, START, START + 10 * DAY)) {
      const km = Math.hypot((lon - ground.lon) * 100.4, (lat - ground.lat) * 110.8);
      expect(km).toBeLessThanOrEqual(ground.reachKm + 1e-9);
    }
    for (let day = 0; day < 10; day += 1) {
      const kiln = toFires(3, START + day * DAY, START + day * DAY).filter(
        ({ ground }) => ground.reachKm === 0,
      );
      expect(kiln).toMatchObject([{ lon: RIDGE.lon, lat: RIDGE.lat, ground: { county: '431124' } }]);
    }
  });

  test('are hidden while it rains on them', () => {
    const place = { lon: 111.6, lat: 25.5 };
    const [shower] = toShowers(1, { ...place, number: 0 }, START, START + 3 * DAY).filter(
      ({ depth }) => depth > 10,
    );
    if (shower === undefined) throw new Error('no shower');
    expect(isUnderRain(1, place, shower.begins + HOUR)).toBe(true);
    expect(isUnderRain(1, place, shower.begins - 1)).toBe(false);
  });
});
