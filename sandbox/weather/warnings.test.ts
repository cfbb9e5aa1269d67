import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CYCLE_HOURS, HOUR, MINUTE, STEP, toRainTips, toShowers } from '../storm/storm.ts';
import { parseStations } from './station.ts';
import { BEIJING, toCompact } from './time.ts';
import { toWarnings, type Warning } from './warnings.ts';
import { START, toWorld } from './weather.fixture.ts';

const DAY = 24 * HOUR;
/** China's rules: so much rain (mm) in so many hours, and how far the forecaster may look ahead. */
const RULES = {
  blue: { depth: 50, hours: 12, ahead: 3 },
  yellow: { depth: 50, hours: 6, ahead: 1 },
  orange: { depth: 50, hours: 3, ahead: 0.5 },
  red: { depth: 100, hours: 3, ahead: 0.5 },
};

const all = toWarnings(toWorld())(START - 42 * DAY, START);
const actual = all.filter(({ status }) => status === 'Actual');
const ofCounties = actual.filter(({ issuer }) => issuer.code !== '431100');
/** The time of the look that a message came from. */
const lookOf = ({ sentAt }: Warning) => Math.floor(sentAt / (10 * MINUTE)) * 10 * MINUTE;
/** Rain at a county's wettest station, added up from the buckets, mm. */
const rainOf = (county: string, end: number, hours: number) => {
  const sums = parseStations()
    .filter((station) => station.county === county)
    .map((station) => {
      const showers = toShowers(1, station, end - hours * HOUR, end);
      let tips = 0;
      for (let at = end - hours * HOUR + STEP; at <= end; at += STEP)
        tips += toRainTips(1, station, showers, at);
      return tips / 10;
    });
  return Math.max(...sums);
};
const isReached = (colour: keyof typeof RULES, county: string, at: number) => {
  const { depth, hours, ahead } = RULES[colour];
  return rainOf(county, at + ahead * HOUR, hours) >= depth;
};

describe('the warnings of six weeks', () => {
  test('have all colours and all kinds of messages', () => {
    expect(new Set(actual.map(({ signal }) => signal.colour))).toEqual(new Set(Object.keys(RULES)));
    expect(new Set(actual.map(({ type }) => type))).toEqual(new Set(['ALERT', 'UPDATE', 'CANCEL']));
    expect(new Set(ofCounties.map(({ issuer }) => issuer.code)).size).toBeGreaterThan(6);
  });

  test('have an identifier of 31 characters in the national form, each its own', () => {
    for (const { identifier, issuer, sentAt } of all) {
      expect(identifier).toMatch(/^[0-9A-Z]{14}_[0-9]{14}(_[0-9])?$/);
      expect(identifier).toBe(`${issuer.code}41600000_${toCompact(sentAt, BEIJING)}_0`);
      expect(identifier).toHaveLength(31);
    }
    expect(new Set(all.map(({ identifier }) => identifier)).size).toBe(all.length);
  });

  test('are raised by the rain of their county: the threshold is met, and ten minutes before it was not', () => {
    const raised = ofCounties.filter(
      ({ type, signal, replaces }) => type !== 'CANCEL' && signal.rank > (replaces?.signal.rank ?? 0),
    );
    expect(raised.length).toBeGreaterThan(100);
    for (const warning of raised) {
      const { colour } = warning.signal;
      const county = warning.issuer.code;
      expect(isReached(colour, county, lookOf(warning))).toBe(true);
      // An alert may also come first because it was over before.
      if (warning.type === 'UPDATE')
        expect(isReached(colour, county, lookOf(warning) - 10 * MINUTE)).toBe(false);
    }
  });

  test('follow one another: alert, updates, cancel, each naming the one before it', () => {
    const last = new Map<string, Warning>();
    for (const warning of ofCounties) {
      const before = last.get(warning.issuer.code);
      if (before === undefined) {
        // The history may begin in the middle of a storm.
        last.set(warning.issuer.code, warning);
        continue;
      }
      if (before.type === 'CANCEL') expect(warning).toMatchObject({ type: 'ALERT', replaces: null });
      else {
        expect(warning.type).not.toBe('ALERT');
        expect(warning.replaces?.identifier).toBe(before.identifier);
        expect(warning.sentAt).toBeLessThan(before.expiresAt);
      }
      last.set(warning.issuer.code, warning);
    }
  });

  test('are cancelled when the rain is over', () => {
    for (const warning of ofCounties.filter(({ type }) => type === 'CANCEL')) {
      const at = lookOf(warning);
      const isOver = rainOf(warning.issuer.code, at + 3 * HOUR, 5) < 5;
      const isNone = (['blue', 'yellow', 'orange', 'red'] as const).every(
        (colour) => !isReached(colour, warning.issuer.code, at),
      );
      expect(isOver || isNone).toBe(true);
    }
  });

  test('come from the city as well when three counties have yellow or worse, for all of these', () => {
    const ofCity = actual.filter(({ issuer, type }) => issuer.code === '431100' && type === 'ALERT');
    expect(ofCity.length).toBeGreaterThan(3);
    for (const { counties, signal } of ofCity) {
      expect(counties.length).toBeGreaterThanOrEqual(3);
      expect(signal.rank).toBeGreaterThanOrEqual(2);
    }
  });

  test('are an exercise every third day at ten', () => {
    const exercises = all.filter(({ status }) => status === 'Exercise');
    expect(exercises).toHaveLength(14);
    for (const { identifier, event } of exercises) {
      expect(identifier).toContain('100000_0');
      expect(event.code).toBe('11B20');
    }
  });

  test('come in the order they were sent, the same for every span and every start', () => {
    const sent = all.map(({ sentAt }) => sentAt);
    expect(sent).toEqual([...sent].sort((a, b) => a - b));
    const fresh = toWarnings(toWorld());
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 38 }), fc.integer({ min: 0, max: 9 }), (days, length) => {
        const from = START - days * DAY;
        const to = Math.min(START, from + length * DAY);
        expect(fresh(from, to)).toEqual(all.filter(({ sentAt }) => sentAt >= from && sentAt <= to));
      }),
      { numRuns: 10 },
    );
  });

  test('have both ends of the time they were asked for', () => {
    const [first, second] = actual.slice(10);
    if (first === undefined || second === undefined) throw new Error('two warnings are needed');
    const found = toWarnings(toWorld())(first.sentAt, second.sentAt);
    expect([found[0], found.at(-1)]).toEqual([first, second]);
  });
});

test('between two storms nothing is left open, so each can be worked out alone', () => {
  const stations = parseStations();
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 15_000, max: 17_000 }), (seed, cycle) => {
      // From three hours before the last look at a storm to the first look at the next one, and the hours that it looks ahead.
      const end = (cycle * CYCLE_HOURS - 4) * HOUR;
      for (const station of stations)
        for (const { begins, hours } of toShowers(seed, station, end - 3 * HOUR, end + 4 * HOUR)) {
          const isBefore = begins + hours * HOUR <= end - 3 * HOUR;
          expect(isBefore || begins >= end + 4 * HOUR).toBe(true);
        }
    }),
    { numRuns: 200 },
  );
});
