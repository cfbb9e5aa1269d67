// Hears of changes over PostgreSQL: one connection of its own that LISTENs. Whenever it was cut it comes back by itself and
// compares versions, and so it does at an interval: a connection may be dead without a word.
import pg from 'pg';
import { toStoreError } from '../connect/store-error.ts';
import { SILENT, type StoreLog } from '../log.ts';
import { CHANGE_CHANNEL, type Changes } from './contract.ts';
import type { Version } from './ledger.ts';
import { openWatch, toReason, VERSIONS, type Watch } from './watch.ts';

export type ChangesOptions = {
  readonly url: string;
  readonly log?: StoreLog;
  /** Between two comparisons of versions. */
  readonly everyMs?: number;
  /** First and longest wait before connecting again; half of each is chance, so that gateways do not come back as one. */
  readonly backoffMs?: readonly [first: number, longest: number];
  readonly random?: () => number;
};

export const COMPARE_MS = 5000;
const ANSWER_MS = 10_000;
const BACKOFF_MS = [100, 5000] as const;

/** Rejects with HUB_STORE_UNREACHABLE when it cannot connect the first time; later it tries until it is closed. */
export async function openChanges(options: ChangesOptions): Promise<Changes> {
  const log = options.log ?? SILENT;
  const [first, longest] = options.backoffMs ?? BACKOFF_MS;
  const random = options.random ?? Math.random;
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const watch = openWatch({
    log,
    everyMs: options.everyMs ?? COMPARE_MS,
    readVersions: () => readVersions(client),
    onUnread: () => client?.end().catch(() => undefined),
  });
  /** Resolves when the connection is in use, from where `end` leads to the next one. */
  const connect = async () => {
    const made = toClient(options.url, watch);
    client = made;
    const up = { is: false, was: false };
    const end = () => {
      up.was = true;
      if (client === made) client = null;
      void made.end().catch(() => undefined);
      if (!up.is || isClosed) return;
      up.is = false;
      log.warn({}, 'the connection that hears of changes was lost; what changes meanwhile is caught up');
      again(0);
    };
    made.on('error', end);
    made.on('end', end);
    try {
      await made.connect();
      await made.query(`LISTEN ${CHANGE_CHANNEL}`);
      await watch.compare();
      if (up.was) throw new Error('Connection terminated');
      up.is = true;
    } catch (error) {
      end();
      throw toStoreError(error);
    }
  };
  const again = (tries: number) => {
    const wait = Math.min(first * 2 ** tries, longest) * (0.5 + random() / 2);
    timer = setTimeout(() => {
      connect().catch((error: unknown) => {
        if (isClosed) return;
        log.warn({ reason: toReason(error) }, 'changes cannot be heard yet');
        again(tries + 1);
      });
    }, wait);
  };
  const close = async () => {
    isClosed = true;
    clearTimeout(timer);
    watch.close();
    const last = client;
    client = null;
    await last?.end().catch(() => undefined);
  };
  try {
    await connect();
  } catch (error) {
    await close();
    throw error;
  }
  watch.start();
  return { listen: watch.listen, close };
}

function toClient(url: string, watch: Watch): pg.Client {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'one-network changes',
    keepAlive: true,
    connectionTimeoutMillis: ANSWER_MS,
    query_timeout: ANSWER_MS,
  });
  client.on('notification', ({ channel, payload }) => {
    if (channel === CHANGE_CHANNEL) watch.hear(payload ?? '');
  });
  return client;
}

async function readVersions(client: pg.Client | null): Promise<readonly Version[]> {
  if (client === null) throw new Error('not connected');
  return (await client.query<Version>(VERSIONS.text)).rows;
}
