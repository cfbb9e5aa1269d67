import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toTimeText } from './time-text.ts';
import { countWindows, parseSpan, toWindow } from './windows.ts';

const at = (text: string) => Date.parse(text) / 1000;

describe('a span as intervals', () => {
  test('is cut into intervals that meet, the last one shorter', () => {
    const span = parseSpan({ from: '2026-04-05T00:00:00Z', to: '2026-04-05T13:30:00Z' });
    if (span === null) throw new Error('is a span');
    const most = 6 * 3_600_000;
    expect(
      Array.from({ length: countWindows(span, most) }, (_, index) => toWindow(span, most, index)),
    ).toEqual([
      { from: at('2026-04-05T00:00:00Z'), to: at('2026-04-05T06:00:00Z') },
      { from: at('2026-04-05T06:00:00Z'), to: at('2026-04-05T12:00:00Z') },
      { from: at('2026-04-05T12:00:00Z'), to: at('2026-04-05T13:30:00Z') },
    ]);
  });

  test('is never narrower than what was asked for, however fine', () => {
    const span = { from: '2026-04-05T00:00:00.999999Z', to: '2026-04-05T00:00:10.000001Z' };
    expect(parseSpan(span)).toEqual({ from: at('2026-04-05T00:00:00Z'), to: at('2026-04-05T00:00:11Z') });
    const whole = { from: '2026-04-05T00:00:00Z', to: '2026-04-05T00:00:10.000000Z' };
    expect(parseSpan(whole)?.to).toBe(at('2026-04-05T00:00:10Z'));
  });

  test('is none when its ends are swapped or no instants', () => {
    expect(parseSpan({ from: '2026-04-05T00:00:01Z', to: '2026-04-05T00:00:00Z' })).toBeNull();
    expect(parseSpan({ from: 'yesterday', to: '2026-04-05T00:00:00Z' })).toBeNull();
  });

  test('any span is covered without a gap by intervals no longer than they may be', () => {
    const numbers = fc.tuple(
      fc.integer({ min: 0, max: 2e9 }),
      fc.integer({ min: 0, max: 1e6 }),
      fc.integer({ min: 1, max: 1e8 }),
    );
    fc.assert(
      fc.property(numbers, ([from, length, most]) => {
        const span = { from, to: from + length };
        const count = Math.min(countWindows(span, most), 50);
        for (let index = 0; index < count; index++) {
          const window = toWindow(span, most, index);
          expect(window.to - window.from).toBeLessThanOrEqual(Math.max(1, Math.floor(most / 1000)));
          expect(window.from).toBe(index === 0 ? from : toWindow(span, most, index - 1).to);
        }
        expect(toWindow(span, most, countWindows(span, most) - 1).to).toBe(span.to);
      }),
    );
  });
});

describe('the text of a time', () => {
  test.each([
    ['iso', 'Asia/Shanghai', '2026-04-05T08:30:00'],
    ['iso', 'UTC', '2026-04-05T00:30:00'],
    ['isoOffset', 'Asia/Shanghai', '2026-04-05T08:30:00+08:00'],
    ['isoOffset', 'UTC', '2026-04-05T00:30:00+00:00'],
    ['isoOffset', 'America/St_Johns', '2026-04-04T22:00:00-02:30'],
    ['dateTime', 'Asia/Shanghai', '2026-04-05 08:30:00'],
    ['compact14', 'UTC', '20260405003000'],
    ['compact14', 'Asia/Shanghai', '20260405083000'],
    ['epochSeconds', 'Asia/Shanghai', 1775349000],
    ['epochMillis', 'Asia/Shanghai', 1775349000000],
  ])('%s in %s', (format, zone, text) => {
    expect(toTimeText(at('2026-04-05T00:30:00Z'), format, zone)).toBe(text);
  });
});
