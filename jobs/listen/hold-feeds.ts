// One port, one subscription: whoever listens to a source holds all feeds that it brings, or none of them.
import type { Lease, SyncStore } from '../../store/contract.ts';
import type { Feed } from '../plan/feed.ts';
import { acquireFeed } from '../sync/acquire-feed.ts';
import type { SyncOptions } from '../sync/open-run.ts';

export type HeldFeed = { readonly feed: Feed; readonly lease: Lease };

export type HoldOptions = Pick<SyncOptions, 'store' | 'clock' | 'holder' | 'isGone'>;

/** null when another worker holds one of them: then none is held. In one order everywhere, so that two cannot share them. */
export async function holdFeeds(
  feeds: readonly Feed[],
  options: HoldOptions,
): Promise<readonly HeldFeed[] | null> {
  const { store } = options;
  const held: HeldFeed[] = [];
  try {
    for (const feed of feeds.toSorted((left, right) => (left.name < right.name ? -1 : 1))) {
      const lease = await acquireFeed(feed, options);
      if (lease === null) {
        await releaseFeeds(held, store);
        return null;
      }
      held.push({ feed, lease });
    }
  } catch (error) {
    await releaseFeeds(held, store);
    throw error;
  }
  return held;
}

/** A lease that cannot be given back runs out by itself. */
export async function releaseFeeds(held: readonly HeldFeed[], store: SyncStore): Promise<void> {
  await Promise.all(held.map(({ lease }) => store.release(lease).catch(() => undefined)));
}
