// Times to the last digit, over zones and over the days on which clocks jump.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromMillis, parseInstant, toInstantText, toZone } from './instant.ts';

const ZONES = ['Asia/Shanghai', 'UTC', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe'];

describe('a time', () => {
  test.each([
    ['2026-04-05 08:30:00', 'Asia/Shanghai', '2026-04-05T00:30:00Z'],
    ['2026-04-05 08:30:00.123456', 'Asia/Shanghai', '2026-04-05T00:30:00.123456Z'],
    ['2026-04-05T08:30:00.1234567+08:00', 'UTC', '2026-04-05T00:30:00.1234567Z'],
    ['2026-04-05T00:30:00Z', 'Asia/Shanghai', '2026-04-05T00:30:00Z'],
    ['2026-04-05 08:30', 'Asia/Shanghai', '2026-04-05T00:30:00Z'],
    ['2026-04-05', 'Asia/Shanghai', '2026-04-04T16:00:00Z'],
    ['1969-12-31 23:59:59.5', 'UTC', '1969-12-31T23:59:59.5Z'],
    // New York's spring: 02:30 does not exist, 03:30 is an hour after 01:30.
    ['2026-03-08 03:30:00', 'America/New_York', '2026-03-08T07:30:00Z'],
    // And its autumn: 01:30 comes twice; the earlier one is meant, so that nothing is passed over.
    ['2026-11-01 01:30:00', 'America/New_York', '2026-11-01T05:30:00Z'],
    ['2026-11-01 02:30:00', 'America/New_York', '2026-11-01T07:30:00Z'],
  ])('%s in %s is %s', (raw, zone, instant) => {
    const nanos = toZone(zone).parse(raw);
    expect(nanos === null ? null : toInstantText(nanos)).toBe(instant);
  });

  test.each([[null], [undefined], [20260405], ['yesterday'], ['2026-02-30 00:00:00']])(
    '%p is none',
    (raw) => {
      expect(toZone('UTC').parse(raw)).toBeNull();
    },
  );

  test('written as a wall clock and read again is the same instant, to the microsecond', () => {
    const micros = fc.bigInt({ min: -600_000_000_000_000n, max: 4_000_000_000_000_000n });
    fc.assert(
      fc.property(micros, fc.constantFrom('Asia/Kathmandu', 'UTC', 'Asia/Tokyo'), (micro, zone) => {
        const wall = toZone(zone).toWallClock(micro * 1000n);
        expect(wall).toMatch(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{6}$/);
        expect(toZone(zone).parse(wall)).toBe(micro * 1000n);
      }),
    );
  });

  test('as a mark keeps every digit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 4_000_000_000_000_000_000n }), (nanos) => {
        expect(parseInstant(toInstantText(nanos))).toBe(nanos);
      }),
    );
  });

  test('as a filter is never later than the instant, also where clocks jump', () => {
    const ms = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2040, 0) });
    fc.assert(
      fc.property(ms, fc.constantFrom(...ZONES), (at, zone) => {
        const read = toZone(zone).parse(toZone(zone).toWallClock(fromMillis(at)));
        expect(read !== null && read <= fromMillis(at)).toBe(true);
      }),
    );
  });
});
