// The first load of a unit: every feed that was never complete is run once, in the order of the plan, through the
// queue. A feed that cannot be loaded is tried again until it can; its schedule begins when it was.
import { isRetryable } from '../../schema/errors.ts';
import type { FeedKey, SyncStore } from '../../store/contract.ts';
import type { Log } from '../log.ts';
import type { Feed } from '../plan/feed.ts';
import type { JobQueue } from '../queue/contract.ts';
import { toWait } from '../wait.ts';
import type { RunEnds } from './run-ends.ts';

export type FirstLoad = {
  readonly unit: string;
  readonly feed: string;
  /** `held`: a feed that it waits for could not be loaded. `stopped`: the worker was closed before. */
  readonly state: 'complete' | 'failed' | 'held' | 'stopped';
  readonly error: Error | null;
};

export type FirstLoadOptions = {
  readonly feeds: readonly Feed[];
  readonly queue: JobQueue;
  readonly store: SyncStore;
  readonly ends: RunEnds;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly log: Log;
  /** Between two tries of a feed whose source is down. */
  readonly retryMs: number;
  /** Told of each feed that this load has brought for the first time. */
  readonly onLoaded?: (feed: Feed) => Promise<unknown>;
};

/** How often a run that another process has taken is looked for in the store. */
const LOOK_MS = 2000;

/** One pass over the feeds; each complete one gets its schedule. Never rejects because of a feed. */
export async function runFirstLoad(options: FirstLoadOptions): Promise<readonly FirstLoad[]> {
  const loads = new Map<string, Promise<FirstLoad>>();
  // Sorted by stage: what a feed comes after is in the map before it.
  for (const feed of options.feeds) {
    const before = feed.after.flatMap((name) => loads.get(name) ?? []);
    loads.set(
      feed.name,
      Promise.all(before).then((ends) => loadFeed(feed, ends, options)),
    );
  }
  return Promise.all(loads.values());
}

/**
 * Goes on with what the first pass left, until everything is complete or the worker stops. A fault that needs a person
 * (wrong password, a table that is gone) is tried at the feed's own pace: no account is locked by asking every seconds.
 */
export async function keepLoading(first: readonly FirstLoad[], options: FirstLoadOptions): Promise<void> {
  const { signal, retryMs } = options;
  const notBefore = new Map<string, number>();
  let loads = first;
  for (;;) {
    const open = options.feeds.filter((feed) => loads.some((load) => load.feed === feed.name));
    for (const load of loads) {
      const everyMs = open.find((feed) => feed.name === load.feed)?.everyMs ?? retryMs;
      const slow = load.error !== null && !isRetryable(load.error);
      notBefore.set(load.feed, options.now() + (slow ? Math.max(everyMs, retryMs) : 0));
    }
    const left = loads.filter((load) => load.state !== 'complete').map((load) => load.feed);
    if (left.length === 0) return;
    await toWait(retryMs, signal);
    if (signal.aborted) return;
    const due = open.filter(
      (feed) => left.includes(feed.name) && (notBefore.get(feed.name) ?? 0) <= options.now(),
    );
    // What is complete by now is no longer waited for; what is not due yet keeps holding the feeds behind it.
    const feeds = due
      .map((feed) => ({ ...feed, after: feed.after.filter((name) => left.includes(name)) }))
      .filter((feed) => feed.after.every((name) => due.some((other) => other.name === name)));
    const again = await runFirstLoad({ ...options, feeds });
    loads = [
      ...loads.filter((load) => left.includes(load.feed) && !again.some(({ feed }) => feed === load.feed)),
      ...again,
    ];
  }
}

async function loadFeed(
  feed: Feed,
  before: readonly FirstLoad[],
  options: FirstLoadOptions,
): Promise<FirstLoad> {
  const end = (state: FirstLoad['state'], error: Error | null = null): FirstLoad => {
    return { unit: feed.key.unit, feed: feed.name, state, error };
  };
  if (before.some((load) => load.state !== 'complete')) return end('held');
  try {
    const isFirst = !(await wasComplete(options.store, feed.key));
    const error = await runToCompletion(feed, options);
    if (error !== null) return end('failed', error);
    if (options.signal.aborted) return end('stopped');
    await options.queue.schedule(feed.key.unit, feed.name, feed.everyMs);
    if (isFirst) await options.onLoaded?.(feed);
    return end('complete');
  } catch (error) {
    return end(options.signal.aborted ? 'stopped' : 'failed', error instanceof Error ? error : null);
  }
}

// Asks for a run until the store says that the feed was complete once. The run may be taken by another process, which
// tells this one nothing: the store is asked again and again.
async function runToCompletion(feed: Feed, options: FirstLoadOptions): Promise<Error | null> {
  const { queue, store, ends, signal } = options;
  while (!signal.aborted) {
    if (await wasComplete(store, feed.key)) return null;
    const ended = ends.next(feed.name, LOOK_MS, signal);
    await queue.enqueue(feed.key.unit, feed.name, 'first');
    const end = await ended;
    if (end === 'succeeded') return null;
    if (end instanceof Error) return end;
  }
  return null;
}

// Without a lease: whoever only looks must not keep a run from beginning.
async function wasComplete(store: SyncStore, feed: FeedKey): Promise<boolean> {
  return (await store.readMark(feed)).watermark !== null;
}
