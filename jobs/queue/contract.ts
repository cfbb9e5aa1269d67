// The queue's seam: what the worker and the command line may ask of a queue, whatever carries it. Only this folder
// knows BullMQ, ioredis and the PostgreSQL that BullMQ works on.
import type { ErrorCode } from '../../schema/errors.ts';
import type { RunReason } from '../../store/contract.ts';

/** Where the queue lives. `url` may carry a password: it is never printed. */
export type QueueAddress =
  | { readonly kind: 'postgres'; readonly url: string }
  | { readonly kind: 'redis'; readonly url: string };

/** `sync`: read what is new. `reconcile`: compare the source with the store, and mend what differs. */
export type Task = 'sync' | 'reconcile';

/** One run of one feed that somebody asked for. */
export type FeedJob = {
  readonly id: string;
  readonly unit: string;
  readonly feed: string;
  readonly task: Task;
  readonly reason: RunReason;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly lastAttempt: boolean;
};

export type JobCounts = {
  readonly waiting: number;
  readonly active: number;
  /** Scheduled for later, or waiting for another attempt. */
  readonly delayed: number;
  readonly completed: number;
  /** Dead letters. */
  readonly failed: number;
};

/** What stands in the queue of one feed and task. */
export type FeedJobs = {
  readonly feed: string;
  readonly task: Task;
  /** Null: no schedule. */
  readonly everyMs: number | null;
  /** UTC instant of the next scheduled run; null: no schedule, or it is due and waits for a worker. */
  readonly nextAt: string | null;
  readonly waiting: number;
  readonly active: number;
  /** Failed and waiting for another attempt. */
  readonly retrying: number;
  readonly dead: DeadLetter | null;
};

/** A job that ended for good: the newest of its feed and task. It stays until it is retried or a later run succeeds. */
export type DeadLetter = {
  /** UTC instant. */
  readonly at: string;
  readonly code: ErrorCode;
  /** What broke it, without a record's value or a secret. */
  readonly message: string;
  readonly attempts: number;
  readonly reason: RunReason;
};

export type WorkOptions = {
  /** Jobs of this unit that this process runs side by side. */
  readonly concurrency: number;
  /**
   * Runs one job. `signal` is aborted when the queue closes or the job's lock is lost: finish the page and reject with
   * HUB_SYNC_STOPPED, and the job goes back to the queue without losing an attempt. Any other HubError is tried again
   * when its recovery is `retry`, and ends the job when it is not. `passed`: nothing was run, which says nothing of the
   * feed; any other end is a success, and takes the feed's dead letter away.
   */
  readonly handler: (job: FeedJob, signal: AbortSignal) => Promise<'passed' | undefined>;
  /** Told when a job will not be tried again. */
  readonly onFailed?: (job: FeedJob, error: Error) => void;
};

/** A unit's jobs, being run by this process. */
export type UnitWork = {
  /** Takes no more jobs, tells those under way to stop and waits up to `graceMs` for them; twice is harmless. */
  stop(options: { readonly graceMs: number }): Promise<void>;
};

/** An opened queue. Every method rejects with HUB_QUEUE_UNREACHABLE when the queue does not answer in time. */
export type JobQueue = {
  /** Makes or changes the feed's schedule: a run every `everyMs`, the first after that time. One that stands is left as it is. */
  schedule(unit: string, feed: string, everyMs: number, task?: Task): Promise<void>;
  /** Removes the schedules of feeds that are no longer planned. */
  keepSchedules(unit: string, feeds: readonly string[]): Promise<void>;
  /** `merged`: a run of this feed and task already waits or is under way, and no second one was added. */
  enqueue(unit: string, feed: string, reason: RunReason, task?: Task): Promise<'added' | 'merged'>;
  /** Begins to run this unit's jobs in this process; once a unit, and again after it was stopped. */
  work(unit: string, options: WorkOptions): Promise<UnitWork>;
  counts(unit: string): Promise<JobCounts>;
  /** What stands in the unit's queue, by feed and task. */
  jobs(unit: string): Promise<readonly FeedJobs[]>;
  /** Asks for a run in place of each dead letter, of one feed or of all; answers which. */
  retry(unit: string, feed?: string): Promise<readonly Pick<FeedJobs, 'feed' | 'task'>[]>;
  /** How many workers, of whatever process, take this unit's jobs at present. */
  workers(unit: string): Promise<number>;
  /** Stops all work as `stop` does, then lets go of everything. Twice is harmless. */
  close(options: { readonly graceMs: number }): Promise<void>;
};
