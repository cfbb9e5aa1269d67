// What a legacy system left to be fetched: one run a delivery, oldest first. One that cannot be read is refused and put
// away with its reason, and the rest goes on; of whole lists only the newest is read.
import type { Delivery } from '../../connectors/kit/contract.ts';
import { type HubError, isHubError } from '../../schema/errors.ts';
import type { Lease, RunCounts } from '../../store/contract.ts';
import type { Feed } from '../plan/feed.ts';
import { type SyncOptions, toIso } from './open-run.ts';
import { runOpen } from './run-open.ts';

export type DeliveriesReport = {
  /** `idle`: nothing lay there, no run was opened, and that says nothing of the feed's life. */
  readonly state: 'succeeded' | 'stopped' | 'idle';
  /** The last of its runs. */
  readonly run: string | null;
  readonly counts: RunCounts | null;
  /** Those that could not be read, each with its reason. */
  readonly refused: readonly { readonly delivery: string; readonly error: HubError }[];
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
  // A list that was taken before may be the present one again.
  const found = await source.deliveries(object, { again: isList });
  const refused: DeliveriesReport['refused'][number][] = [];
  let last: End | null = null;
  const report = (state: DeliveriesReport['state']): DeliveriesReport => {
    return { state, run: last?.run ?? null, counts: last?.counts ?? null, refused };
  };
  // Of whole lists the newest counts; if it cannot be read, the one before it.
  const queue = isList ? found.toReversed() : found;
  for (const [at, delivery] of queue.entries()) {
    if (signal.aborted) return report('stopped');
    last = await runDelivery(feed, lease, options, delivery);
    if (last.stopped) return report('stopped');
    if (last.refusal === null) {
      // Whoever is cut off here must not leave an older list lying without the newest: it would count as the newest.
      if (isList) await passOver(source, object, queue.slice(at + 1));
      await source.settle(object, delivery.id, { state: 'taken' });
      if (isList) break;
    } else {
      refused.push({ delivery: delivery.name, error: last.refusal });
      await source.settle(object, delivery.id, { state: 'refused', error: last.refusal });
    }
  }
  return report(last === null ? 'idle' : 'succeeded');
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
