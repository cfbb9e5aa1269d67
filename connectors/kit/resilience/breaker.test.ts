import { describe, expect, test } from '@jest/globals';
import { type ErrorCode, HubError } from '../../../schema/errors.ts';
import type { Source } from '../contract.ts';
import { withBreaker } from './breaker.ts';
import { withDeadline } from './deadline.ts';
import { type Act, ask, down, ending, fault, settle, toFakeClock, toFakeSource } from './fake-source.ts';

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

  test.each<ErrorCode>([
    'HUB_SOURCE_SHAPE',
    'HUB_SOURCE_REQUEST',
    'HUB_SOURCE_TARGET',
    'HUB_SOURCE_CURSOR',
    'HUB_SOURCE_BUSY',
    'HUB_SOURCE_CLOSED',
  ])('%s says nothing about the health of the source', async (code) => {
    const script = Array.from({ length: 8 }, () => fault(code));
    const all = await endings(withBreaker(toFakeSource(script), settings, toFakeClock()), 8);
    expect(new Set(all)).toEqual(new Set([code]));
  });

  test.each<ErrorCode>(['HUB_SOURCE_ENCODING', 'HUB_SOURCE_FORMAT', 'HUB_SOURCE_LIMIT'])(
    '%s of one file says nothing about the folder that it lies in',
    async (code) => {
      const script = Array.from(
        { length: 8 },
        () => new HubError(code, 'bad', { place: { file: '热点.csv' } }),
      );
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
