// Listens to a source for as long as the worker runs: one session after the other. Of several workers one listens, and
// another takes over when it has gone.
import { isHubError } from '../../schema/errors.ts';
import { type ListenToSource, listenToSource } from '../listen/listen-to-source.ts';
import type { Feed } from '../plan/feed.ts';
import { toWait } from '../wait.ts';

export type KeepListening = ListenToSource & {
  /** Before the second try of a source that cannot be listened to; it doubles up to a minute. */
  readonly retryMs: number;
  /** 0 to 1, for the jitter. */
  readonly random?: () => number;
};

/** Between two looks whether the one who listens has gone. */
const LOOK_MS = 5000;
const MOST_MS = 60_000;

/**
 * Milliseconds before a source that failed so often one after the other is tried again: from half the wait to all of it, so that
 * workers that lost one broker together do not come back together.
 */
export function toListenPause(failures: number, retryMs: number, random: () => number): number {
  const most = Math.max(retryMs, Math.min(retryMs * 2 ** (failures - 1), MOST_MS));
  return most * (0.5 + random() / 2);
}

/** `feeds`: all that the source pushes. Ends with the signal and never rejects. */
export async function keepListening(feeds: readonly Feed[], options: KeepListening): Promise<void> {
  const { signal, log, retryMs, clock, random = Math.random } = options;
  const [{ unit, source } = { unit: '', source: '' }] = feeds.map(({ key }) => key);
  let failures = 0;
  while (!signal.aborted) {
    let waitMs = Math.min(LOOK_MS, retryMs);
    const began = clock();
    try {
      await listenToSource(feeds, options);
      failures = 0;
    } catch (error) {
      const isTaken = isHubError(error, 'HUB_SYNC_LEASE_LOST');
      // One that went well for long enough and then broke is no source that cannot be listened to.
      failures = isTaken ? 0 : clock() - began > MOST_MS ? 1 : failures + 1;
      if (failures > 0) waitMs = toListenPause(failures, retryMs, random);
      const reason = error instanceof Error ? error.message : String(error);
      log.warn({ unit, source, reason }, isTaken ? 'another worker listens' : 'listening failed');
    }
    await toWait(waitMs, signal);
  }
}
