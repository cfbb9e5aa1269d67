// What a legacy system left to be fetched: one run a delivery, oldest first. One that cannot be read is refused and put
// away with its reason, and the rest goes on; of whole lists only the newest is read.
import type { Delivery } from '../../connectors/kit/contract.ts';
import { type ErrorCode, type HubError, isHubError } from '../../schema/errors.ts';
import type { Lease, RunCounts } from '../../store/contract.ts';
import type { Feed } from '../plan/feed.ts';
import { type SyncOptions, toIso } from './open-run.ts';
import { replayWaiting } from './replay-waiting.ts';
import { runOpen } from './run-open.ts';
import { isOutdated, toLists, toListsAt } from './scope.ts';

export type DeliveriesReport = {
  /** `idle`: nothing lay there, which says nothing of the feed's life; a run was opened only to end an outage. */
  readonly state: 'succeeded' | 'stopped' | 'idle';
  /** The last of its runs. */
  readonly run: string | null;
  readonly counts: RunCounts | null;
  /** Those that could not be read, each with its reason. */
  readonly refused: readonly { readonly delivery: string; readonly error: HubError }[];
  /** Whole lists that are older than one that was taken before: put away unread. */
  readonly outdated: readonly string[];
};

/** Faults of the delivery itself, which no second try mends. Whatever else breaks a run leaves the delivery where it is. */
const OF_THE_DELIVERY = [
  'HUB_SOURCE_ENCODING',
  'HUB_SOURCE_FORMAT',
  'HUB_SOURCE_LIMIT',
  'HUB_MAP_SHAPE',
] as const;

/** Rejects with the source's or the store's error; what was settled before stays settled. */
export async function syncDeliveries(
  feed: Feed,
  lease: Lease,
  options: SyncOptions,
): Promise<DeliveriesReport> {
  const { source, signal } = options;
  const { object, strategy } = feed.key;
  const isList = strategy === 'snapshot';
  const found = await lookFor(lease, options, feed);
  // One that arrives late says what was; it must not count as what is.
  const isOld = (delivery: Delivery) => isList && isOutdated(feed, lease.mark, delivery);
  const [outdated, present] = [found.filter(isOld), found.filter((one) => !isOld(one))];
  const old = outdated.map(({ name }) => name);
  const refused: DeliveriesReport['refused'][number][] = [];
  let last: End | null = null;
  const report = (state: DeliveriesReport['state']): DeliveriesReport => {
    return { state, run: last?.run ?? null, counts: last?.counts ?? null, refused, outdated: old };
  };
  await passOver(source, object, outdated.toReversed());
  // Of whole lists the newest of each scope counts; if it cannot be read, the one before it.
  const queues = isList ? toLists(feed, present).map((list) => list.toReversed()) : [present];
  let held = lease;
  for (const queue of queues) {
    // A list that the delete brake has held back says the same each time: it lies until it changes or a person lets it go.
    if (isList && lease.braked?.includes(queue[0]?.id ?? '') === true) continue;
    for (const [at, delivery] of queue.entries()) {
      if (signal.aborted) return report('stopped');
      last = await runDelivery(feed, held, options, delivery);
      if (last.stopped) return report('stopped');
      if (last.refusal === null) {
        // Whoever is cut off here must not leave an older list lying without the newest: it would count as the newest.
        if (isList) await passOver(source, object, queue.slice(at + 1));
        await source.settle(object, delivery.id, { state: 'taken' });
        held = { ...held, mark: { ...held.mark, ...toListsAt(feed, held.mark, delivery) } };
        if (isList) break;
      } else {
        refused.push({ delivery: delivery.name, error: last.refusal });
        await source.settle(object, delivery.id, { state: 'refused', error: last.refusal });
      }
    }
  }
  if (last !== null) return report('succeeded');
  const replayed = await replayKept(feed, lease, options);
  const end = replayed ?? (isBraked(lease) ? NOTHING : await endOutage(lease, options));
  return { ...end, state: 'idle', refused, outdated: old };
}

const NOTHING = { run: null, counts: null } as const;

/** A look that fails is a run that failed: the feed's types must not seem well while nobody can see what lies there. */
async function lookFor(lease: Lease, options: SyncOptions, { key }: Feed): Promise<readonly Delivery[]> {
  const { source, store, reason, clock, signal } = options;
  try {
    // A list that was taken before may be the present one again.
    return await source.deliveries(key.object, { again: key.strategy === 'snapshot' });
  } catch (error) {
    // A refused delivery is not forgotten over an outage: what the feed fails with stays that.
    if (signal.aborted || !(error instanceof Error) || isOfTheDelivery(lease.failing)) throw error;
    const run = await store.openRun(lease, { reason, now: toIso(clock()) });
    // What broke the look is what the caller must hear, even if the run cannot be closed either.
    await store.closeRun(run, { state: 'failed', error }, { now: toIso(clock()) }).catch(() => undefined);
    throw error;
  }
}

/** Nothing lies there, but it was seen: whatever kept the last run from reading is over. */
async function endOutage(
  lease: Lease,
  options: SyncOptions,
): Promise<Pick<DeliveriesReport, 'run' | 'counts'>> {
  const { store, reason, clock } = options;
  if (lease.failing === null || isOfTheDelivery(lease.failing)) return { run: null, counts: null };
  const run = await store.openRun(lease, { reason, now: toIso(clock()) });
  const end = { state: 'succeeded', mark: lease.mark, absence: false, idle: true } as const;
  return { run: run.id, counts: await store.closeRun(run, end, { now: toIso(clock()) }) };
}

/** Nothing lies there, but records that could not land may land now: that needs no delivery. Null when there are none. */
async function replayKept(
  feed: Feed,
  lease: Lease,
  options: SyncOptions,
): Promise<Pick<DeliveriesReport, 'run' | 'counts'> | null> {
  const { store, reason, clock } = options;
  if ((await store.takeWaiting(feed.key, 1)).length === 0) return null;
  const run = await store.openRun(lease, { reason, now: toIso(clock()) });
  const failing = isBraked(lease) || isOfTheDelivery(lease.failing);
  const end = { state: 'succeeded', mark: lease.mark, absence: false } as const;
  try {
    await replayWaiting({ ...options, feed, lease, run });
    const close = failing ? ({ ...end, replay: true } as const) : ({ ...end, idle: true } as const);
    return { run: run.id, counts: await store.closeRun(run, close, { now: toIso(clock()) }) };
  } catch (error) {
    const cause = error instanceof Error ? error : new Error(String(error));
    await store
      .closeRun(run, { state: 'failed', error: cause }, { now: toIso(clock()) })
      .catch(() => undefined);
    throw error;
  }
}

function isBraked({ braked = [] }: Lease): boolean {
  return braked.length > 0;
}

function isOfTheDelivery(code: ErrorCode | null): boolean {
  return OF_THE_DELIVERY.some((one) => one === code);
}

/** Oldest first, whatever the signal says: it is quickly done. */
async function passOver(
  source: SyncOptions['source'],
  object: string,
  newestFirst: readonly Delivery[],
): Promise<void> {
  for (const { id } of newestFirst.toReversed()) await source.settle(object, id, { state: 'passed' });
}

type End = {
  readonly run: string;
  readonly counts: RunCounts | null;
  readonly stopped: boolean;
  readonly refusal: HubError | null;
};

async function runDelivery(feed: Feed, lease: Lease, options: SyncOptions, delivery: Delivery): Promise<End> {
  const { store, reason, clock } = options;
  const run = await store.openRun(lease, { reason, now: toIso(clock()) });
  try {
    const { state, counts } = await runOpen({ ...options, feed, lease, run }, delivery);
    return { run: run.id, counts, stopped: state === 'stopped', refusal: null };
  } catch (error) {
    if (!isHubError(error, ...OF_THE_DELIVERY)) throw error;
    return { run: run.id, counts: null, stopped: false, refusal: error };
  }
}
