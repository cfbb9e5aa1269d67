import { describe, expect, test } from '@jest/globals';
import { type ErrorCode, HubError } from '../../../schema/errors.ts';
import type { Source } from '../contract.ts';
import { withBreaker } from './breaker.ts';
import { withBulkhead } from './bulkhead.ts';
import { wallClock } from './clock.ts';
import { withDeadline } from './deadline.ts';
import { type Act, settle, toFakeClock, toFakeSource } from './fake-source.ts';
import { withRetry } from './retry.ts';
import { toResilientSource } from './to-resilient-source.ts';

const REQUEST = { columns: ['a'], limit: 1 };
const fault = (code: ErrorCode) => new HubError(code, 'as the script says');
const down = fault('HUB_SOURCE_UNREACHABLE');
const ask = (source: Source, signal?: AbortSignal) =>
  source.select('object', REQUEST, signal === undefined ? {} : { signal });
/** How a call ends: `ok` or its code. */
const ending = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (error: unknown) => (error instanceof HubError ? error.code : String(error)),
  );
async function scanned(source: Source): Promise<unknown[]> {
  const pages: unknown[] = [];
  for await (const page of source.scan('object', REQUEST)) pages.push(page.cursor);
  return pages;
}

describe('the deadline', () => {
  const settings = { name: 'u.s', timeoutMs: 1000 };

  test.each<Act>(['hang', 'stuck'])('ends a call that does not answer in time (%s)', async (act) => {
    const clock = toFakeClock();
    const call = ending(ask(withDeadline(toFakeSource([act]), settings, clock)));
    await clock.advance(999);
    expect(await Promise.race([call, settle().then(() => 'waiting')])).toBe('waiting');
    await clock.advance(1);
    expect(await call).toBe('HUB_SOURCE_TIMEOUT');
  });

  test('passes an answer and an error on unchanged', async () => {
    const source = withDeadline(toFakeSource(['answer', down]), settings, toFakeClock());
    expect((await ask(source)).cursor).toBe('1');
    await expect(ask(source)).rejects.toBe(down);
  });

  test.each<Act>(['hang', 'stuck'])('lets the caller cancel (%s)', async (act) => {
    const source = withDeadline(toFakeSource([act, act]), settings, toFakeClock());
    const caller = new AbortController();
    const call = ending(ask(source, caller.signal));
    caller.abort();
    expect(await call).toBe('HUB_SOURCE_CLOSED');
    expect(await ending(ask(source, AbortSignal.abort(fault('HUB_UNIT_TIMEOUT'))))).toBe('HUB_UNIT_TIMEOUT');
  });

  test('counts anew for every page of a scan', async () => {
    const clock = toFakeClock();
    const pages = withDeadline(toFakeSource(['answer', 'answer', 'hang']), settings, clock)
      .scan('object', REQUEST)
      [Symbol.asyncIterator]();
    await pages.next();
    await clock.advance(900);
    await pages.next();
    await clock.advance(900);
    const third = ending(pages.next());
    await settle();
    await clock.advance(1000);
    expect(await third).toBe('HUB_SOURCE_TIMEOUT');
  });
});

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

describe('the bulkhead', () => {
  const settings = { name: 'u.s', inFlight: 2, waiting: 2, waitMs: 1000 };
  const fill = (source: Source, count: number) =>
    Array.from({ length: count }, () => {
      const caller = new AbortController();
      return { caller, end: ending(withDeadlineOf(source, caller.signal)) };
    });
  const withDeadlineOf = (source: Source, signal: AbortSignal) => ask(source, signal);

  test('lets as many calls through as there are places, makes some wait, refuses the rest', async () => {
    const inner = toFakeSource(Array.from({ length: 4 }, (): Act => 'hang'));
    const calls = fill(withBulkhead(inner, settings, toFakeClock()), 5);
    await settle();
    expect(inner.open).toBe(2);
    expect(await calls[4]?.end).toBe('HUB_SOURCE_BUSY');
    calls[0]?.caller.abort(down);
    await settle();
    expect(await calls[0]?.end).toBe('HUB_SOURCE_UNREACHABLE');
    expect([inner.open, inner.calls]).toEqual([2, 3]);
  });

  test('a call that waits too long is refused, and its place in the queue is free again', async () => {
    const clock = toFakeClock();
    const source = withBulkhead(toFakeSource(Array.from({ length: 9 }, (): Act => 'hang')), settings, clock);
    const calls = fill(source, 4);
    await settle();
    await clock.advance(1000);
    expect(await calls[2]?.end).toBe('HUB_SOURCE_BUSY');
    const [again] = fill(source, 1);
    await settle();
    again?.caller.abort();
    expect(await again?.end).toBe('HUB_SOURCE_CLOSED');
  });

  test('places come back after answers and faults alike', async () => {
    const inner = toFakeSource([down, down, 'answer', 'answer', 'answer']);
    const source = withBulkhead(inner, settings, toFakeClock());
    expect(await Promise.all(fill(source, 4).map((call) => call.end))).toEqual([
      'HUB_SOURCE_UNREACHABLE',
      'HUB_SOURCE_UNREACHABLE',
      'ok',
      'ok',
    ]);
    expect(await ending(ask(source))).toBe('ok');
  });

  test('closing sends away those who wait and closes the source', async () => {
    const inner = toFakeSource(['hang', 'hang']);
    const source = withBulkhead(inner, settings, toFakeClock());
    const calls = fill(source, 3);
    await settle();
    await source.close();
    expect(await calls[2]?.end).toBe('HUB_SOURCE_CLOSED');
    expect(inner.closed).toBe(1);
  });
});

describe('the circuit breaker', () => {
  const settings = { name: 'u.s', window: 6, faults: 3, openMs: 1000, mostMs: 3000 };
  const endings = async (source: Source, count: number) => {
    const all: string[] = [];
    for (let call = 0; call < count; call++) all.push(await ending(ask(source)));
    return all;
  };

  test.each<ErrorCode>([
    'HUB_SOURCE_TIMEOUT',
    'HUB_SOURCE_QUERY',
    'HUB_SOURCE_UNREACHABLE',
    'HUB_SOURCE_REFUSED',
    'HUB_MAP_SHAPE',
  ])('opens after repeated %s and then asks nothing', async (code) => {
    const inner = toFakeSource([fault(code), fault(code), fault(code)]);
    const source = withBreaker(inner, settings, toFakeClock());
    expect(await endings(source, 5)).toEqual([code, code, code, 'HUB_SOURCE_OPEN', 'HUB_SOURCE_OPEN']);
    expect(inner.calls).toBe(3);
  });

  test('opens for a source of which every second call fails', async () => {
    const script: Act[] = ['answer', down, 'answer', down, 'answer', down];
    const source = withBreaker(toFakeSource(script), settings, toFakeClock());
    expect((await endings(source, 7)).at(-1)).toBe('HUB_SOURCE_OPEN');
  });

  test('stays closed for rare faults', async () => {
    const script = Array.from({ length: 40 }, (_, index): Act => (index % 3 === 0 ? down : 'answer'));
    const source = withBreaker(toFakeSource(script), settings, toFakeClock());
    expect(await endings(source, 40)).not.toContain('HUB_SOURCE_OPEN');
  });

  test.each<ErrorCode>(['HUB_SOURCE_SHAPE', 'HUB_SOURCE_CURSOR', 'HUB_SOURCE_BUSY', 'HUB_SOURCE_CLOSED'])(
    '%s says nothing about the health of the source',
    async (code) => {
      const script = Array.from({ length: 8 }, () => fault(code));
      const all = await endings(withBreaker(toFakeSource(script), settings, toFakeClock()), 8);
      expect(new Set(all)).toEqual(new Set([code]));
    },
  );

  test('counts a caller whose time was up, not one who left', async () => {
    const leave = async (reason: unknown) => {
      const inner = toFakeSource(Array.from({ length: 9 }, (): Act => 'hang'));
      const source = withBreaker(
        withDeadline(inner, { name: 'u.s', timeoutMs: 9 }, toFakeClock()),
        settings,
        toFakeClock(),
      );
      for (let call = 0; call < 3; call++) {
        const caller = new AbortController();
        const end = ending(ask(source, caller.signal));
        caller.abort(reason);
        await end;
      }
      return inner.calls + (await Promise.race([ending(ask(source)), settle().then(() => ' waits')]));
    };
    expect(await leave(new DOMException('late', 'TimeoutError'))).toBe('3HUB_SOURCE_OPEN');
    expect(await leave(undefined)).toBe('3 waits');
  });

  test('lets one call through after its time; a success closes it', async () => {
    const clock = toFakeClock();
    const inner = toFakeSource([down, down, down, 'hang']);
    const source = withBreaker(withDeadline(inner, { name: 'u.s', timeoutMs: 50 }, clock), settings, clock);
    await endings(source, 3);
    await clock.advance(1000);
    const trial = ending(ask(source));
    expect(await ending(ask(source))).toBe('HUB_SOURCE_OPEN');
    await clock.advance(50);
    expect(await trial).toBe('HUB_SOURCE_TIMEOUT');
    await clock.advance(1999);
    expect(await ending(ask(source))).toBe('HUB_SOURCE_OPEN');
    await clock.advance(1);
    expect(await endings(source, 3)).toEqual(['ok', 'ok', 'ok']);
  });

  test('waits no longer than its longest pause', async () => {
    const clock = toFakeClock();
    const source = withBreaker(toFakeSource(Array.from({ length: 9 }, () => down)), settings, clock);
    await endings(source, 3);
    for (const pause of [1000, 2000, 3000, 3000]) {
      await clock.advance(pause - 1);
      expect(await ending(ask(source))).toBe('HUB_SOURCE_OPEN');
      await clock.advance(1);
      expect(await ending(ask(source))).toBe('HUB_SOURCE_UNREACHABLE');
    }
  });

  test('a trial that its caller cancelled leaves the next call to try', async () => {
    const clock = toFakeClock();
    const script: Act[] = [down, down, down, fault('HUB_SOURCE_CLOSED'), 'answer'];
    const source = withBreaker(toFakeSource(script), settings, clock);
    await endings(source, 3);
    await clock.advance(1000);
    expect(await endings(source, 2)).toEqual(['HUB_SOURCE_CLOSED', 'ok']);
  });
});

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
