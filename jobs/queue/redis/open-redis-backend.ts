// BullMQ on Redis: one shared connection for all queues and workers of this process; BullMQ adds one blocking
// connection a worker.
import { createRedisBackend, withBackend } from 'bullmq';
import { Redis } from 'ioredis';
import type { QueueBackend, UnitQueue, UnitWorker } from '../backend.ts';
import { toPlace, withDeadline } from '../queue-error.ts';

export type RedisBackendOptions = {
  readonly deadlineMs: number;
  readonly onError: (error: Error) => void;
};

/** Connects and makes sure that Redis answers. Rejects with HUB_QUEUE_UNREACHABLE. */
export async function openRedisBackend(url: string, options: RedisBackendOptions): Promise<QueueBackend> {
  const place = toPlace(url);
  const connection = new Redis(url, {
    // BullMQ insists: a worker's blocking command must wait for Redis to come back, not give up.
    maxRetriesPerRequest: null,
    // Comes back within two seconds of Redis, however long it was away.
    retryStrategy: (times) => Math.min(times * 100, 2000),
    connectionName: 'hub-queue',
  });
  connection.on('error', options.onError);
  try {
    await withDeadline(connection.ping(), options.deadlineMs, place);
  } catch (error) {
    connection.disconnect();
    throw error;
  }
  const { Queue, Worker } = withBackend(createRedisBackend);
  return {
    place,
    openQueue: (name) => new Queue(name, { connection }) as unknown as UnitQueue,
    openWorker: (name, processor, settings) =>
      new Worker(name, processor, { ...settings, connection }) as unknown as UnitWorker,
    close: async () => {
      // QUIT would wait for a Redis that may be gone.
      connection.disconnect();
    },
  };
}
