// BullMQ on PostgreSQL: one shared pool for all queues and workers of this process, in the schema `bullmq` of the
// store's database. The only file of the jobs that imports `pg`.
import { createPostgresBackend, type PostgresConnectionOptions, runMigrations, withBackend } from 'bullmq';
import pg from 'pg';
import type { QueueBackend, UnitQueue, UnitWorker } from '../backend.ts';
import { toPlace, toQueueError } from '../queue-error.ts';

const SCHEMA = 'bullmq';

export type PostgresBackendOptions = {
  /** Ceiling of the pool. Each worker keeps one connection to listen on; the rest is shared. */
  readonly connections: number;
  readonly deadlineMs: number;
  readonly onError: (error: Error) => void;
};

/** Migrates the schema and opens the pool. Rejects with HUB_QUEUE_UNREACHABLE. */
export async function openPostgresBackend(
  url: string,
  options: PostgresBackendOptions,
): Promise<QueueBackend> {
  const place = toPlace(url);
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'hub-queue',
    max: options.connections,
    // BullMQ leaves the choice of schema to whoever hands it a pool.
    options: `-c search_path=${SCHEMA}`,
    // Without it BullMQ cannot notice that its LISTEN connection was cut silently, and polls every 10 s instead.
    keepAlive: true,
    connectionTimeoutMillis: options.deadlineMs,
  });
  // Every queue and worker adds its own listener to this pool: more than ten is no leak.
  pool.setMaxListeners(0);
  pool.on('error', options.onError);
  const clients = new Set<pg.PoolClient>();
  pool.on('connect', (client) => {
    clients.add(client);
    // The pool listens to idle clients only: one that is cut while BullMQ holds it would end the process.
    client.on('error', options.onError);
  });
  pool.on('remove', (client) => clients.delete(client));
  try {
    await migrate(pool);
  } catch (error) {
    await pool.end();
    throw toQueueError(error, place);
  }
  const { Queue, Worker } = withBackend(createPostgresBackend);
  // BullMQ's own description of a pool differs from @types/pg in optional members only.
  const connection = pool as unknown as PostgresConnectionOptions;
  return {
    place,
    openQueue: (name) => new Queue(name, { connection }) as unknown as UnitQueue,
    openWorker: (name, processor, settings) =>
      new Worker(name, processor, { ...settings, connection }) as unknown as UnitWorker,
    close: async ({ force }) => {
      // `end` waits for connections that are in use; a cut one is as good as returned.
      if (force) for (const client of clients) void client.end().catch(() => undefined);
      await pool.end();
    },
  };
}

// Several processes may start at once: BullMQ takes an advisory lock inside one transaction and the later ones find
// nothing left to do. The lock needs one session, hence one client and not the pool.
async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client, SCHEMA);
  } finally {
    client.release();
  }
}
