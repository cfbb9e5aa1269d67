// The reading half of the store: one statement of the compiler on a session that cannot write. An aborted question is
// cancelled on the server too, so that a client that went away costs nothing.
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { isLostSession, toStoreError } from '../connect/store-error.ts';
import type { ReadOptions, ReadStatement, ReadStore } from '../contract.ts';
import { toCancelled } from './cancelled.ts';

/** Statements that a session keeps prepared; what comes after the first so many different texts is parsed each time. */
const MOST_PREPARED = 1000;

/** `cancelPool`: where the order to cancel goes out, since the reading pool may be full of what is to be cancelled. */
export function openReader(pool: pg.Pool, cancelPool: pg.Pool): ReadStore {
  const nameOf = toNamer();
  return {
    async read<Row extends Record<string, unknown>>(
      statement: ReadStatement,
      options: ReadOptions = {},
    ): Promise<readonly Row[]> {
      const ask = () => readOnce<Row>(pool, cancelPool, statement, nameOf(statement.text), options.signal);
      // A session that PostgreSQL ended while it lay idle (a restart, a cut line) is found out by its next question only: a
      // question changes nothing, so it is asked once more, of another session.
      return ask().catch((error: unknown) => {
        if (!isLostSession(error) || isAborted(options.signal)) throw error;
        return ask();
      });
    },
  };
}

async function readOnce<Row extends Record<string, unknown>>(
  pool: pg.Pool,
  cancelPool: pg.Pool,
  statement: ReadStatement,
  name: string | null,
  signal: AbortSignal | undefined,
): Promise<readonly Row[]> {
  if (isAborted(signal)) throw toCancelled();
  const client = await pool.connect().catch((error: unknown) => {
    throw toStoreError(error);
  });
  // The signal may have been given while the connection was awaited: nothing is asked then, and the session stays.
  if (isAborted(signal)) {
    client.release();
    throw toCancelled();
  }
  const cancelling = watch(client, cancelPool, signal);
  let lost = false;
  try {
    const result = await client.query<Row>({
      text: statement.text,
      values: [...statement.values],
      ...(name === null ? {} : { name }),
    });
    return result.rows;
  } catch (error) {
    const known = toStoreError(error);
    lost = isLostSession(known);
    throw cancelling.isAsked() ? toCancelled() : known;
  } finally {
    // A cancel that comes late would hit the session's next statement, and an ended session may not know yet that it is
    // one: neither is used again.
    const mayBeHit = await cancelling.end();
    client.release(mayBeHit || lost);
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

type Watch = { readonly isAsked: () => boolean; readonly end: () => Promise<boolean> };

function watch(client: pg.PoolClient, cancelPool: pg.Pool, signal: AbortSignal | undefined): Watch {
  let order: Promise<unknown> | null = null;
  const cancel = () => {
    order ??= cancelPool.query('SELECT pg_cancel_backend($1)', [processIdOf(client)]).catch(() => undefined);
  };
  signal?.addEventListener('abort', cancel, { once: true });
  return {
    isAsked: () => order !== null,
    end: async () => {
      signal?.removeEventListener('abort', cancel);
      await order;
      return order !== null;
    },
  };
}

// node-postgres keeps it on the client; its types do not say so.
function processIdOf(client: pg.PoolClient): number {
  return (client as pg.PoolClient & { readonly processID: number }).processID;
}

function toNamer(): (text: string) => string | null {
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined) return known;
    if (names.size >= MOST_PREPARED) return null;
    const name = `q${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
    names.set(text, name);
    return name;
  };
}
