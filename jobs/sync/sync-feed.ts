// One run of one feed: lease, replay of waiting records, pages, end. What it writes is idempotent and every page carries
// the mark that a later run resumes from, so that a run may die anywhere and lose or double nothing.
import { HubError, isHubError } from '../../schema/errors.ts';
import type { FeedMark, Run, RunCounts, SyncStore } from '../../store/contract.ts';
import type { Feed } from '../plan/feed.ts';
import { HOLD_MS, type OpenRun, type SyncOptions, toIso } from './open-run.ts';
import { replayWaiting } from './replay-waiting.ts';
import { scanPages } from './scan-pages.ts';
import { planNewScan, planScan, type ScanPlan, toFinalMark } from './scan-plan.ts';

export type RunReport = {
  readonly feed: string;
  /** `busy`: another worker holds the feed and nothing was done. */
  readonly state: 'succeeded' | 'stopped' | 'busy';
  readonly run: string | null;
  readonly counts: RunCounts | null;
  readonly milliseconds: number;
};

/**
 * Reads the feed once and writes what it brings. Rejects with the source's or the store's error after the run was closed
 * as failed; whether to try again is its recovery class. A feed that is `unsupported` rejects with HUB_SOURCE_UNSUPPORTED.
 */
export async function syncFeed(feed: Feed, options: SyncOptions): Promise<RunReport> {
  const { store, clock, holder, reason } = options;
  if (feed.unsupported !== null)
    throw new HubError('HUB_SOURCE_UNSUPPORTED', `feed ${feed.name} cannot run: ${feed.unsupported}`, {
      place: { unit: feed.key.unit, source: feed.key.source, object: feed.key.object },
    });
  const startedMs = clock();
  const report = (state: RunReport['state'], run: Run | null, counts: RunCounts | null): RunReport => {
    return { feed: feed.name, state, run: run?.id ?? null, counts, milliseconds: clock() - startedMs };
  };
  const lease = await store.acquire(feed.key, {
    now: toIso(startedMs),
    holdMs: HOLD_MS,
    holder,
    ...(options.isGone === undefined ? {} : { isGone: options.isGone }),
  });
  if (lease === null) return report('busy', null, null);
  try {
    const run = await store.openRun(lease, { reason, now: toIso(clock()) });
    const end = await runOpen({ ...options, feed, lease, run });
    return report(end.state, run, end.counts);
  } finally {
    // A lease that cannot be given back runs out by itself; the run's own error matters more.
    await store.release(lease).catch(() => undefined);
  }
}

type End = { readonly state: 'succeeded' | 'stopped'; readonly counts: RunCounts };

async function runOpen(open: OpenRun): Promise<End> {
  try {
    await replayWaiting(open);
    const { mark, stopped, scanRun } = await runScan(open);
    if (stopped) {
      const error = new HubError('HUB_SYNC_STOPPED', `feed ${open.feed.name} was asked to stop`);
      return { state: 'stopped', counts: await closeRun(open, { state: 'stopped', error }) };
    }
    const absence = open.feed.absence.length > 0;
    return {
      state: 'succeeded',
      counts: await closeRun(open, { state: 'succeeded', mark, absence, scanRun }),
    };
  } catch (error) {
    // What broke the run is what the caller must hear, even if the run cannot be closed either.
    await closeRun(open, { state: 'failed', error: toError(error) }).catch(() => undefined);
    throw error;
  }
}

type ScanOutcome = { readonly mark: FeedMark; readonly stopped: boolean; readonly scanRun: string };

// A cursor of an older manifest or of another version of the source cannot be resumed; the scan begins again instead.
async function runScan(open: OpenRun): Promise<ScanOutcome> {
  const { feed, lease, run, clock } = open;
  const now = clock();
  const fresh = () => planNewScan(feed, lease.mark, { now, run: run.id });
  const scan = planScan(feed, lease.mark, { now, run: run.id });
  return scanFrom(open, scan).catch((error: unknown) => {
    if (scan.after === null || !isHubError(error, 'HUB_SOURCE_CURSOR')) throw error;
    return scanFrom(open, fresh());
  });
}

async function scanFrom(open: OpenRun, scan: ScanPlan): Promise<ScanOutcome> {
  const { newest, stopped } = await scanPages(open, scan);
  return { mark: toFinalMark(open.lease.mark, scan, newest, open.clock()), stopped, scanRun: scan.run };
}

function closeRun(open: OpenRun, end: Parameters<SyncStore['closeRun']>[1]): Promise<RunCounts> {
  return open.store.closeRun(open.run, end, { now: toIso(open.clock()) });
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new HubError('HUB_INTERNAL', String(error));
}
