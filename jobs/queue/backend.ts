// What job-queue.ts needs of BullMQ, and what the two back ends give: BullMQ's own classes over their connection.
import type { IQueueBackend, Processor, Queue, Worker, WorkerOptions } from 'bullmq';
import type { RunReason } from '../../store/contract.ts';

/** What is stored with a job. */
export type JobData = { readonly unit: string; readonly feed: string; readonly reason: RunReason };

// BullMQ's classes carry the back end's own types; only what every back end has (IQueueBackend) is used here.
export type UnitQueue = Queue<JobData, void, string, JobData, void, string, IQueueBackend, unknown>;
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
