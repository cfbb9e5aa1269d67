// The store's connections: one pool for writing, one for reading. A session of the reading pool cannot write, however
// wrong a statement is, and ends by itself when a question takes too long.
import pg from 'pg';
import type { StoreLog } from '../log.ts';
import { keepEndingStalled } from './end-stalled.ts';

export type Pools = { readonly write: pg.Pool; readonly read: pg.Pool; close(): Promise<void> };

export type PoolSettings = {
  readonly url: string;
  /** Of both pools together. */
  readonly maxConnections: number;
  /** What two thirds of them are for: who writes pages hardly asks, who answers questions hardly writes. */
  readonly mostly: 'reading' | 'writing';
  readonly readTimeoutMs: number;
  readonly stalledMs: number;
  readonly log: StoreLog;
};

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * What every session speaks: UTC, ISO 8601 durations, no search path (all names are qualified), no JIT for short
 * statements. Single rows are priced as cheap as on any disk of today, or a page would read whole months to find its keys.
 */
const SESSION = {
  timezone: 'UTC',
  datestyle: 'ISO',
  intervalstyle: 'iso_8601',
  search_path: 'pg_catalog',
  jit: 'off',
  random_page_cost: '1.1',
} as const;

const WRITER = 'one-network writer';

/** Opens no connection yet. A lost idle connection is logged and replaced, it never ends the process. */
export function openPools(settings: PoolSettings): Pools {
  const share = settings.mostly === 'reading' ? 2 / 3 : 1 / 3;
  const readers = Math.max(1, Math.ceil(settings.maxConnections * share));
  const read = openPool(settings, readers, 'one-network reader', {
    ...SESSION,
    default_transaction_read_only: 'on',
    statement_timeout: String(settings.readTimeoutMs),
  });
  const write = openPool(
    settings,
    Math.max(2, settings.maxConnections - readers),
    WRITER,
    // A process that hangs in the middle of a page (a paused machine, SIGSTOP) keeps its locks: no other could go on with
    // its feed, however long its lease is over. Its page is rolled back, and it hears of that when it wakes up.
    { ...SESSION, idle_in_transaction_session_timeout: String(settings.stalledMs) },
  );
  // By the other pool: when it is needed, this one waits for what it ends.
  const stop = keepEndingStalled(read, { writers: WRITER, stalledMs: settings.stalledMs });
  return {
    write,
    read,
    close: async () => {
      stop();
      await Promise.all([read.end(), write.end()]);
    },
  };
}

function openPool(
  settings: PoolSettings,
  max: number,
  name: string,
  session: { readonly [setting: string]: string },
): pg.Pool {
  const pool = new pg.Pool({
    ...toConnection(settings.url, session),
    max,
    application_name: name,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types: { getTypeParser: toTypeParser },
  });
  const note = (error: Error & { code?: string }) =>
    settings.log.warn({ pool: name, code: error.code ?? null }, 'a connection to the store was lost');
  pool.on('error', note);
  // A checked-out connection reports its loss here; without a listener Node would end the process.
  pool.on('connect', (client) => client.on('error', note));
  return pool;
}

// Options of the URL itself win in node-postgres, so ours are joined to them.
function toConnection(text: string, session: { readonly [setting: string]: string }) {
  const own = Object.entries(session).map(([name, value]) => `-c ${name}=${value}`);
  if (!URL.canParse(text)) return { connectionString: text, options: own.join(' ') };
  const url = new URL(text);
  const given = url.searchParams.get('options');
  url.searchParams.delete('options');
  return { connectionString: url.href, options: [...(given === null ? [] : [given]), ...own].join(' ') };
}

/** Dates, times and intervals stay PostgreSQL's text: a JavaScript Date would lose microseconds. */
const AS_TEXT = new Set<number>([
  pg.types.builtins.DATE,
  pg.types.builtins.TIMESTAMP,
  pg.types.builtins.TIMESTAMPTZ,
  pg.types.builtins.INTERVAL,
]);

function toTypeParser(oid: number, format?: 'text' | 'binary') {
  if (AS_TEXT.has(oid)) return (value: string) => value;
  return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text');
}
