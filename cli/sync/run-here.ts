// The feeds of `hub sync` run in this process, one after the other in the order of the first load.
import type { Feed } from '../../jobs/plan/feed.ts';
import type { SyncOptions } from '../../jobs/sync/open-run.ts';
import type { Progress } from '../../jobs/sync/progress.ts';
import { type RunReport, syncFeed } from '../../jobs/sync/sync-feed.ts';
import { runWhenFree } from '../../jobs/sync/when-free.ts';
import { openHolder } from '../../jobs/worker/holder.ts';
import { isHubError } from '../../schema/errors.ts';
import type { SyncStore } from '../../store/contract.ts';
import type { PlannedUnit } from '../open-feeds.ts';
import { type Look, type Sight, toHindrance, toWaiting } from './sight.ts';

export type HereOptions = {
  readonly store: SyncStore;
  /** Said of a feed before anything of it is read. */
  readonly notes: ReadonlyMap<string, string>;
  readonly look: Look;
  readonly signal: AbortSignal;
};

/** Rejects with HUB_CONFIG_INVALID when the sources cannot be opened; what breaks one feed stands at it. */
export async function runHere(
  planned: PlannedUnit,
  feeds: readonly Feed[],
  { store, notes, look, signal }: HereOptions,
): Promise<readonly Sight[]> {
  const sources = await planned.open(feeds);
  const { name: holder, isGone } = openHolder(`sync-${process.pid}`);
  const sights = new Map<string, Sight>();
  const see = (sight: Sight) => {
    sights.set(sight.feed, { ...sight, note: sight.note ?? notes.get(sight.feed) ?? null });
    look([...sights.values()]);
  };
  for (const { name } of feeds) see(toWaiting(name));
  try {
    for (const feed of feeds) {
      const hindrance = toHindrance(feed);
      const waiting = toWaiting(feed.name);
      if (hindrance !== null) see({ ...waiting, state: 'passed', note: hindrance });
      else if (signal.aborted) see({ ...waiting, state: 'stopped' });
      else {
        const mapping = planned.mappingOf(feed);
        const shared = { mapping, store, clock: Date.now, signal, holder, isGone, reason: 'manual' as const };
        await runOne(feed, { ...shared, source: sources.of(feed) }, see);
      }
    }
  } finally {
    await sources.close();
  }
  return [...sights.values()];
}

async function runOne(
  feed: Feed,
  options: Omit<SyncOptions, 'onProgress'>,
  see: (sight: Sight) => void,
): Promise<void> {
  let last: Sight = { ...toWaiting(feed.name), state: 'running' };
  const onProgress = (progress: Progress) => {
    last = toRunning(last, progress);
    see(last);
  };
  see(last);
  try {
    // The worker may be reading the feed just now.
    const report = await runWhenFree(feed, () => syncFeed(feed, { ...options, onProgress }), options);
    see(toEnded(last, report));
  } catch (error) {
    const code = isHubError(error) ? error.code : 'HUB_INTERNAL';
    const note = isHubError(error) ? error.message : null;
    see({ ...last, state: 'failed', code, note, estimatedEndAt: null });
  }
}

function toRunning(last: Sight, progress: Progress): Sight {
  const { read, written, setAside, position, ratePerSecond, estimatedEndMs } = progress;
  return {
    ...{ ...last, read, written, setAside, position, rowsPerSecond: ratePerSecond },
    estimatedEndAt: estimatedEndMs === null ? null : new Date(estimatedEndMs).toISOString(),
  };
}

function toEnded(last: Sight, { state, run, counts, milliseconds, refused }: RunReport): Sight {
  const ended: Sight = {
    ...last,
    ...{ state: state === 'idle' ? 'passed' : state, run, estimatedEndAt: null },
    ...(state === 'succeeded' ? { position: 1 } : {}),
    note:
      refused.length === 0 ? null : `未能读取 refused: ${refused.map(({ delivery }) => delivery).join(', ')}`,
  };
  if (counts === null) return ended;
  const { read, written, setAside } = counts;
  return {
    ...ended,
    read,
    written,
    setAside,
    rowsPerSecond: Math.round((read * 1000) / Math.max(milliseconds, 1)),
  };
}
