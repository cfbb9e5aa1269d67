// Keeps a source from being asked more at once than its manifest allows, and a slow one from filling the hub with waiters.
import { HubError } from '../../../schema/errors.ts';
import type { Source } from '../contract.ts';
import { toAbortError } from './abort.ts';
import type { Clock } from './clock.ts';
import { guard } from './guard.ts';

export type BulkheadSettings = {
  readonly name: string;
  /** Calls under way at once. */
  readonly inFlight: number;
  /** Calls that may wait for a place; one more is HUB_SOURCE_BUSY. */
  readonly waiting: number;
  /** How long a call waits for a place before it is HUB_SOURCE_BUSY. */
  readonly waitMs: number;
};

type Waiter = { readonly enter: () => void; readonly leave: (error: Error) => void };

/** First come, first served. A caller who cancels leaves the queue; closing empties it with HUB_SOURCE_CLOSED. */
export function withBulkhead(source: Source, settings: BulkheadSettings, clock: Clock): Source {
  const { name, inFlight, waiting, waitMs } = settings;
  const queue = new Set<Waiter>();
  let free = inFlight;
  const busy = (why: string) => new HubError('HUB_SOURCE_BUSY', `${name}: ${why}`);

  const enter = async (signal: AbortSignal | undefined) => {
    if (free > 0) {
      free -= 1;
      return;
    }
    if (queue.size >= waiting) throw busy(`${waiting} calls wait already`);
    const timer = new AbortController();
    const onAbort = () => timer.abort();
    signal?.addEventListener('abort', onAbort, { once: true });
    let waiter: Waiter | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        waiter = { enter: resolve, leave: reject };
        queue.add(waiter);
        clock.sleep(waitMs, timer.signal).then(
          () => reject(busy(`no place became free within ${waitMs} ms`)),
          () => reject(toAbortError(signal?.reason, name)),
        );
        if (signal?.aborted) onAbort();
      });
    } finally {
      if (waiter !== undefined) queue.delete(waiter);
      signal?.removeEventListener('abort', onAbort);
      timer.abort();
    }
  };
  const leave = () => {
    const [next] = queue;
    if (next === undefined) {
      free += 1;
      return;
    }
    // The place passes on without becoming free: nobody overtakes.
    queue.delete(next);
    next.enter();
  };

  const guarded = guard(source, async (call, options) => {
    await enter(options.signal);
    try {
      return await call(options);
    } finally {
      leave();
    }
  });
  return {
    ...guarded,
    close: async () => {
      for (const waiter of queue)
        waiter.leave(new HubError('HUB_SOURCE_CLOSED', `${name}: the source was closed`));
      queue.clear();
      await source.close();
    },
  };
}
