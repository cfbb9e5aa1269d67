// A feed that another process holds is waited for: the worker's jobs and an operator's commands, syncing and comparing alike.
import type { Feed } from '../plan/feed.ts';
import { toWait } from '../wait.ts';

const LOOK_MS = 1000;

export type Waiting = {
  readonly signal: AbortSignal;
  /** Beyond the time that a lease lives without a page; 0. */
  readonly patienceMs?: number;
  /** Resolves when another run of this process ends, which may leave a place at the source: then it is looked at once. */
  readonly freed?: () => Promise<void>;
};

/**
 * Runs until the feed was free. Whoever still holds it after a lease's time is alive and reads it: then, and when the signal
 * comes, the answer is `busy`.
 */
export async function runWhenFree<Report extends { readonly state: string }>(
  feed: Pick<Feed, 'holdMs'>,
  run: () => Promise<Report>,
  { signal, patienceMs = 0, freed }: Waiting,
): Promise<Report> {
  const began = performance.now();
  for (;;) {
    // Listened to before the look: what ends between the two is not missed.
    const change = freed?.();
    const report = await run();
    const waited = performance.now() - began;
    if (report.state !== 'busy' || waited >= feed.holdMs + patienceMs || signal.aborted) return report;
    const woken = new AbortController();
    const look = toWait(LOOK_MS, AbortSignal.any([signal, woken.signal]));
    await (change === undefined ? look : Promise.race([look, change]));
    woken.abort();
  }
}
