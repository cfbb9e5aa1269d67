import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toZoneClock } from './wall-clock.ts';

const shanghai = toZoneClock('Asia/Shanghai');
const berlin = toZoneClock('Europe/Berlin');
const wall = (text: string): number => Date.parse(`${text}Z`);
const utc = (clock: typeof shanghai, text: string): string => new Date(clock.toUtc(wall(text))).toISOString();

describe('wall clocks', () => {
  test.each([
    ['2026-04-05T08:30:00', '2026-04-05T00:30:00.000Z'],
    ['2026-01-01T00:00:00', '2025-12-31T16:00:00.000Z'],
    ['1988-01-15T12:00:00', '1988-01-15T04:00:00.000Z'],
    ['1950-06-01T08:00:00', '1950-06-01T00:00:00.000Z'],
  ])('in Shanghai %s is %s', (text, instant) => {
    expect(utc(shanghai, text)).toBe(instant);
    expect(shanghai.isCertain(wall(text))).toBe(true);
  });

  test.each(['1986-07-01', '1987-07-01', '1988-07-01', '1989-07-01', '1990-07-01', '1991-07-01'])(
    'China kept summer time on %s',
    (day) => {
      expect(utc(shanghai, `${day}T12:00:00`)).toBe(`${day}T03:00:00.000Z`);
    },
  );

  test('of an hour that came twice the first is taken, and said to be uncertain', () => {
    expect(utc(berlin, '2025-10-26T02:30:00')).toBe('2025-10-26T00:30:00.000Z');
    expect(berlin.isCertain(wall('2025-10-26T02:30:00'))).toBe(false);
    expect(berlin.isCertain(wall('2025-10-26T03:30:00'))).toBe(true);
    expect(utc(shanghai, '1991-09-15T01:30:00')).toBe('1991-09-14T16:30:00.000Z');
    expect(shanghai.isCertain(wall('1991-09-15T01:30:00'))).toBe(false);
  });

  test('of an hour that never came the earlier reading is taken, and said to be uncertain', () => {
    expect(utc(berlin, '2025-03-30T02:30:00')).toBe('2025-03-30T00:30:00.000Z');
    expect(berlin.isCertain(wall('2025-03-30T02:30:00'))).toBe(false);
    expect(berlin.isCertain(wall('2025-03-30T03:30:00'))).toBe(true);
  });

  test('zones with odd offsets and odd summer times', () => {
    expect(utc(toZoneClock('Asia/Kathmandu'), '2026-04-05T05:45:00')).toBe('2026-04-05T00:00:00.000Z');
    expect(utc(toZoneClock('Australia/Lord_Howe'), '2026-01-05T11:00:00')).toBe('2026-01-05T00:00:00.000Z');
    expect(utc(toZoneClock('UTC'), '2026-04-05T00:00:00')).toBe('2026-04-05T00:00:00.000Z');
  });

  test('an unknown zone is refused', () => {
    expect(() => toZoneClock('Asia/Yongzhou')).toThrow(RangeError);
  });

  test.each(['Asia/Shanghai', 'Europe/Berlin', 'America/St_Johns', 'Africa/Casablanca', 'Pacific/Apia'])(
    'in %s every instant comes back from its wall clock, unless that clock is uncertain',
    (zone) => {
      const clock = toZoneClock(zone);
      const instants = fc.integer({ min: Date.UTC(1950, 0, 2) / 1000, max: Date.UTC(2040, 0, 1) / 1000 });
      fc.assert(
        fc.property(instants, (seconds) => {
          const shown = clock.toWall(seconds * 1000);
          const back = clock.toUtc(shown);
          if (clock.isCertain(shown)) expect(back).toBe(seconds * 1000);
          else expect(back).toBeLessThanOrEqual(seconds * 1000);
        }),
        { numRuns: 60 },
      );
    },
  );
});
