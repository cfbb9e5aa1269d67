// The schedules of a unit's feeds as BullMQ's job schedulers: each keeps one job of the future, and makes the next one
// when that begins.
import { toJobName, type UnitQueue } from './backend.ts';
import type { Task } from './contract.ts';
import { type RetryOptions, toJobOptions } from './options.ts';

export type Schedule = {
  readonly unit: string;
  readonly feed: string;
  readonly task: Task;
  readonly everyMs: number;
};

/**
 * Makes the feed's schedule, or changes its interval. One that stands is not touched: setting it anew at each start would
 * push its next run away, and a worker that restarts often would never reach it.
 */
export async function setSchedule(
  queue: UnitQueue,
  schedule: Schedule,
  retries: RetryOptions,
): Promise<void> {
  const { unit, feed, task, everyMs } = schedule;
  const name = toJobName(feed, task);
  const known = await queue.getJobScheduler(name);
  const data = { unit, feed, task, reason: 'schedule' as const };
  const opts = toJobOptions(retries, data);
  // A schedule of before there were priorities is made anew once.
  const stands = known?.every === everyMs && known.template?.opts?.priority === opts.priority;
  if (stands && (await isScheduled(queue, name))) return;
  await queue.upsertJobScheduler(
    name,
    // Who sets a schedule has just loaded the feed: its first run would find nothing.
    { every: everyMs, startDate: Date.now() + everyMs },
    { name, data, opts },
  );
}

// A job that has ended makes no next one: then the chain is broken, by a worker that died while it was linking it.
async function isScheduled(queue: UnitQueue, name: string): Promise<boolean> {
  const state = await (await findScheduledJob(queue, name))?.getState();
  return state !== undefined && state !== 'completed' && state !== 'failed' && state !== 'unknown';
}

/** Removes every schedule but those of the named feeds, whatever their task. */
export async function removeOtherSchedules(queue: UnitQueue, feeds: readonly string[]): Promise<void> {
  const names = feeds.flatMap((feed) => [toJobName(feed), toJobName(feed, 'reconcile')]);
  for (const { key } of await queue.getJobSchedulers())
    if (!names.includes(key)) await queue.removeJobScheduler(key);
}

/** The job that the schedule of this name has made for its next run; null when it has none, or the chain was broken. */
export async function findScheduledJob(queue: UnitQueue, name: string) {
  const scheduler = await queue.getJobScheduler(name);
  if (scheduler?.next === undefined) return null;
  return (await queue.getJob(`repeat:${name}:${scheduler.next}`)) ?? null;
}
