// The settings of jobs and workers, each with its reason; the same over both back ends.
import type { JobSchedulerTemplateOptions } from 'bullmq';
import type { RunReason } from '../../store/contract.ts';
import type { JobData } from './backend.ts';

/** How often a job is tried and how long between: both may be shortened by tests, neither by a manifest. */
export type RetryOptions = { readonly attempts: number; readonly backoffMs: number };

/**
 * Five attempts within about fifteen seconds ride out a restart of the source, of the store or of the queue itself. Only
 * errors whose recovery is `retry` are tried again (unit-worker.ts): a wrong password would lock an account by the third.
 */
export const RETRIES: RetryOptions = { attempts: 5, backoffMs: 1000 };

/**
 * The smaller goes first. A person waits for what was asked for by hand; a unit that is not loaded answers nothing; what is
 * compared comes last, since it reads everything and nobody waits for it.
 */
const PRIORITIES = { manual: 1, first: 2, schedule: 3 } as const satisfies Record<RunReason, number>;
const RECONCILE = 4;

export function toPriority({ reason, task }: Pick<JobData, 'reason' | 'task'>): number {
  return task === 'reconcile' && reason !== 'manual' ? RECONCILE : PRIORITIES[reason];
}

/** Options of every job. */
export function toJobOptions(
  retries: RetryOptions,
  data: Pick<JobData, 'reason' | 'task'>,
): JobSchedulerTemplateOptions {
  return {
    attempts: retries.attempts,
    priority: toPriority(data),
    // Half of each delay is random, so that the feeds of a source that came back do not all ask it at once.
    backoff: { type: 'exponential', delay: retries.backoffMs, jitter: 0.5 },
    // Outcomes are read from the store's run table; what stays here is for looking at a queue by hand.
    removeOnComplete: { count: 200, age: 86_400 },
    // What ended for good leaves a letter (dead-letters.ts), and its own id free.
    removeOnFail: true,
    // A stack may quote a driver's message; the store's run keeps the coded one.
    stackTraceLimit: 3,
  };
}

/** Times of a worker's lock. */
export type LockOptions = {
  readonly lockDuration: number;
  readonly stalledInterval: number;
  readonly maxStalledCount: number;
};

/**
 * The lock is renewed at half its time however long a run takes, so it only bounds how long a job of a killed process
 * is lost: found within lockDuration + stalledInterval, 12 s. It may be this short because nothing rests on it: every
 * page commit checks the store's lease, so that a worker which merely held its breath (a pause of the machine, a swap)
 * and whose job was given to another writes nothing twice; it stops at its next page, and the other waits for the feed.
 * A job may be found so twenty times (BullMQ's default is one), since a worker that is restarted often must not turn a
 * healthy feed into a failed job.
 */
export const LOCKS: LockOptions = { lockDuration: 8000, stalledInterval: 4000, maxStalledCount: 20 };
