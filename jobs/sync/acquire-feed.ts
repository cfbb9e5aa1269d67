// The right to run a feed, asked for as its plan says: how long it lives without a page, and beside how many others of its
// source it may be held.
import type { Lease } from '../../store/contract.ts';
import type { Feed } from '../plan/feed.ts';
import { type SyncOptions, toIso } from './open-run.ts';

/** null while another worker holds the feed, or its source has no place free. */
export function acquireFeed(
  { key, holdMs, most }: Feed,
  { store, clock, holder, isGone }: Pick<SyncOptions, 'store' | 'clock' | 'holder' | 'isGone'>,
): Promise<Lease | null> {
  return store.acquire(key, {
    ...{ now: toIso(clock()), holdMs, holder },
    ...(isGone === undefined ? {} : { isGone }),
    ...(most === null ? {} : { most }),
  });
}
