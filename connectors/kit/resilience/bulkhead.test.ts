import { describe, expect, test } from '@jest/globals';
import type { Source } from '../contract.ts';
import { withBulkhead } from './bulkhead.ts';
import { type Act, ask, down, ending, settle, toFakeClock, toFakeSource } from './fake-source.ts';

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
