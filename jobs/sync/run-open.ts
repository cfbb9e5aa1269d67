// An open run from its first page to its end: what waited is replayed, the source is read, the run is closed as what it
// was. Called by sync-feed.ts and sync-deliveries.ts.
import type { Delivery } from '../../connectors/kit/contract.ts';
import { HubError, isHubError, toError } from '../../schema/errors.ts';
import type { FeedMark, RunCounts, SyncStore } from '../../store/contract.ts';
import type { Feed } from '../plan/feed.ts';
import { type Inspected, inspectShape } from './inspect-shape.ts';
import { type OpenRun, toIso } from './open-run.ts';
import { planMark } from './plan-mark.ts';
import { replayWaiting } from './replay-waiting.ts';
import { type ScanEnd, scanPages } from './scan-pages.ts';
import { planNewScan, planScan, type ScanPlan, toFinalMark } from './scan-plan.ts';
import { toListsAt, toScope } from './scope.ts';

export type End = { readonly state: 'succeeded' | 'stopped'; readonly counts: RunCounts };

/** Rejects with what broke the run, after it was closed as failed. `delivery`: the one that this run reads. */
export async function runOpen(open: OpenRun, delivery: Delivery | null = null): Promise<End> {
  try {
    await replayWaiting(open);
    if (open.signal.aborted) return { state: 'stopped', counts: await closeStopped(open) };
    const ready = await prepare(open);
    const { mark, stopped, scanRun, legible, counted } = await runScan(ready, delivery);
    if (stopped) return { state: 'stopped', counts: await closeStopped(open) };
    // A list with lines that cannot be taken apart is not whole: what it seems to lack may stand there.
    const absence = ready.open.feed.absence.length > 0 && legible;
    const scope = toScope(open.feed, delivery);
    const read = delivery === null ? {} : { delivery: delivery.id };
    const end = {
      state: 'succeeded' as const,
      mark,
      absence,
      scanRun,
      stopped: ready.stopped,
      ...scope,
      ...read,
      ...(counted && isWhole(ready.open.feed, delivery) ? { counted } : {}),
    };
    return { state: 'succeeded', counts: await closeRun(open, end) };
  } catch (error) {
    // What broke the run is what the caller must hear, even if the run cannot be closed either.
    await closeRun(open, { state: 'failed', error: toError(error) }).catch(() => undefined);
    throw error;
  }
}

/** What was read is all that there is, as opposed to what has come since. */
function isWhole({ key }: Feed, delivery: Delivery | null): boolean {
  return key.strategy === 'snapshot' || delivery !== null;
}

// What is read, by which types, and from where: a type that goes on again, or a corrected manifest, reads what lies behind.
async function prepare(open: OpenRun): Promise<Inspected> {
  const inspected = await inspectShape(open);
  const { mark, note } = planMark(open.feed, open.lease.mark, inspected.stopped);
  if (note !== null) {
    await open.store.noteRun(open.run, note);
    open.onNote?.(note);
  }
  return { ...inspected, open: { ...inspected.open, lease: { ...open.lease, mark } } };
}

type ScanOutcome = Pick<ScanEnd, 'stopped' | 'legible' | 'counted'> & {
  readonly mark: FeedMark;
  readonly scanRun: string;
};

// A cursor of an older manifest or of another version of the source cannot be resumed; the scan begins again instead. A
// delivery is always read from its beginning: what was written of it already is written again as it is.
async function runScan(ready: Inspected, delivery: Delivery | null): Promise<ScanOutcome> {
  const { feed, lease, run, clock, lateEveryMs } = ready.open;
  const options = { now: clock(), run: run.id, ...(lateEveryMs === undefined ? {} : { lateEveryMs }) };
  const fresh = () => planNewScan(feed, lease.mark, options);
  if (delivery !== null) return scanFrom(ready, fresh(), delivery);
  const scan = planScan(feed, lease.mark, options);
  return scanFrom(ready, scan, null).catch((error: unknown) => {
    if (scan.after === null || !isHubError(error, 'HUB_SOURCE_CURSOR')) throw error;
    return scanFrom(ready, fresh(), null);
  });
}

async function scanFrom(
  { open, asked }: Inspected,
  scan: ScanPlan,
  delivery: Delivery | null,
): Promise<ScanOutcome> {
  const { seen, ...end } = await scanPages(open, asked, scan, delivery);
  const mark = toFinalMark(open.feed, open.lease.mark, scan, seen, open.clock());
  return {
    ...end,
    mark: { ...mark, ...toListsAt(open.feed, open.lease.mark, delivery) },
    scanRun: scan.run,
  };
}

function closeStopped(open: OpenRun): Promise<RunCounts> {
  const error = new HubError('HUB_SYNC_STOPPED', `feed ${open.feed.name} was asked to stop`);
  return closeRun(open, { state: 'stopped', error });
}

function closeRun(open: OpenRun, end: Parameters<SyncStore['closeRun']>[1]): Promise<RunCounts> {
  return open.store.closeRun(open.run, end, { now: toIso(open.clock()) });
}
