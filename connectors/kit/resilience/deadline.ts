// Ends a call that the source does not answer in time, also when the source ignores its signal.
import { HubError } from '../../../schema/errors.ts';
import type { Source } from '../contract.ts';
import { toAbortError } from './abort.ts';
import type { Clock } from './clock.ts';
import { guard } from './guard.ts';

export type DeadlineSettings = { readonly name: string; readonly timeoutMs: number };

/** Every call (of a scan: every page) ends within `timeoutMs`, with HUB_SOURCE_TIMEOUT, or when its caller cancels. */
export function withDeadline(source: Source, settings: DeadlineSettings, clock: Clock): Source {
  const { name, timeoutMs } = settings;
  return guard(source, async (call, options) => {
    const inner = new AbortController();
    const timer = new AbortController();
    let end: (error: HubError) => void = () => undefined;
    const ended = new Promise<never>((_, reject) => {
      end = (error) => {
        inner.abort(error);
        reject(error);
      };
    });
    ended.catch(() => undefined);
    const onAbort = () => end(toAbortError(options.signal?.reason, name));
    options.signal?.addEventListener('abort', onAbort, { once: true });
    if (options.signal?.aborted) onAbort();
    clock.sleep(timeoutMs, timer.signal).then(
      () => end(new HubError('HUB_SOURCE_TIMEOUT', `${name}: no answer within ${timeoutMs} ms`)),
      () => undefined,
    );
    try {
      return await Promise.race([call({ ...options, signal: inner.signal }), ended]);
    } finally {
      options.signal?.removeEventListener('abort', onAbort);
      timer.abort();
    }
  });
}
