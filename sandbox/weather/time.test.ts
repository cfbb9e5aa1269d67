import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BEIJING, parseCompact, toBeijing, toCompact, toText, UTC } from './time.ts';

const at = Date.parse('2026-04-05T00:30:15Z');

describe('the bureau’s times', () => {
  test('are written in UTC for observations and in Beijing time for warnings', () => {
    expect(toText(at, UTC)).toBe('2026-04-05 00:30:15');
    expect(toCompact(at, UTC)).toBe('20260405003015');
    expect(toCompact(at, BEIJING)).toBe('20260405083015');
    expect(toBeijing(at)).toBe('2026-04-05T08:30:15+08:00');
  });

  test('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e9 }), fc.constantFrom(UTC, BEIJING), (seconds, east) => {
        expect(parseCompact(toCompact(seconds * 1000, east), east)).toBe(seconds * 1000);
      }),
    );
  });

  test.each(['', '2026040500', '20260230000000', '20260405240000', '20260405006000', '2026-04-05 00:00:00'])(
    'are refused when they are none: %p',
    (text) => {
      expect(parseCompact(text, UTC)).toBeNull();
    },
  );
});
