import { describe, expect, test } from '@jest/globals';
import { withDeadline } from './deadline.ts';
import {
  type Act,
  ask,
  down,
  ending,
  fault,
  REQUEST,
  settle,
  toFakeClock,
  toFakeSource,
} from './fake-source.ts';

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
