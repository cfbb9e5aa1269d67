// A feed that another process holds is waited for: the worker's jobs and an operator's commands, syncing and comparing alike.
import type { Feed } from '../plan/feed.ts';
import { toWait } from '../wait.ts';

const LOOK_MS = 1000;

export type Waiting = {
  readonly signal: AbortSignal;
  /** Beyond the time that a lease lives without a page; 0. */
  readonly patienceMs?: number;
};

/**
 * Runs until the feed was free. Whoever still holds it after a lease's time is alive and reads it: then, and when the signal
 * comes, the answer is `busy`.
 */
export async function runWhenFree<Report extends { readonly state: string }>(
  feed: Pick<Feed, 'holdMs'>,
  run: () => Promise<Report>,
  { signal, patienceMs = 0 }: Waiting,
): Promise<Report> {
  for (let waited = 0; ; waited += LOOK_MS) {
    const report = await run();
    if (report.state !== 'busy' || waited >= feed.holdMs + patienceMs || signal.aborted) return report;
    await toWait(LOOK_MS, signal);
  }
}
