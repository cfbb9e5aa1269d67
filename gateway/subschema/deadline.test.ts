import { describe, expect, test } from '@jest/globals';
import { runWithin } from './deadline.ts';

const never = (): Promise<never> => new Promise(() => undefined);
const open = new AbortController().signal;

describe('a call under a deadline', () => {
  test('that ends in time gives its answer or its own error', async () => {
    expect(await runWithin(1000, open, async () => 'answer')).toBe('answer');
    await expect(runWithin(1000, open, () => Promise.reject(new Error('own')))).rejects.toThrow('own');
  });

  test('that does not end is left with HUB_UNIT_TIMEOUT, and told to stop', async () => {
    let seen: AbortSignal | undefined;
    const call = runWithin(5, open, (signal) => {
      seen = signal;
      return never();
    });
    await expect(call).rejects.toMatchObject({
      code: 'HUB_UNIT_TIMEOUT',
      message: expect.stringContaining('5 ms'),
    });
    expect(seen?.aborted).toBe(true);
  });

  test('whose request is cancelled ends at once, before or while it runs', async () => {
    const request = new AbortController();
    const call = runWithin(60_000, request.signal, never);
    request.abort();
    await expect(call).rejects.toMatchObject({ message: 'the request was cancelled' });
    await expect(runWithin(60_000, request.signal, never)).rejects.toMatchObject({
      code: 'HUB_UNIT_TIMEOUT',
    });
  });
});
