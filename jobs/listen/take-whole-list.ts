// A whole list that a source which is listened to was asked for and sent: written by a run of its own, like one that was read
// page by page, at whose end what the list no longer has is gone.
import type { Batch, Page, Source } from '../../connectors/kit/contract.ts';
import type { ObjectMapping } from '../../connectors/kit/mapping/outcome.ts';
import { isHubError, isRetryable } from '../../schema/errors.ts';
import type { FeedMark } from '../../store/contract.ts';
import type { Feed } from '../plan/feed.ts';
import { type SyncOptions, toIso } from '../sync/open-run.ts';
import { runOpen } from '../sync/run-open.ts';
import type { HeldFeed } from './hold-feeds.ts';

export type TakeOptions = Pick<SyncOptions, 'source' | 'store' | 'clock' | 'signal'> & {
  readonly mappingOf: (feed: Feed) => ObjectMapping;
};

/**
 * Answers the feed's mark behind it. Rejects when the list is to be sent again: the store is away, or the feed is another's. A
 * list that would delete too much has landed: its run has failed for an operator, and nothing was deleted.
 */
export async function takeWholeList(
  { feed, lease }: HeldFeed,
  batch: Batch,
  mark: FeedMark,
  { source, store, clock, signal, mappingOf }: TakeOptions,
): Promise<FeedMark> {
  // A list that a worker died over is not gone on with: this one is all there is.
  const own = { ...lease, mark: { ...mark, scan: null } };
  const reason = mark.watermark === null ? 'first' : 'schedule';
  const run = await store.openRun(own, { reason, now: toIso(clock()) });
  const options = { store, clock, signal, mapping: mappingOf(feed) };
  try {
    await runOpen({ ...options, feed, run, lease: own, source: toListSource(source, batch, feed.pageRows) });
  } catch (error) {
    if (isRetryable(error) || isHubError(error, 'HUB_SYNC_LEASE_LOST')) throw error;
  }
  return store.readMark(feed.key);
}

/** The list in pages, in place of a source that cannot be asked for them. */
function toListSource(source: Source, { records }: Batch, rows: number): Source {
  return {
    ...source,
    async *scan(): AsyncIterable<Page> {
      for (let at = 0; at === 0 || at < records.length; at += rows) {
        const last = at + rows >= records.length;
        yield {
          records: records.slice(at, at + rows),
          ...{ cursor: null, last, unpushed: [] },
          ...(last ? { counted: true as const } : {}),
        };
      }
    },
  };
}
