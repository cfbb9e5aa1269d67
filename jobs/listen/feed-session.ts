// One feed while its source is listened to: batches become pages, one after the other, and each is answered when it is
// durable. What came while a page was written goes into the next one together: the more there is, the larger the pages.
import type { Batch, Source } from '../../connectors/kit/contract.ts';
import type { ObjectMapping } from '../../connectors/kit/mapping/outcome.ts';
import { HubError, isHubError, isRetryable } from '../../schema/errors.ts';
import type { FeedMark, Run, RunEnd, SyncStore } from '../../store/contract.ts';
import type { Feed } from '../plan/feed.ts';
import { toMappedPage, withUnreadable } from '../sync/map-page.ts';
import { type Clock, toIso } from '../sync/open-run.ts';
import { replayWaiting } from '../sync/replay-waiting.ts';
import type { HeldFeed } from './hold-feeds.ts';
import { takeWholeList } from './take-whole-list.ts';

export type SessionOptions = {
  readonly source: Source;
  readonly store: SyncStore;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly mappingOf: (feed: Feed) => ObjectMapping;
  /** A run of a feed that is listened to ends after this long, and the next one begins. */
  readonly rollMs: number;
};

export type FeedSession = {
  readonly feed: Feed;
  /** Resolves when the batch is durable. Rejects, with nothing of it written, with the store's error. */
  take(batch: Batch): Promise<void>;
  /** The source gave a sign of life that is no record. */
  hear(at: string): void;
  /** Keeps the lease, writes down what was heard, replays what waited, and begins a new run when it is time. */
  beat(): Promise<void>;
  /** Ends the run, behind everything that was taken; `error`: what ended the listening. Never rejects. */
  close(error: Error | null): Promise<void>;
};

/** Beyond this, senders are told to come back: nothing piles up here, whatever a source does. */
const MOST_WAITING = 1000;

type Waiting = {
  readonly batch: Batch;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

/** Opens the feed's run. Rejects with HUB_SYNC_LEASE_LOST. */
export async function openFeedSession(held: HeldFeed, options: SessionOptions): Promise<FeedSession> {
  const { feed, lease } = held;
  const { store, clock, rollMs } = options;
  const pages = await openPages(held, options);
  const waiting: Waiting[] = [];
  let tail: Promise<unknown> = Promise.resolve();
  let heard: string | null = null;
  let [isFirst, startedMs] = [true, clock()];

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = tail.then(work);
    tail = turn.catch(() => undefined);
    return turn;
  };
  const hear = (at: string) => {
    heard = heard === null || at > heard ? at : heard;
  };
  const writeWaiting = async () => {
    const group = takeGroup(waiting, feed.pageRows);
    if (group.length === 0) return;
    const [first] = group;
    const isList = first?.batch.whole === true;
    await answer(group, (batches) => (isList ? pages.writeList(first.batch) : pages.write(batches)));
  };
  return {
    feed,
    hear,
    take: async (batch) => {
      if (waiting.length >= MOST_WAITING)
        throw new HubError(
          'HUB_SOURCE_BUSY',
          `feed ${feed.name}: ${MOST_WAITING} batches wait for the store`,
          {
            place: { unit: feed.key.unit, source: feed.key.source, object: feed.key.object },
          },
        );
      const written = new Promise<void>((resolve, reject) => waiting.push({ batch, resolve, reject }));
      inTurn(writeWaiting).catch(() => undefined);
      await written;
      hear(batch.receivedAt);
    },
    beat: () =>
      inTurn(async () => {
        const heardAt = heard ?? (isFirst ? null : undefined);
        const now = toIso(clock());
        await store.renew(lease, {
          ...{ now, holdMs: feed.holdMs },
          ...(heardAt === undefined ? {} : { heardAt }),
        });
        if (heard === heardAt) heard = null;
        isFirst = false;
        await pages.replay();
        if (clock() - startedMs < rollMs) return;
        await pages.roll();
        startedMs = clock();
      }),
    close: (error) =>
      inTurn(async () => {
        if (heard !== null)
          await store
            .renew(lease, { now: toIso(clock()), holdMs: feed.holdMs, heardAt: heard })
            .catch(() => undefined);
        await pages.end(error).catch(() => undefined);
      }),
  };
}

/** The first that waits, and those behind it that fit into one page with it; a whole list stands alone. */
function takeGroup(waiting: Waiting[], rows: number): readonly Waiting[] {
  let count = 0;
  const end = waiting.findIndex(({ batch }, index) => {
    count += batch.records.length;
    return index > 0 && (count > rows || batch.whole === true || waiting[0]?.batch.whole === true);
  });
  return waiting.splice(0, end < 0 ? waiting.length : end);
}

/** A batch that the store refuses must not keep those back that came with it: they are then written each by itself. */
async function answer(
  group: readonly Waiting[],
  write: (batches: readonly Batch[]) => Promise<void>,
): Promise<void> {
  try {
    await write(group.map(({ batch }) => batch));
    for (const { resolve } of group) resolve();
  } catch (error) {
    if (group.length > 1 && !isRetryable(error) && !isHubError(error, 'HUB_SYNC_LEASE_LOST'))
      for (const one of group) await answer([one], write);
    else for (const { reject } of group) reject(error);
  }
}

/** The feed's run under way, and its mark. */
async function openPages({ feed, lease }: HeldFeed, options: SessionOptions) {
  const { source, store, clock, signal, mappingOf } = options;
  const mapping = mappingOf(feed);
  let mark: FeedMark = lease.mark;
  const openRun = (): Promise<Run> =>
    store.openRun(
      { ...lease, mark },
      { reason: mark.watermark === null ? 'first' : 'schedule', now: toIso(clock()) },
    );
  let run = await openRun();
  const end = (error: Error | null) => store.closeRun(run, toRunEnd(error, mark), { now: toIso(clock()) });
  return {
    end,
    async roll() {
      await end(null);
      run = await openRun();
    },
    replay: () =>
      replayWaiting(
        { feed, source, mapping, store, clock, signal, lease: { ...lease, mark }, run },
        { ownToo: true },
      ),
    async writeList(batch: Batch) {
      await end(null);
      try {
        mark = await takeWholeList({ feed, lease }, batch, mark, options);
      } finally {
        run = await openRun();
      }
    },
    async write(batches: readonly Batch[]) {
      const times = batches.map(({ receivedAt }) => receivedAt).toSorted();
      const receivedAt = times[0] ?? toIso(clock());
      const records = batches.flatMap((batch) =>
        batch.records.map((record) => ({ record, doubled: [], digest: null })),
      );
      const unreadable = batches.flatMap((batch) => batch.unreadable ?? []);
      const mapped = toMappedPage(feed, mapping, records, { now: clock(), receivedAt });
      // Parts of a list do not say how far its feed has come.
      const isList = feed.key.strategy === 'snapshot';
      const newMark = isList ? mark : { ...mark, watermark: times.at(-1) ?? mark.watermark };
      await store.commitPage(
        run,
        {
          ...mapped,
          receivedAt,
          setAside: withUnreadable(mapped, unreadable),
          read: records.length + unreadable.length,
          mark: newMark,
          remember: false,
        },
        { now: toIso(clock()), holdMs: feed.holdMs },
      );
      mark = newMark;
    },
  };
}

// Its age was written down with what was heard, and does not come from a run that ends. A feed that another worker took over
// has not failed.
function toRunEnd(error: Error | null, mark: FeedMark): RunEnd {
  if (error === null) return { state: 'succeeded', mark, absence: false, idle: true };
  return { state: isHubError(error, 'HUB_SYNC_LEASE_LOST') ? 'stopped' : 'failed', error };
}
