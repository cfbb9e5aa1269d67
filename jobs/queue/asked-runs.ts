// Runs that somebody asked for, beside the scheduled ones: at most one a feed, under an id of its own. An id is taken
// atomically by both back ends, which BullMQ's deduplication keys on PostgreSQL are not when two processes ask at once.
import { type JobData, type QueuedJob, toJobName, type UnitQueue } from './backend.ts';
import { type RetryOptions, toJobOptions, toPriority } from './options.ts';
import { findScheduledJob } from './schedules.ts';

export function toAskedId(name: string): string {
  // BullMQ keeps `:` in ids for itself, and a table's name may have one.
  return `asked-${name.replaceAll('%', '%25').replaceAll(':', '%3A')}`;
}

/** Adds a run unless one of this feed waits or is under way already. */
export async function addAskedRun(
  queue: UnitQueue,
  run: JobData,
  retries: RetryOptions,
): Promise<'added' | 'merged'> {
  const name = toJobName(run.feed, run.task);
  const jobId = toAskedId(name);
  const known = await queue.getJob(jobId);
  if (known !== undefined) {
    const state = await known.getState();
    if (state !== 'completed' && state !== 'failed' && state !== 'unknown') return toMerged(known, run);
    // Left behind by a worker that died while it ended the job: its id must not block the feed for ever.
    if (!(await isRemoved(queue, known))) return 'merged';
  }
  const scheduled = await findScheduledJob(queue, name);
  if (scheduled !== null && isReady(await scheduled.getState())) return toMerged(scheduled, run);
  // Removed when it ends, so that its id is free again; what became of it stands in the store's run table.
  const options = { ...toJobOptions(retries, run), removeOnComplete: true, jobId };
  await queue.add(name, { ...run }, options);
  return 'added';
}

// The run that is there already serves both; who asks by hand waits for it, so it goes first.
async function toMerged(job: QueuedJob, asked: JobData): Promise<'merged'> {
  const priority = toPriority(asked);
  const isUrgent = priority < (job.opts.priority ?? 0) && isReady(await job.getState());
  // It may have begun meanwhile: then nothing has to be done.
  if (isUrgent) await job.changePriority({ priority }).catch(() => undefined);
  return 'merged';
}

// BullMQ calls a job that waits for a worker `prioritized` when it has a priority; older ones had none.
function isReady(state: string): boolean {
  return state === 'waiting' || state === 'prioritized';
}

// One that has ended and gone since it was found cannot be removed: BullMQ then calls it locked. Only if it is still there,
// or there again, somebody else has a run of this feed.
async function isRemoved(queue: UnitQueue, job: QueuedJob): Promise<boolean> {
  try {
    await job.remove();
    return true;
  } catch {
    return (await queue.getJob(job.id ?? '')) === undefined;
  }
}

/** True while an asked-for job of this name waits for a worker: a scheduled one that comes up meanwhile steps back. */
export async function isAskedRunWaiting(queue: UnitQueue, name: string): Promise<boolean> {
  const job = await queue.getJob(toAskedId(name));
  return job !== undefined && isReady(await job.getState());
}
