import { describe, expect, test } from '@jest/globals';
import type { ErrorCode } from '../../../schema/errors.ts';
import { ask, down, ending, fault, scanned, settle, toFakeClock, toFakeSource } from './fake-source.ts';
import { withRetry } from './retry.ts';

describe('the retry', () => {
  const settings = { attempts: 3, baseMs: 100, mostMs: 150 };
  const half = () => 0.5;

  test('repeats faults that may pass, later each time, up to the ceiling', async () => {
    const clock = toFakeClock();
    const inner = toFakeSource([down, fault('HUB_SOURCE_QUERY')]);
    const call = ending(ask(withRetry(inner, settings, clock, half)));
    await settle();
    await clock.advance(50);
    await clock.advance(75);
    expect(await call).toBe('ok');
    expect(clock.slept).toEqual([50, 75]);
  });

  test('gives the last fault when all attempts failed', async () => {
    const clock = toFakeClock();
    const inner = toFakeSource([down, down, fault('HUB_SOURCE_TIMEOUT'), 'answer']);
    const call = ending(ask(withRetry(inner, settings, clock, () => 0)));
    for (let step = 0; step < 4; step++) await clock.advance(0);
    expect(await call).toBe('HUB_SOURCE_TIMEOUT');
    expect(inner.calls).toBe(3);
  });

  test.each<ErrorCode>([
    'HUB_SOURCE_SHAPE',
    'HUB_SOURCE_REFUSED',
    'HUB_SOURCE_OPEN',
    'HUB_SOURCE_BUSY',
    'HUB_SOURCE_CLOSED',
    'HUB_SOURCE_CURSOR',
  ])('does not repeat %s', async (code) => {
    const inner = toFakeSource([fault(code)]);
    expect(await ending(ask(withRetry(inner, settings, toFakeClock(), half)))).toBe(code);
    expect(inner.calls).toBe(1);
  });

  test('a caller who leaves while it waits gets the fault at once', async () => {
    const caller = new AbortController();
    const call = ending(ask(withRetry(toFakeSource([down]), settings, toFakeClock(), half), caller.signal));
    await settle();
    caller.abort();
    expect(await call).toBe('HUB_SOURCE_UNREACHABLE');
  });

  test('a scan goes on behind the last page that arrived', async () => {
    const clock = toFakeClock();
    const inner = toFakeSource(['answer', down, 'answer', down, down, 'answer']);
    const pages = scanned(withRetry(inner, settings, clock, () => 0));
    for (let step = 0; step < 8; step++) await clock.advance(0);
    expect(await pages).toEqual(['1', '2', '3']);
    expect(inner.calls).toBe(6);
  });
});
