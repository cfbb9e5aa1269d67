// The servers of one chaos: the department's database, the store's, and the queue's, with what can be done to each.
import pg from 'pg';
import type { QueueAddress } from '../../jobs/queue/contract.ts';
import { findAnyPort } from '../../postgres/ports.ts';
import { type Close, closeAll } from '../spine/close-all.ts';
import { openTestDatabase, runOn } from '../support/database.ts';
import { openTestRedis } from '../support/redis.ts';
import { STATIONS, TABLES } from './tables.ts';

export type Backend = 'postgres' | 'redis';
export type Query = <Row extends pg.QueryResultRow>(
  text: string,
  values?: readonly unknown[],
) => Promise<Row[]>;

export type World = {
  readonly sourceUrl: string;
  readonly storeUrl: string;
  readonly queue: QueueAddress;
  /** Free when the world was opened. */
  readonly linePort: number;
  readonly legacy: Query;
  readonly hub: Query;
  /** Ends every connection of the hub's to the one or to the other; over PostgreSQL those of the queue too. */
  cut(which: 'source' | 'store'): Promise<void>;
  /** Kills the queue's own Redis and starts an empty one at its address; nothing where the queue is in the store. */
  restartRedis(): Promise<void>;
  /** What the department's server takes as its zone from now on, for every new connection. */
  changeZone(zone: string): Promise<void>;
  close(): Promise<void>;
};

export async function openWorld(backend: Backend): Promise<World> {
  const opened: Close[] = [];
  try {
    return await openParts(backend, opened);
  } catch (error) {
    await closeAll(opened).catch(() => undefined);
    throw error;
  }
}

async function openParts(backend: Backend, opened: Close[]): Promise<World> {
  const source = await openTestDatabase();
  opened.push(source.close);
  const store = await openTestDatabase();
  opened.push(store.close);
  let redis = backend === 'redis' ? await openTestRedis() : null;
  opened.push(async () => redis?.close());
  const legacy = openQuery(source.url, opened);
  const hub = openQuery(store.url, opened);
  await legacy(TABLES);
  await legacy('insert into st_stbprp_b (stcd, stnm) select s, s from unnest($1::text[]) s', [
    [...STATIONS.early, ...STATIONS.going],
  ]);
  const database = new URL(source.url).pathname.slice(1);
  return {
    sourceUrl: source.url,
    storeUrl: store.url,
    linePort: await findAnyPort(),
    queue: redis === null ? { kind: 'postgres', url: store.url } : { kind: 'redis', url: redis.url },
    legacy,
    hub,
    cut: async (which) => {
      await (which === 'source' ? legacy : hub)(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name not like 'chaos %'`,
      );
    },
    restartRedis: async () => {
      if (redis === null) return;
      const port = Number(new URL(redis.url).port);
      await redis.close();
      redis = await openTestRedis(port);
    },
    changeZone: (zone) => runOn(source.url, `alter database ${database} set timezone to '${zone}'`),
    close: () => closeAll(opened),
  };
}

function openQuery(url: string, opened: Close[]): Query {
  const pool = new pg.Pool({
    connectionString: url,
    max: 4,
    application_name: 'chaos judge',
    options: '-c timezone=UTC',
  });
  pool.on('error', () => undefined);
  opened.push(() => pool.end());
  return async (text, values = []) => (await pool.query(text, [...values])).rows;
}
