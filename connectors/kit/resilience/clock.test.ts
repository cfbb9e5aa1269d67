import { describe, expect, test } from '@jest/globals';
import { wallClock } from './clock.ts';
import { down } from './fake-source.ts';

describe('the clock on the wall', () => {
  test('wakes after the time, and at once when the sleeper is called', async () => {
    const before = wallClock.now();
    await wallClock.sleep(5);
    expect(wallClock.now() - before).toBeGreaterThanOrEqual(4);
    const caller = new AbortController();
    const sleep = wallClock.sleep(60_000, caller.signal);
    caller.abort(down);
    await expect(sleep).rejects.toBe(down);
    await expect(wallClock.sleep(60_000, caller.signal)).rejects.toBe(down);
  });
});
