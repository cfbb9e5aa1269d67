// Runs one unit's jobs in this process: what a handler's end means to the queue (done, again later, never again), and
// how a worker stops without losing a page.

import type { Job } from 'bullmq';
import { UnrecoverableError, WaitingError } from 'bullmq';
import { isHubError, isRetryable } from '../../schema/errors.ts';
import type { Log } from '../log.ts';
import { isAskedRunWaiting } from './asked-runs.ts';
import type { JobData, QueueBackend, UnitQueue, UnitWorker } from './backend.ts';
import type { FeedJob, WorkOptions } from './contract.ts';
import { type Ended, forgetDead, isDeadText, toDeadText, writeDead } from './dead-letters.ts';
import type { LockOptions } from './options.ts';

export type OpenWorker = {
  ready(): Promise<void>;
  /** Takes no more jobs and tells those under way to stop. False when they did not in time: their connection is cut. */
  stop(graceMs: number): Promise<boolean>;
};

export type UnitWorkerOptions = WorkOptions & {
  readonly unit: string;
  /** Of the queue. */
  readonly name: string;
  readonly letters: UnitQueue;
  readonly locks: LockOptions;
  readonly log: Log;
};

export function openUnitWorker(
  backend: QueueBackend,
  queue: UnitQueue,
  options: UnitWorkerOptions,
): OpenWorker {
  const { unit, log, letters, handler, onFailed } = options;
  const stopping = new AbortController();
  let stopped: Promise<boolean> | null = null;
  const warn = (error: Error) => log.warn({ unit, reason: error.message }, 'a dead letter was not kept up');
  const run = async (job: Job<JobData, void>, token?: string, lost?: AbortSignal): Promise<void> => {
    // The run that was asked for is about to begin and brings everything that this one would.
    if (job.repeatJobKey !== undefined && (await isAskedRunWaiting(queue, job.name))) return;
    const signals = lost === undefined ? [stopping.signal] : [stopping.signal, lost];
    try {
      const end = await handler(toFeedJob(job), AbortSignal.any(signals));
      if (end !== 'passed') await forgetDead(letters, job.name).catch(warn);
    } catch (error) {
      if (isHubError(error, 'HUB_SYNC_STOPPED')) {
        // Back to the queue as it was: a restart of the worker is no fault of the feed and costs no attempt.
        await job.moveToWait(token);
        throw new WaitingError();
      }
      const text = toDeadText(error);
      // Before the job is gone: whoever dies in between leaves a letter too many, and not one too few.
      if (!isRetryable(error) || toFeedJob(job).lastAttempt)
        await writeDead(letters, { ...toEnded(job, text), attempts: job.attemptsMade + 1 }).catch(warn);
      throw toJobError(error, text);
    }
  };
  // BullMQ hands over an abort signal only to processors that declare three parameters.
  const worker = backend.openWorker(options.name, (job, token, signal) => run(job, token, signal), {
    ...options.locks,
    concurrency: options.concurrency,
    name: `hub-${unit}`,
  });
  worker.on('error', (error) => log.warn({ unit, reason: error.message }, 'queue worker fault'));
  worker.on('stalled', (id) =>
    log.warn({ unit, job: id }, 'a job was taken over from a worker that is gone'),
  );
  // Whoever has lost a job's lock may share the feed with another worker: it stops at the next page.
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) worker.cancelJob(id, 'lock lost');
  });
  worker.on('failed', (job, error) => {
    if (job === undefined || job.finishedOn === undefined) return;
    onFailed?.(toFeedJob(job), error.cause instanceof Error ? error.cause : error);
    // BullMQ itself has ended it: no handler of this process saw that.
    if (!isDeadText(error.message)) void writeDead(letters, toEnded(job, error.message)).catch(warn);
  });
  return {
    ready: async () => {
      await worker.waitUntilReady();
    },
    stop: (graceMs) => {
      stopping.abort();
      stopped ??= stopInTime(worker, graceMs);
      return stopped;
    },
  };
}

// A worker that is cut off leaves its job locked: the lock runs out and another worker takes the job over.
async function stopInTime(worker: UnitWorker, graceMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), graceMs);
  });
  const closed = worker.close().then(() => true);
  const inTime = await Promise.race([closed, late]);
  clearTimeout(timer);
  if (inTime) return true;
  closed.catch(() => undefined);
  worker.disconnect().catch(() => undefined);
  return false;
}

function toEnded({ name, data, attemptsMade }: Job<JobData, void>, text: string): Ended {
  return { name, data, text, attempts: attemptsMade };
}

function toFeedJob(job: Job<JobData, void>): FeedJob {
  const attempt = job.attemptsMade + 1;
  return {
    id: job.id ?? '',
    unit: job.data.unit,
    feed: job.data.feed,
    task: job.data.task ?? 'sync',
    reason: job.data.reason,
    attempt,
    lastAttempt: attempt >= (job.opts.attempts ?? 1),
  };
}

// BullMQ keeps an error's message only, and knows "never again" by its own class. The coded error has been written down by
// the run; of what is no error of the hub the words may hold a record's value, and are not kept.
function toJobError(error: unknown, text: string): Error {
  return isRetryable(error)
    ? new Error(text, { cause: error })
    : Object.assign(new UnrecoverableError(text), { cause: error });
}
