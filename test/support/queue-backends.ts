// The two servers that a queue may live on, as one table: tests of the queue run over every line of it.
import { Redis } from 'ioredis';
import type { QueueAddress } from '../../jobs/queue/contract.ts';
import { openTestDatabase, runOn } from './database.ts';
import { hasRedis, openTestRedis } from './redis.ts';

export type TestQueueServer = {
  readonly address: QueueAddress;
  /** Cuts every connection that the server has, and lets new ones in. */
  cut(): Promise<void>;
  close(): Promise<void>;
};
export type QueueServerCase = { readonly name: string; open(): Promise<TestQueueServer> };

const POSTGRES: QueueServerCase = {
  name: 'PostgreSQL',
  open: async () => {
    const { url, close } = await openTestDatabase();
    const cut = () =>
      runOn(
        url,
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`,
      );
    return { address: { kind: 'postgres', url }, cut, close };
  },
};

const REDIS: QueueServerCase = {
  name: 'Redis',
  open: async () => {
    const { url, close } = await openTestRedis();
    const cut = async () => {
      const client = new Redis(url);
      await client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await client.quit();
    };
    return { address: { kind: 'redis', url }, cut, close };
  },
};

/** Every back end that can be run here; what cannot is said aloud, on the test's own output. */
export function toQueueServers(): readonly QueueServerCase[] {
  if (hasRedis()) return [POSTGRES, REDIS];
  process.stderr.write(
    '\nSKIPPED: the queue over Redis is NOT tested here, no redis-server binary was found.\n\n',
  );
  return [POSTGRES];
}
