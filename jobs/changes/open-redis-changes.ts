// Hears of changes over Redis, with the same face as over PostgreSQL (store/changes/open-changes.ts). Redis keeps nothing for
// who is away, and a worker may die between its commit and the publication: after every connection and at an interval the
// versions are compared with the store.
import { Redis } from 'ioredis';
import type { Changes } from '../../store/changes/contract.ts';
import type { Version } from '../../store/changes/ledger.ts';
import { COMPARE_MS } from '../../store/changes/open-changes.ts';
import { openWatch, toReason, VERSIONS } from '../../store/changes/watch.ts';
import type { ReadStore } from '../../store/contract.ts';
import type { Log } from '../log.ts';
import { toBackoff, toChannel } from './redis-channel.ts';

export type RedisChangesOptions = {
  readonly url: string;
  readonly reader: ReadStore;
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** Between two comparisons of versions. */
  readonly everyMs?: number;
};

/** Opens while Redis is away, too: then changes are heard by comparison alone. Rejects with HUB_STORE_UNREACHABLE. */
export async function openRedisChanges(options: RedisChangesOptions): Promise<Changes> {
  const { url, reader, log } = options;
  const unread = (error: unknown) =>
    log.warn({ reason: toReason(error) }, 'versions cannot be compared with the store yet');
  const watch = openWatch({
    log,
    everyMs: options.everyMs ?? COMPARE_MS,
    readVersions: () => reader.read<Version>(VERSIONS),
    onUnread: unread,
  });
  // First, so that whatever is committed from here on differs from it.
  await watch.compare();
  const redis = new Redis(url, {
    autoResubscribe: false,
    maxRetriesPerRequest: null,
    retryStrategy: toBackoff,
    connectionName: 'hub-changes-in',
    // How long a close waits for a Redis that does not take its leave.
    disconnectTimeout: 200,
  });
  let isAway = false;
  redis.on('error', () => {
    if (!isAway) log.warn({}, 'Redis is away: changes are heard late, by comparison with the store');
    isAway = true;
  });
  redis.on('message', (_channel: string, text: string) => watch.hear(text));
  redis.on('ready', () => {
    isAway = false;
    // Subscribed first, compared then: nothing falls between.
    redis.subscribe(toChannel(url)).then(() => watch.compare().catch(unread), unread);
  });
  watch.start();
  return {
    listen: watch.listen,
    close: async () => {
      watch.close();
      redis.disconnect();
    },
  };
}
