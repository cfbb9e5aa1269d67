import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toGate } from './gate.ts';
import { toPace, toPauseMs } from './pace.ts';

const place = { unit: 'test', source: 'api' };
const never = new AbortController().signal;

/** A clock that moves only by being slept on. */
function toFakeClock() {
  let now = 1_000_000;
  return {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('the pace', () => {
  test('no interval ever holds more calls than the department allows', async () => {
    const rates = fc.record({
      calls: fc.integer({ min: 1, max: 60 }),
      perMs: fc.integer({ min: 100, max: 60_000 }),
    });
    const pauses = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 30, maxLength: 150 });
    await fc.assert(
      fc.asyncProperty(rates, pauses, async (rate, gaps) => {
        const clock = toFakeClock();
        const pace = toPace(rate, clock);
        const times: number[] = [];
        for (const gap of gaps) {
          clock.pass(gap);
          await pace.wait(Number.POSITIVE_INFINITY, never, place);
          times.push(clock.now());
        }
        for (const [index, time] of times.entries()) {
          const next = times[index + rate.calls];
          // Half-open, to the thousandth of a millisecond.
          if (next !== undefined) expect(next - time).toBeGreaterThan(rate.perMs - 0.001);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('a quarter of the calls may come at once, the others follow evenly', async () => {
    const clock = toFakeClock();
    const pace = toPace({ calls: 60, perMs: 60_000 }, clock);
    const waits: number[] = [];
    for (let call = 0; call < 18; call++) {
      const before = clock.now();
      await pace.wait(Number.POSITIVE_INFINITY, never, place);
      waits.push(Math.round(clock.now() - before));
    }
    expect(waits).toEqual([...Array.from({ length: 15 }, () => 0), 1304, 1304, 1304]);
  });

  test('a call that could not go out in its time is HUB_SOURCE_BUSY at once, and takes no other’s turn', async () => {
    const clock = toFakeClock();
    const pace = toPace({ calls: 1, perMs: 60_000 }, clock);
    await pace.wait(clock.now() + 1000, never, place);
    for (let call = 0; call < 3; call++)
      await expect(pace.wait(clock.now() + 1000, never, place)).rejects.toMatchObject({
        code: 'HUB_SOURCE_BUSY',
        message: "test.api: the manifest's `limits.rate` is used up; it may be asked again in 60 s",
      });
    clock.pass(60_000);
    await pace.wait(clock.now() + 1000, never, place);
  });

  test('a pause that the service asked for holds for all calls', async () => {
    const clock = toFakeClock();
    const pace = toPace(null, clock);
    pace.pause(5000);
    await expect(pace.wait(clock.now() + 4000, never, place)).rejects.toMatchObject({
      code: 'HUB_SOURCE_BUSY',
      message: 'test.api: the service asked for a pause; it may be asked again in 5 s',
    });
    const before = clock.now();
    await pace.wait(before + 6000, never, place);
    expect(clock.now() - before).toBe(5000);
  });

  test.each([
    ['7', 7000],
    ['Sun, 05 Apr 2026 00:00:09 GMT', 9000],
    ['86400', 300_000],
    ['0', 1000],
    ['soon', 1000],
    [undefined, 1000],
  ])('Retry-After %j is a pause of %d ms', (header, ms) => {
    expect(toPauseMs(header, Date.parse('2026-04-05T00:00:00Z'))).toBe(ms);
  });
});

describe('the places', () => {
  test('are given in order, and one who leaves the queue takes none', async () => {
    const gate = toGate(1);
    const first = await gate.enter(never);
    const cancel = new AbortController();
    const order: string[] = [];
    const cancelled = gate.enter(cancel.signal).catch(() => order.push('cancelled'));
    const second = gate.enter(never).then((leave) => {
      order.push('second');
      leave();
    });
    const third = gate.enter(never).then((leave) => {
      order.push('third');
      leave();
    });
    cancel.abort(new Error('gone'));
    await cancelled;
    first();
    await Promise.all([second, third]);
    expect(order).toEqual(['cancelled', 'second', 'third']);
    await expect(gate.enter(AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
    (await gate.enter(never))();
  });
});
