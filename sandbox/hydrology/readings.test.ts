import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HOUR, MINUTE, STEP, toStorm } from '../storm/storm.ts';
import { type RainReading, toRainReadings, toRiverReadings, toWorld } from './readings.ts';
import { parseStations } from './station.ts';

const all = parseStations();
const named = (...names: string[]) => all.filter(({ name }) => names.includes(name));
const world = toWorld(1, all);
const small = toWorld(1, named('道县', '邮亭圩', '上江圩', '旧埠', '试验站'));
/** Beside the storm of one cycle, on a five-minute mark. */
const DAY = Math.floor(toStorm(1, 16_500).begins / STEP) * STEP;

describe('rain readings', () => {
  test('are one a period, at its end', () => {
    const readings = toRainReadings(small, DAY, DAY + 24 * HOUR);
    const every = (name: string) => readings.filter(({ station }) => station.name === name);
    expect(every('道县')).toHaveLength(288);
    expect(every('邮亭圩')).toHaveLength(24);
    expect(every('邮亭圩').every(({ at, minutes }) => at % HOUR === 0 && minutes === 60)).toBe(true);
    expect(readings.every(({ at }) => at > DAY && at <= DAY + 24 * HOUR)).toBe(true);
  });

  test('count the same rain by the hour as by five minutes', () => {
    const [gauge] = named('邮亭圩');
    if (gauge === undefined) throw new Error('no gauge');
    const fine = toRainReadings(toWorld(1, [{ ...gauge, rainEvery: 5 }]), DAY, DAY + 24 * HOUR);
    for (const hour of toRainReadings(toWorld(1, [gauge]), DAY, DAY + 23 * HOUR)) {
      const parts = fine.filter(({ at }) => at > hour.at - HOUR && at <= hour.at);
      if (parts.length === 12) expect(hour.tips).toBe(sum(parts));
    }
    expect(sum(fine)).toBeGreaterThan(0);
  });

  test('have a counter that grows by each amount and begins anew at 08:00 in Beijing', () => {
    const readings = toRainReadings(toWorld(1, named('道县')), DAY, DAY + 48 * HOUR);
    readings.slice(1).forEach((reading, index) => {
      // 00:00 UTC is 08:00 in Beijing; the first period of the day ends five minutes later.
      const fresh = (reading.at - STEP) % (24 * HOUR) === 0;
      const before = fresh ? 0 : (readings[index]?.dayTips ?? 0);
      expect(reading.dayTips).toBe(before + reading.tips);
    });
  });

  test('come from stations in use only', () => {
    const names = new Set(toRainReadings(small, DAY, DAY + HOUR).map(({ station }) => station.name));
    expect(names).toEqual(new Set(['道县', '邮亭圩', '上江圩']));
  });
});

describe('river readings', () => {
  test('give the flow where it is measured, else the stage alone', () => {
    const readings = toRiverReadings(small, DAY, DAY + 2 * HOUR);
    const of = (name: string) => readings.filter(({ station }) => station.name === name);
    expect(of('道县').every(({ flow }) => flow !== null)).toBe(true);
    expect(of('道县')).toHaveLength(24);
    expect(of('上江圩').every(({ flow }) => flow === null)).toBe(true);
    expect(of('上江圩')).toHaveLength(2);
  });

  test('rise in a storm and fall after it', () => {
    const readings = toRiverReadings(toWorld(1, named('道县')), DAY, DAY + 30 * HOUR);
    expect(new Set(readings.map(({ trend }) => trend))).toEqual(new Set(['rising', 'falling', 'steady']));
  });
});

describe('all readings', () => {
  const both = (seed: number, from: number, to: number) => {
    const some = toWorld(seed, named('道县', '邮亭圩', '祁阳'));
    return [...toRainReadings(some, from, to), ...toRiverReadings(some, from, to)];
  };
  const key = ({ station, at }: { station: { code: string }; at: number }) => `${station.code} ${at}`;
  const sorted = <T extends { station: { code: string }; at: number }>(readings: readonly T[]) =>
    readings.toSorted((a, b) => key(a).localeCompare(key(b)));

  test('follow from the seed: the same again, and others for another seed', () => {
    expect(both(1, DAY, DAY + 6 * HOUR)).toEqual(both(1, DAY, DAY + 6 * HOUR));
    expect(both(2, DAY, DAY + 6 * HOUR)).not.toEqual(both(1, DAY, DAY + 6 * HOUR));
  });

  test('are the same in one span as in two', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 144 }), (steps) => {
        const [middle, end] = [DAY + steps * STEP, DAY + 12 * HOUR];
        expect(sorted([...both(1, DAY, middle), ...both(1, middle, end)])).toEqual(sorted(both(1, DAY, end)));
      }),
      { numRuns: 20 },
    );
  });

  test('are rarely corrected or withdrawn, within the hour, never both', () => {
    const day = [
      ...toRainReadings(world, DAY, DAY + 24 * HOUR),
      ...toRiverReadings(world, DAY, DAY + 24 * HOUR),
    ];
    const corrected = day.filter(({ correctedAt }) => correctedAt !== null);
    const deleted = day.filter(({ deletedAt }) => deletedAt !== null);
    expect(corrected.length / day.length).toBeGreaterThan(1 / 800);
    expect(corrected.length / day.length).toBeLessThan(1 / 200);
    expect(deleted.length).toBeGreaterThan(0);
    expect(deleted.length / day.length).toBeLessThan(1 / 750);
    for (const { at, correctedAt, deletedAt } of [...corrected, ...deleted]) {
      expect(correctedAt === null || deletedAt === null).toBe(true);
      const delay = (correctedAt ?? deletedAt ?? 0) - at;
      expect(delay).toBeGreaterThanOrEqual(5 * MINUTE);
      expect(delay).toBeLessThanOrEqual(40 * MINUTE);
    }
  });
});

function sum(readings: readonly RainReading[]): number {
  return readings.reduce((total, { tips }) => total + tips, 0);
}
