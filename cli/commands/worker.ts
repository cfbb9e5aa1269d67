// `hub worker`: runs every unit's feeds by their schedules, over Redis where REDIS_URL is set, else over the store's PostgreSQL.
import { hostname } from 'node:os';
import { openPublisher } from '../../jobs/changes/open-publisher.ts';
import { openQueue } from '../../jobs/queue/open-queue.ts';
import { followRegistry } from '../../jobs/registry/follow-registry.ts';
import { toRegistered } from '../../jobs/registry/held-units.ts';
import { keepHeapSmall } from '../../jobs/worker/keep-heap-small.ts';
import { openWorker } from '../../jobs/worker/open-worker.ts';
import type { Config } from '../config.ts';
import { toKinds } from '../kinds.ts';
import { closeAtEnd } from '../lifetime.ts';
import { openLog } from '../log.ts';
import { tellParent } from '../messages.ts';
import { openHub } from '../open-hub.ts';
import { toQueueAddress } from '../operator-queue.ts';
import { toFirst, toHeldUnits, toProcessId } from '../units/first-state.ts';

/** Runs until it is told to stop; then lets the pages under way be written. */
export async function runWorker(config: Config): Promise<void> {
  keepHeapSmall();
  const log = openLog(config, 'worker');
  // Over PostgreSQL the commit itself has told it.
  const publisher = config.redisUrl === null ? null : openPublisher(config.redisUrl, { log });
  const hub = await openHub(config, log, {
    mostly: 'writing',
    onChange: (change) => publisher?.publish(change),
  });
  const { units, divisions, store, databaseUrl } = hub;
  const address = toQueueAddress(config, databaseUrl);
  const queue = await openQueue(address, { log });
  const read = new Map<string, number>();
  const worker = await openWorker({
    units,
    divisions,
    kinds: toKinds(divisions, log, config),
    secrets: config.secret,
    store,
    queue,
    clock: Date.now,
    log,
    holder: `${hostname()}:${process.pid}`,
    // The writer learns from it what it must know of the unit; the tables themselves were made at the registration.
    prepare: (unit) => store.migrate([unit]),
    onProgress: ({ unit, feed, position, read: rows }) => {
      read.set(`${unit}/${feed}`, rows);
      tellParent({ type: 'progress', feed: `${unit}/${feed}`, position, read: rows, done: false });
    },
  });
  for (const { unit, error } of worker.leftOut) log.error({ unit }, error.message);
  const following = followRegistry({
    registry: store.registry,
    id: toProcessId(),
    role: 'WORKER',
    first: toFirst(hub, worker.leftOut),
    take: async (registry) => {
      const { units: next, faulty } = toRegistered(registry, hub.read);
      return { units: [...toHeldUnits(next, await worker.take(next)), ...faulty], refused: null };
    },
    log,
  });
  closeAtEnd(async () => {
    await following.close();
    await worker.close();
    await queue.close({ graceMs: 5000 });
    await store.close();
    await publisher?.close();
  });
  const running = worker.feeds.filter((feed) => feed.unsupported === null);
  // What is listened to has no load that a bar could show.
  const feeds = running
    .filter(({ asks }) => asks !== 'batches')
    .map((feed) => `${feed.key.unit}/${feed.name}`);
  const note = `${units.length - worker.leftOut.length} 个单位 unit(s), ${running.length} 路数据 feeds, ${address.kind}`;
  tellParent({ type: 'ready', name: 'worker', note, feeds });
  const loaded = await worker.firstLoad;
  const failed = loaded
    .filter((load) => load.state !== 'complete')
    .map((load) => `${load.unit}/${load.feed}: ${load.error?.message ?? load.state}`);
  const rows = [...read.values()].reduce((sum, value) => sum + value, 0);
  tellParent({ type: 'loaded', rows, failed });
}
