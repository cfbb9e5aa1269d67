import { describe, expect, test } from '@jest/globals';
import { wallClock } from './clock.ts';
import { type Act, ask, down, ending, scanned, toFakeClock, toFakeSource } from './fake-source.ts';
import { toResilientSource } from './to-resilient-source.ts';

describe('a resilient source', () => {
  const settings = { unit: 'u', name: 's', inFlight: 1, timeoutMs: 1000 };

  test('answers after passing faults, and reads a scan to its end', async () => {
    const clock = toFakeClock();
    const source = toResilientSource(
      toFakeSource([down, 'answer', 'answer', down]),
      settings,
      clock,
      () => 0,
    );
    const answer = ending(ask(source));
    for (let step = 0; step < 3; step++) await clock.advance(0);
    expect(await answer).toBe('ok');
    const pages = scanned(source);
    for (let step = 0; step < 6; step++) await clock.advance(0);
    expect(await pages).toEqual(['1', '2', '3']);
  });

  test('a hanging source is tried three times, then no more while the breaker is open', async () => {
    const clock = toFakeClock();
    const inner = toFakeSource(Array.from({ length: 20 }, (): Act => 'hang'));
    const source = toResilientSource(inner, settings, clock, () => 0);
    const first = ending(ask(source));
    for (let step = 0; step < 8; step++) await clock.advance(1000);
    expect(await first).toBe('HUB_SOURCE_TIMEOUT');
    expect(inner.calls).toBe(3);
    const second = ending(ask(source));
    for (let step = 0; step < 6; step++) await clock.advance(1000);
    expect(await second).toBe('HUB_SOURCE_OPEN');
    expect(inner.calls).toBe(5);
  });

  test('is a source: same capabilities, and closing it closes the one inside', async () => {
    const inner = toFakeSource();
    const source = toResilientSource(inner, settings, wallClock);
    expect(source.capabilities).toBe(inner.capabilities);
    expect(await source.describe(['a'])).toEqual([]);
    expect(await source.readMany('o', { columns: [], by: ['a'], keys: [['1'], ['2']] })).toEqual([
      null,
      null,
    ]);
    await (await source.listen(async () => undefined))();
    await source.close();
    expect(inner.closed).toBe(1);
  });
});
