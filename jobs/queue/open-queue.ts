// Opens the queue that an address names and gives it the contract's face: one BullMQ queue a unit (limits are per
// queue), schedules, deduplicated runs, workers. Everything here is the same over both back ends.
import type { Log } from '../log.ts';
import { addAskedRun } from './asked-runs.ts';
import type { QueueBackend, UnitQueue } from './backend.ts';
import type { JobQueue, QueueAddress } from './contract.ts';
import { retryDead } from './dead-letters.ts';
import { readFeedJobs } from './feed-jobs.ts';
import { LOCKS, type LockOptions, RETRIES, type RetryOptions } from './options.ts';
import { openPostgresBackend } from './postgres/open-postgres-backend.ts';
import { withDeadline } from './queue-error.ts';
import { openRedisBackend } from './redis/open-redis-backend.ts';
import { removeOtherSchedules, setSchedule } from './schedules.ts';
import { type OpenWorker, openUnitWorker } from './unit-worker.ts';

export type QueueOptions = {
  readonly log: Log;
  /** Ceiling of this process's connections to PostgreSQL; one a unit that it works, and a few to share. */
  readonly connections?: number;
  readonly retries?: RetryOptions;
  readonly locks?: LockOptions;
  /** How long one command may take. */
  readonly deadlineMs?: number;
};

const CONNECTIONS = 25;
const DEADLINE = 10_000;

/** Opens the queue; several processes may do so at once, on an empty server too. Rejects with HUB_QUEUE_UNREACHABLE. */
export async function openQueue(address: QueueAddress, options: QueueOptions): Promise<JobQueue> {
  const { log, retries = RETRIES, locks = LOCKS, deadlineMs = DEADLINE } = options;
  const onError = (error: Error) =>
    log.warn({ queue: address.kind, reason: error.message }, 'queue connection fault');
  const backend =
    address.kind === 'postgres'
      ? await openPostgresBackend(address.url, {
          connections: options.connections ?? CONNECTIONS,
          deadlineMs,
          onError,
        })
      : await openRedisBackend(address.url, { deadlineMs, onError });
  return toJobQueue(backend, { log, retries, locks, deadlineMs });
}

type Settings = Required<Omit<QueueOptions, 'connections'>>;

function toJobQueue(backend: QueueBackend, settings: Settings): JobQueue {
  const queues = new Map<string, UnitQueue>();
  const workers = new Map<string, OpenWorker>();
  let closing: Promise<void> | null = null;
  const ask = <T>(work: Promise<T>) => withDeadline(work, settings.deadlineMs, backend.place);
  const open = (name: string, unit: string) => {
    const known = queues.get(name);
    if (known !== undefined) return known;
    const queue = backend.openQueue(name);
    // An 'error' event without a listener would end the process.
    queue.on('error', (error) => settings.log.warn({ unit, reason: error.message }, 'queue fault'));
    queues.set(name, queue);
    return queue;
  };
  const queueOf = (unit: string) => open(toQueueName(unit), unit);
  const lettersOf = (unit: string) => open(`dead-${unit}`, unit);
  return {
    schedule: (unit, feed, everyMs, task = 'sync') =>
      ask(setSchedule(queueOf(unit), { unit, feed, task, everyMs }, settings.retries)),
    keepSchedules: (unit, feeds) => ask(removeOtherSchedules(queueOf(unit), feeds)),
    enqueue: (unit, feed, reason, task = 'sync') =>
      ask(addAskedRun(queueOf(unit), { unit, feed, task, reason }, settings.retries)),
    work: async (unit, options) => {
      if (workers.has(unit)) throw new RangeError(`unit ${unit} is already worked by this process`);
      const worker = openUnitWorker(backend, queueOf(unit), {
        ...settings,
        ...options,
        unit,
        letters: lettersOf(unit),
        name: toQueueName(unit),
      });
      workers.set(unit, worker);
      // The unit may be worked anew, by another manifest.
      const stop = async (graceMs: number) => {
        await worker.stop(graceMs);
        if (workers.get(unit) === worker) workers.delete(unit);
      };
      await ask(worker.ready()).catch(async (error: unknown) => {
        await stop(0);
        throw error;
      });
      return { stop: ({ graceMs }) => stop(graceMs) };
    },
    counts: async (unit) => {
      const states = ['waiting', 'prioritized', 'active', 'delayed', 'completed'] as const;
      const [counts, failed] = await ask(
        Promise.all([queueOf(unit).getJobCounts(...states), lettersOf(unit).getJobCountByTypes('waiting')]),
      );
      const { waiting = 0, prioritized = 0, active = 0, delayed = 0, completed = 0 } = counts;
      return { waiting: waiting + prioritized, active, delayed, completed, failed };
    },
    jobs: (unit) => ask(readFeedJobs(queueOf(unit), lettersOf(unit))),
    retry: (unit, feed) =>
      ask(retryDead({ queue: queueOf(unit), letters: lettersOf(unit) }, feed ?? null, settings.retries)),
    workers: (unit) => ask(queueOf(unit).getWorkersCount()),
    close: ({ graceMs }) => {
      closing ??= closeAll(backend, [...workers.values()], [...queues.values()], graceMs);
      return closing;
    },
  };
}

// BullMQ refuses `:` in a queue's name, which no unit's name has.
function toQueueName(unit: string): string {
  return `unit-${unit}`;
}

// Workers first, side by side: each may need its page's time.
async function closeAll(
  backend: QueueBackend,
  workers: readonly OpenWorker[],
  queues: readonly UnitQueue[],
  graceMs: number,
): Promise<void> {
  const inTime = await Promise.all(workers.map((worker) => worker.stop(graceMs).catch(() => false)));
  const force = inTime.includes(false);
  if (!force) await Promise.all(queues.map((queue) => queue.close().catch(() => undefined)));
  await backend.close({ force });
}
