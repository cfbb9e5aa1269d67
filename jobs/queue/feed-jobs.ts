// What stands in a unit's queue, by feed and task, for people. The same over both back ends.
import { type QueuedJob, toJobName, type UnitQueue } from './backend.ts';
import type { FeedJobs, Task } from './contract.ts';
import { readLetters, toDeadLetter } from './dead-letters.ts';

/** Dead letters, schedules and what waits, each feed and task once. */
export async function readFeedJobs(queue: UnitQueue, letters: UnitQueue): Promise<readonly FeedJobs[]> {
  const [schedulers, ready, active, delayed, dead] = await Promise.all([
    queue.getJobSchedulers(),
    queue.getJobs(['waiting', 'prioritized']),
    queue.getJobs(['active']),
    queue.getJobs(['delayed']),
    readLetters(letters),
  ]);
  const names = new Set([
    ...schedulers.map(({ key }) => key),
    ...[ready, active, delayed, dead].flat().map((job) => job.name),
  ]);
  const ofName = (jobs: readonly QueuedJob[], name: string) => jobs.filter((job) => job.name === name);
  return [...names].sort().map((name) => {
    const schedule = schedulers.find(({ key }) => key === name);
    const isDue = ofName(ready, name).some((job) => job.repeatJobKey !== undefined);
    const [letter] = ofName(dead, name);
    return {
      ...toFeedTask(name),
      everyMs: schedule?.every ?? null,
      nextAt: schedule?.next === undefined || isDue ? null : new Date(schedule.next).toISOString(),
      waiting: ofName(ready, name).length,
      active: ofName(active, name).length,
      retrying: ofName(delayed, name).filter((job) => job.attemptsMade > 0).length,
      dead: letter === undefined ? null : toDeadLetter(letter),
    };
  });
}

function toFeedTask(name: string): { readonly feed: string; readonly task: Task } {
  const feed = name.startsWith('reconcile ') ? name.slice('reconcile '.length) : name;
  return { feed, task: name === toJobName(feed) ? 'sync' : 'reconcile' };
}
