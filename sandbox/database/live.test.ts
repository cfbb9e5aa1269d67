import { describe, expect, test } from '@jest/globals';
import { type ClockOptions, openClock } from '../clock/sandbox-clock.ts';
import { openLive } from './live.ts';

const STEP = 300_000;
const START = Date.parse('2026-04-05T00:01:00Z');

/** A database that only remembers its ticks, a wall clock and a timer that the test moves. */
const openWorld = (options: ClockOptions = {}, fails = () => false) => {
  let wall = START;
  let due: { at: number; callback: () => void } | null = null;
  const lines: string[] = [];
  const clock = openClock({ ...options, wall: () => wall });
  let loadedTo = Math.floor(clock.now() / STEP) * STEP;
  const tick = async () => {
    if (fails()) throw new Error('connection refused');
    loadedTo = Math.floor(clock.now() / STEP) * STEP;
    return loadedTo;
  };
  const live = openLive({
    name: 'hydrology',
    database: { clock, step: STEP, loadedTo: () => loadedTo, tick },
    log: (line) => lines.push(line),
    after: (milliseconds, callback) => {
      due = { at: wall + milliseconds, callback };
      return () => {
        due = null;
      };
    },
  });
  const waits = () => (due === null ? null : due.at - wall);
  const pass = async () => {
    const next = due;
    if (next === null) throw new Error('nothing is planned');
    wall = next.at;
    next.callback();
    // Everything that the tick started has run once the microtasks are through.
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { live, lines, waits, pass, loadedTo: () => loadedTo };
};

describe('the live simulation', () => {
  test('ticks at each five-minute mark', async () => {
    const { live, waits, pass, loadedTo } = openWorld();
    expect(waits()).toBe(4 * 60_000);
    await pass();
    expect(new Date(loadedTo()).toISOString()).toBe('2026-04-05T00:05:00.000Z');
    expect(waits()).toBe(STEP);
    await pass();
    expect(new Date(loadedTo()).toISOString()).toBe('2026-04-05T00:10:00.000Z');
    await live.close();
  });

  test('ticks more often when its clock runs fast, at most once a second', async () => {
    const day = 24 * 3_600_000;
    expect(openWorld({ start: START - day, speed: 60 }).waits()).toBe(4000);
    const faster = openWorld({ start: START - day, speed: 1000 });
    expect(faster.waits()).toBe(1000);
    await faster.pass();
    // A second later, three marks have gone by: one tick takes them all.
    expect(faster.loadedTo()).toBe(START - day - 60_000 + 3 * STEP);
  });

  test('reports a tick that failed and makes up for it', async () => {
    let broken = true;
    const { live, lines, pass, loadedTo } = openWorld({}, () => broken);
    await pass();
    expect(lines).toEqual(['hydrology tick failed: connection refused']);
    broken = false;
    await pass();
    expect(new Date(loadedTo()).toISOString()).toBe('2026-04-05T00:05:00.000Z');
    await live.close();
  });

  test('plans nothing for a frozen clock, and nothing more once closed', async () => {
    expect(openWorld({ frozen: true }).waits()).toBeNull();
    const { live, waits } = openWorld();
    await live.close();
    expect(waits()).toBeNull();
  });
});
