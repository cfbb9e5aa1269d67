import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HOUR } from '../storm/storm.ts';
import { toFate, toSilences, toWrong } from './fate.ts';
import { toTimes } from './rows.ts';
import { START, stationNamed, toWorld } from './weather.fixture.ts';
import { HOUR_TABLE, MINUTE_TABLE, QUANTITIES } from './world.ts';

const world = toWorld({ quality: true, silence: true });
const station = stationNamed('道县');
const DAY = 24 * HOUR;

describe('the fate of a value', () => {
  const fates = Array.from({ length: 20_000 }, (_, index) => ({
    at: START - index * HOUR,
    fate: toFate(world, HOUR_TABLE, station, START - index * HOUR, 'temperature'),
  }));

  test('is good for more than 97 of 100, and everything else happens', () => {
    const count = (quality: string) => fates.filter(({ fate }) => fate.quality === quality).length;
    expect(count('GOOD')).toBeGreaterThan(fates.length * 0.97);
    for (const quality of ['SUSPECT', 'BAD', 'ESTIMATED', 'CORRECTED', 'MISSING', 'UNCHECKED'])
      expect(count(quality)).toBeGreaterThan(5);
  });

  test('is put right an hour to 36 hours later, when it is corrected at all', () => {
    expect(
      fates.filter(({ fate }) => (fate.correctedAt !== null) !== (fate.quality === 'CORRECTED')),
    ).toEqual([]);
    const delays = fates.flatMap(({ at, fate }) =>
      fate.correctedAt === null ? [] : [fate.correctedAt - at],
    );
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(HOUR);
    expect(Math.max(...delays)).toBeLessThanOrEqual(36 * HOUR);
  });

  test('is never a correction in the minute table', () => {
    const times = toTimes(MINUTE_TABLE, START - 60 * DAY, START);
    const qualities = times.map((at) => toFate(world, MINUTE_TABLE, station, at, 'pressure').quality);
    expect(new Set(qualities)).toEqual(
      new Set(['GOOD', 'SUSPECT', 'BAD', 'ESTIMATED', 'MISSING', 'UNCHECKED']),
    );
  });

  test('is always good when the trap is switched off', () => {
    const times = toTimes(HOUR_TABLE, START - 100 * DAY, START);
    const qualities = times.map((at) => toFate(toWorld(), HOUR_TABLE, station, at, 'rain1h').quality);
    expect(new Set(qualities)).toEqual(new Set(['GOOD']));
  });
});

test('a wrong number is another one, and still possible', () => {
  fc.assert(
    fc.property(fc.constantFrom(...QUANTITIES), fc.integer({ min: 1, max: 3600 }), (quantity, tenths) => {
      const truth = quantity === 'humidity' ? 18 + (tenths % 83) : tenths / 10;
      const wrong = toWrong(quantity, truth);
      expect(Math.abs(wrong - truth)).toBeGreaterThan(5);
      if (quantity === 'humidity') expect(wrong >= -20 && wrong <= 100).toBe(true);
      if (quantity === 'windDirection') expect(wrong > 0 && wrong <= 360).toBe(true);
    }),
  );
});

describe('a silent station', () => {
  const silences = toSilences(world, station, START - 400 * DAY, START);

  test('falls silent about once in twelve days, for two to eight hours', () => {
    expect(silences.length).toBeGreaterThan(20);
    expect(silences.length).toBeLessThan(50);
    for (const { from, to } of silences) {
      expect(to - from).toBeGreaterThanOrEqual(2 * HOUR);
      expect(to - from).toBeLessThanOrEqual(8 * HOUR);
    }
  });

  test('sometimes delivers what it kept, soon after, and sometimes has lost it', () => {
    const delivered = silences.filter(({ deliveredAt }) => deliveredAt !== null);
    expect(delivered.length).toBeGreaterThan(5);
    expect(delivered.length).toBeLessThan(silences.length - 5);
    for (const { to, deliveredAt } of delivered) expect((deliveredAt ?? 0) - to).toBe(180_000);
  });

  test('is found by every span that it touches', () => {
    for (const silence of silences)
      for (const at of [silence.from, (silence.from + silence.to) / 2, silence.to])
        expect(toSilences(world, station, at, at)).toContainEqual(silence);
  });
});
