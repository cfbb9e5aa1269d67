// An open run from its first page to its end: what waited is replayed, the source is read, the run is closed as what it
// was. Called by sync-feed.ts and sync-deliveries.ts.
import type { Delivery } from '../../connectors/kit/contract.ts';
import { HubError, isHubError } from '../../schema/errors.ts';
import type { FeedMark, RunCounts, SyncStore } from '../../store/contract.ts';
import { type OpenRun, toIso } from './open-run.ts';
import { replayWaiting } from './replay-waiting.ts';
import { type ScanEnd, scanPages } from './scan-pages.ts';
import { planNewScan, planScan, type ScanPlan, toFinalMark } from './scan-plan.ts';

export type End = { readonly state: 'succeeded' | 'stopped'; readonly counts: RunCounts };

/** Rejects with what broke the run, after it was closed as failed. `delivery`: the one that this run reads. */
export async function runOpen(open: OpenRun, delivery: Delivery | null = null): Promise<End> {
  try {
    await replayWaiting(open);
    const { mark, stopped, scanRun, legible } = await runScan(open, delivery);
    if (stopped) {
      const error = new HubError('HUB_SYNC_STOPPED', `feed ${open.feed.name} was asked to stop`);
      return { state: 'stopped', counts: await closeRun(open, { state: 'stopped', error }) };
    }
    // A list with lines that cannot be taken apart is not whole: what it seems to lack may stand there.
    const absence = open.feed.absence.length > 0 && legible;
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

type ScanOutcome = Pick<ScanEnd, 'stopped' | 'legible'> & {
  readonly mark: FeedMark;
  readonly scanRun: string;
};

// A cursor of an older manifest or of another version of the source cannot be resumed; the scan begins again instead. A
// delivery is always read from its beginning: what was written of it already is written again as it is.
async function runScan(open: OpenRun, delivery: Delivery | null): Promise<ScanOutcome> {
  const { feed, lease, run, clock } = open;
  const { lateEveryMs } = open;
  const options = { now: clock(), run: run.id, ...(lateEveryMs === undefined ? {} : { lateEveryMs }) };
  const fresh = () => planNewScan(feed, lease.mark, options);
  if (delivery !== null) return scanFrom(open, fresh(), delivery);
  const scan = planScan(feed, lease.mark, options);
  return scanFrom(open, scan, null).catch((error: unknown) => {
    if (scan.after === null || !isHubError(error, 'HUB_SOURCE_CURSOR')) throw error;
    return scanFrom(open, fresh(), null);
  });
}

async function scanFrom(open: OpenRun, scan: ScanPlan, delivery: Delivery | null): Promise<ScanOutcome> {
  const { seen, ...end } = await scanPages(open, scan, delivery);
  const mark = toFinalMark(open.feed, open.lease.mark, scan, seen, open.clock());
  const isList = delivery !== null && open.feed.key.strategy === 'snapshot';
  return {
    ...end,
    mark: isList ? { ...mark, listAt: delivery.receivedAt } : mark,
    scanRun: scan.run,
  };
}

function closeRun(open: OpenRun, end: Parameters<SyncStore['closeRun']>[1]): Promise<RunCounts> {
  return open.store.closeRun(open.run, end, { now: toIso(open.clock()) });
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new HubError('HUB_INTERNAL', String(error));
}
