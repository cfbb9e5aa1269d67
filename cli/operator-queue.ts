// The queue as an operator's command uses it: over the same server as the workers', asked and left again.
import type { JobQueue, QueueAddress } from '../jobs/queue/contract.ts';
import { openQueue } from '../jobs/queue/open-queue.ts';
import type { Config } from './config.ts';
import { openLog } from './log.ts';

export function toQueueAddress(config: Pick<Config, 'redisUrl'>, databaseUrl: string): QueueAddress {
  return config.redisUrl === null
    ? { kind: 'postgres', url: databaseUrl }
    : { kind: 'redis', url: config.redisUrl };
}

/** Opens the queue for one piece of work. */
export async function withQueue<Answer>(
  config: Config,
  { databaseUrl }: { readonly databaseUrl: string },
  work: (queue: JobQueue) => Promise<Answer>,
): Promise<Answer> {
  const log = openLog({ logLevel: 'error' }, 'operator');
  const queue = await openQueue(toQueueAddress(config, databaseUrl), { log, connections: 4 });
  try {
    return await work(queue);
  } finally {
    await queue.close({ graceMs: 1000 });
  }
}

/** Asks for one run of each of these feeds; a worker takes them when one is there. */
export async function enqueueFeeds(
  config: Config,
  operator: { readonly databaseUrl: string },
  unit: string,
  feeds: readonly string[],
): Promise<void> {
  if (feeds.length === 0) return;
  await withQueue(config, operator, async (queue) => {
    for (const feed of feeds) await queue.enqueue(unit, feed, 'manual');
  });
}
