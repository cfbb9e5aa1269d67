import { describe, expect, test } from '@jest/globals';
import { openLive } from './live.ts';

/** A timer by hand: `ring` does what is planned and waits for it. */
const openBell = () => {
  let planned: (() => void) | null = null;
  return {
    after: (_: number, callback: () => void) => {
      planned = callback;
      return () => {
        planned = null;
      };
    },
    isSet: () => planned !== null,
    ring: async () => {
      planned?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
};

describe('the live bureau', () => {
  test('ticks again and again until it is closed', async () => {
    const bell = openBell();
    let ticks = 0;
    const tick = async () => {
      ticks += 1;
    };
    const live = openLive({ name: 'forestry', tick, log: () => undefined, after: bell.after });
    await bell.ring();
    await bell.ring();
    expect(ticks).toBe(2);
    await live.close();
    expect(bell.isSet()).toBe(false);
  });

  test('reports a failure once and goes on', async () => {
    const bell = openBell();
    const lines: string[] = [];
    const failures = [true, true, false, true];
    const tick = async () => {
      if (failures.shift() === true) throw new Error('disk full');
    };
    const live = openLive({ name: 'forestry', tick, log: (line) => lines.push(line), after: bell.after });
    for (let count = 0; count < 4; count += 1) await bell.ring();
    expect(lines).toEqual(['forestry tick failed: disk full', 'forestry tick failed: disk full']);
    await live.close();
  });
});
