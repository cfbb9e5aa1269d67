// The two wires that changes go over, as one table: tests of hearing run over every line of it.
import { openPublisher } from '../../jobs/changes/open-publisher.ts';
import { openRedisChanges } from '../../jobs/changes/open-redis-changes.ts';
import type { Change, Changes } from '../../store/changes/contract.ts';
import { openChanges } from '../../store/changes/open-changes.ts';
import type { ReadStore } from '../../store/contract.ts';
import { SILENT } from '../../store/log.ts';
import { runOn } from './database.ts';
import { hasRedis, openTestRedis } from './redis.ts';

export type TestWire = {
  /** What the store is given as `onChange`. */
  publish(change: Change): void;
  open(url: string, reader: ReadStore): Promise<Changes>;
  /** Cuts every listener off; new connections are let in. */
  cut(url: string): Promise<void>;
  close(): Promise<void>;
};
export type WireCase = { readonly name: string; open(): Promise<TestWire> };

/** Soon, so that a test does not wait; what is lost without a word is found by it. */
const EVERY_MS = 200;

const POSTGRES: WireCase = {
  name: 'PostgreSQL',
  open: async () => ({
    publish: () => undefined,
    open: (url) => openChanges({ url, everyMs: EVERY_MS, backoffMs: [10, 100] }),
    cut: (url) =>
      runOn(
        url,
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name = 'one-network changes'`,
      ),
    close: async () => undefined,
  }),
};

/** Its cut is a Redis that was killed and started anew: publisher and listeners both lose it. */
const REDIS: WireCase = {
  name: 'Redis',
  open: async () => {
    let redis = await openTestRedis();
    const { url } = redis;
    const publisher = openPublisher(url, { log: SILENT });
    return {
      publish: publisher.publish,
      open: (_url, reader) => openRedisChanges({ url, reader, log: SILENT, everyMs: EVERY_MS }),
      cut: async () => {
        await redis.close();
        redis = await openTestRedis(Number(new URL(url).port));
      },
      close: async () => {
        await publisher.close();
        await redis.close();
      },
    };
  },
};

/** Every wire that can be run here; what cannot is said aloud, on the test's own output. */
export function toWires(): readonly WireCase[] {
  if (hasRedis()) return [POSTGRES, REDIS];
  process.stderr.write(
    '\nSKIPPED: changes over Redis are NOT tested here, no redis-server binary was found.\n\n',
  );
  return [POSTGRES];
}
