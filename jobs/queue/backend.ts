// What job-queue.ts needs of BullMQ, and what the two back ends give: BullMQ's own classes over their connection.
import type { IQueueBackend, Processor, Queue, Worker, WorkerOptions } from 'bullmq';
import type { RunReason } from '../../store/contract.ts';
import type { Task } from './contract.ts';

/** What is stored with a job. `task` is absent in jobs of before there were several: they are `sync`. */
export type JobData = {
  readonly unit: string;
  readonly feed: string;
  readonly task?: Task;
  readonly reason: RunReason;
  /** Of a dead letter. */
  readonly dead?: { readonly text: string; readonly attempts: number; readonly at: string };
};

/** Jobs, schedules and asked-for runs go by this name: a feed's tasks do not know of each other. */
export function toJobName(feed: string, task: Task = 'sync'): string {
  return task === 'sync' ? feed : `${task} ${feed}`;
}

// BullMQ's classes carry the back end's own types; only what every back end has (IQueueBackend) is used here.
export type UnitQueue = Queue<JobData, void, string, JobData, void, string, IQueueBackend, unknown>;
export type QueuedJob = NonNullable<Awaited<ReturnType<UnitQueue['getJob']>>>;
export type UnitWorker = Worker<JobData, void, string, IQueueBackend, number, unknown>;
export type UnitProcessor = Processor<JobData, void, string, number>;

/** A connection to the queue's server that all queues and workers of this process share. */
export type QueueBackend = {
  /** Host and database, no password: for messages. */
  readonly place: string;
  openQueue(name: string): UnitQueue;
  openWorker(name: string, processor: UnitProcessor, options: Omit<WorkerOptions, 'connection'>): UnitWorker;
  /** With `force`, connections that are still in use are cut. */
  close(options: { readonly force: boolean }): Promise<void>;
};
