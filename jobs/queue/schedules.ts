// The schedules of a unit's feeds as BullMQ's job schedulers: each keeps one job of the future, and makes the next one
// when that begins.
import type { UnitQueue } from './backend.ts';
import { type RetryOptions, toJobOptions } from './options.ts';

export type Schedule = { readonly unit: string; readonly feed: string; readonly everyMs: number };

/**
 * Makes the feed's schedule, or changes its interval. One that stands is not touched: setting it anew at each start would
 * push its next run away, and a worker that restarts often would never reach it.
 */
export async function setSchedule(
  queue: UnitQueue,
  schedule: Schedule,
  retries: RetryOptions,
): Promise<void> {
  const { unit, feed, everyMs } = schedule;
  const known = await queue.getJobScheduler(feed);
  if (known?.every === everyMs && (await isScheduled(queue, feed))) return;
  const data = { unit, feed, reason: 'schedule' as const };
  await queue.upsertJobScheduler(
    feed,
    // Who sets a schedule has just loaded the feed: its first run would find nothing.
    { every: everyMs, startDate: Date.now() + everyMs },
    { name: feed, data, opts: toJobOptions(retries) },
  );
}

// A job that has ended makes no next one: then the chain is broken, by a worker that died while it was linking it.
async function isScheduled(queue: UnitQueue, feed: string): Promise<boolean> {
  const state = await (await findScheduledJob(queue, feed))?.getState();
  return state !== undefined && state !== 'completed' && state !== 'failed' && state !== 'unknown';
}

/** Removes every schedule but those of the named feeds. */
export async function removeOtherSchedules(queue: UnitQueue, feeds: readonly string[]): Promise<void> {
  for (const { key } of await queue.getJobSchedulers())
    if (!feeds.includes(key)) await queue.removeJobScheduler(key);
}

/** The job that the feed's schedule has made for its next run; null when it has none, or the chain was broken. */
export async function findScheduledJob(queue: UnitQueue, feed: string) {
  const scheduler = await queue.getJobScheduler(feed);
  if (scheduler?.next === undefined) return null;
  return (await queue.getJob(`repeat:${feed}:${scheduler.next}`)) ?? null;
}
