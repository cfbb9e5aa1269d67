// Where a worker can be hit: behind a page that was read, before, in and behind its commit, before a run's end. Wraps the
// source and the store that the worker is given; what happens there is decided by counting, so that a seed repeats.
import type { Source } from '../../connectors/kit/contract.ts';
import type { FeedKey, SyncStore } from '../../store/contract.ts';

export type Point = 'read' | 'commit' | 'during' | 'committed' | 'close';
export const POINTS: readonly [Point, ...Point[]] = ['read', 'commit', 'during', 'committed', 'close'];

/** Called at each point; whoever is hit there never comes back, or much later. */
export type AtPoint = (point: Point, place: Pick<FeedKey, 'source' | 'object'>) => Promise<void>;

export function toHitSource(inner: Source, source: string, at: AtPoint): Source {
  return {
    ...inner,
    scan: async function* (object, request, options) {
      for await (const page of inner.scan(object, request, options)) {
        await at('read', { source, object });
        yield page;
      }
    },
  };
}

export function toHitStore(inner: SyncStore, at: AtPoint): SyncStore {
  return {
    ...inner,
    commitPage: async (run, page, options) => {
      await at('commit', run.lease.feed);
      await at('during', run.lease.feed);
      const counts = await inner.commitPage(run, page, options);
      await at('committed', run.lease.feed);
      return counts;
    },
    closeRun: async (run, end, options) => {
      if (end.state === 'succeeded') await at('close', run.lease.feed);
      return inner.closeRun(run, end, options);
    },
  };
}

/** A lease lives `holdMs` without a page. Not where it is kept by time (push): that beats slower. */
export function toHastyStore(inner: SyncStore, holdMs: number): SyncStore {
  const of = <T extends { readonly holdMs: number }>(feed: FeedKey, options: T): T =>
    feed.strategy === 'push' ? options : { ...options, holdMs };
  return {
    ...inner,
    acquire: (feed, options) => inner.acquire(feed, of(feed, options)),
    commitPage: (run, page, options) => inner.commitPage(run, page, of(run.lease.feed, options)),
  };
}
