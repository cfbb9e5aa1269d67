// Before a run reads anything new: kept records of its feed are mapped and written again, those whose link's target may
// have come, those that a person has sent once more, and those that were set aside under an older manifest.
import type { KeptRecord } from '../../store/contract.ts';
import { toMappedPage } from './map-page.ts';
import { type OpenRun, toIso } from './open-run.ts';

/**
 * Replays kept records until there are none, or none that was not tried by this call. `ownToo`: those as well that this run has kept
 * itself, for one that goes on for long; they are ripe only once their target's type has changed since.
 */
export async function replayWaiting(open: OpenRun, { ownToo = false } = {}): Promise<void> {
  const { feed, store, signal } = open;
  const tried = new Set<string>();
  while (!signal.aborted) {
    const kept = await store.takeWaiting(feed.key, feed.pageRows, ownToo ? undefined : open.run.id);
    const untried = kept.filter(({ id }) => !tried.has(id));
    if (untried.length === 0) return;
    for (const { id } of untried) tried.add(id);
    for (const page of toPages(untried)) await replayPage(open, page);
  }
}

// A page for each stretch of records that came together and wait for one type: a row keeps the time at which it first
// came, and a record that waits for one type has landed for the others. The newest are replayed first, since what was
// seen by an earlier run than the standing row's is overtaken; within a page the last of a key counts.
function toPages(kept: readonly KeptRecord[]): readonly (readonly [KeptRecord, ...KeptRecord[]])[] {
  const pages: [KeptRecord, ...KeptRecord[]][] = [];
  for (const record of kept) {
    const page = pages.at(-1);
    if (page !== undefined && isOfPage(page[0], record)) page.unshift(record);
    else pages.push([record]);
  }
  return pages;
}

function isOfPage(first: KeptRecord, record: KeptRecord): boolean {
  return (
    first.receivedAt === record.receivedAt &&
    first.seenAt === record.seenAt &&
    first.seenIn === record.seenIn &&
    first.type === record.type
  );
}

async function replayPage(open: OpenRun, page: readonly [KeptRecord, ...KeptRecord[]]): Promise<void> {
  const { feed, mapping, store, run, lease, clock } = open;
  const [{ receivedAt, seenAt, seenIn, type }] = page;
  const joined = page.map(({ record, digest }) => ({ record, doubled: [], digest }));
  const mapped = toMappedPage(feed, mapping, joined, { now: clock(), receivedAt }, type);
  await store.commitPage(
    run,
    {
      ...mapped,
      read: 0,
      receivedAt,
      seenAt,
      seenIn,
      mark: lease.mark,
      remember: false,
      replayed: page.map(({ id }) => id),
    },
    { now: toIso(clock()), holdMs: feed.holdMs },
  );
}
