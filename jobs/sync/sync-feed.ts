// One run of one feed: lease, replay of waiting records, pages, end. What it writes is idempotent and every page carries
// the mark that a later run resumes from, so that a run may die anywhere and lose or double nothing.
import { HubError } from '../../schema/errors.ts';
import type { RunCounts } from '../../store/contract.ts';
import type { Feed } from '../plan/feed.ts';
import { acquireFeed } from './acquire-feed.ts';
import { type SyncOptions, toIso } from './open-run.ts';
import { runOpen } from './run-open.ts';
import { type DeliveriesReport, syncDeliveries } from './sync-deliveries.ts';

export type RunReport = {
  readonly feed: string;
  /** `busy`: another worker holds the feed and nothing was done. `idle`: no delivery lay there. */
  readonly state: 'succeeded' | 'stopped' | 'busy' | 'idle';
  readonly run: string | null;
  readonly counts: RunCounts | null;
  readonly milliseconds: number;
  /** Deliveries that could not be read and were put away with their reason. */
  readonly refused: DeliveriesReport['refused'];
  /** Whole lists that came late and were put away unread. */
  readonly outdated: DeliveriesReport['outdated'];
};

/**
 * Reads the feed once and writes what it brings. Rejects with the source's or the store's error after the run was closed
 * as failed; whether to try again is its recovery class. A feed that is `unsupported` rejects with HUB_SOURCE_UNSUPPORTED.
 */
export async function syncFeed(feed: Feed, options: SyncOptions): Promise<RunReport> {
  const { store, clock, reason } = options;
  if (feed.unsupported !== null)
    throw new HubError('HUB_SOURCE_UNSUPPORTED', `feed ${feed.name} cannot run: ${feed.unsupported}`, {
      place: { unit: feed.key.unit, source: feed.key.source, object: feed.key.object },
    });
  const startedMs = clock();
  const report = (end: Omit<RunReport, 'feed' | 'milliseconds'>): RunReport => {
    return { feed: feed.name, ...end, milliseconds: clock() - startedMs };
  };
  const lease = await acquireFeed(feed, options);
  if (lease === null) return report({ state: 'busy', run: null, counts: null, refused: [], outdated: [] });
  try {
    if (feed.asks === 'deliveries') return report(await syncDeliveries(feed, lease, options));
    const run = await store.openRun(lease, { reason, now: toIso(clock()) });
    return report({
      ...(await runOpen({ ...options, feed, lease, run })),
      run: run.id,
      refused: [],
      outdated: [],
    });
  } finally {
    // A lease that cannot be given back runs out by itself; the run's own error matters more.
    await store.release(lease).catch(() => undefined);
  }
}
