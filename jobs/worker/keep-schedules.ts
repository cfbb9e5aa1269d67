// Sees to it that every loaded feed has its schedule for as long as a worker runs. A schedule lives in the queue and can be
// lost there: a Redis that was emptied, a chain that broke while the queue was away, a worker of an older manifest that
// removed what it does not know.
import type { SyncStore } from '../../store/contract.ts';
import type { Log } from '../log.ts';
import type { Feed } from '../plan/feed.ts';
import type { JobQueue } from '../queue/contract.ts';
import { isComparable } from '../reconcile/comparing.ts';
import { toWait } from '../wait.ts';

export type KeepSchedules = {
  readonly feeds: readonly Feed[];
  readonly queue: JobQueue;
  readonly store: SyncStore;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Between two looks. */
  readonly keepMs: number;
  /** Whether source and store are compared too. */
  readonly compares: boolean;
};

/** Between two comparisons of a feed. */
const COMPARE_MS = 3_600_000;

/** Ends with the signal; a queue or a store that does not answer is asked again at the next look. */
export async function keepSchedules(options: KeepSchedules): Promise<void> {
  const { feeds, queue, store, log, signal, keepMs, compares } = options;
  for (;;) {
    await toWait(keepMs, signal);
    if (signal.aborted) return;
    for (const feed of feeds) {
      const { key, name, everyMs, asks } = feed;
      try {
        // A feed that was never complete gets its schedule from the first load, which is still at it.
        // A folder in which nothing ever lay is looked at all the same.
        if (asks !== 'deliveries' && (await store.readMark(key)).watermark === null) continue;
        await queue.schedule(key.unit, name, everyMs);
        if (compares && isComparable(feed)) await queue.schedule(key.unit, name, COMPARE_MS, 'reconcile');
      } catch (error) {
        if (signal.aborted) return;
        const reason = error instanceof Error ? error.message : String(error);
        log.warn({ unit: key.unit, feed: name, reason }, 'the schedule could not be looked at');
      }
    }
  }
}
