// The connections of one source: knex's pool, opened by the first call, never larger than the manifest's `inFlight`.
// A statement that is cut is stopped on the server, and its connection is thrown away, not reused.
import { setMaxListeners } from 'node:events';
import { Socket } from 'node:net';
import knex, { type Knex } from 'knex';
import { HubError } from '../../../schema/errors.ts';
import type { AccessSettings, CallOptions } from '../../kit/contract.ts';
import { withCut } from './cut.ts';
import type { Canceller, Dialect, Target } from './dialects/dialect.ts';
import { toSourceError } from './faults.ts';

export type Row = { readonly [alias: string]: unknown };
export type Pool = {
  /** Builds statements; never run one through it directly. */
  readonly db: Knex;
  /** A name as the dialect quotes it. */
  quote(name: string): string;
  /** Runs one select. Rejects with HUB_SOURCE_… errors only. */
  run(query: Knex.QueryBuilder, object: string | null, options?: CallOptions): Promise<readonly Row[]>;
  close(): Promise<void>;
};

/** knex's client as far as it is used here; its own type is `any`. */
type Client = Canceller & {
  wrapIdentifierImpl(name: string): string;
  acquireConnection(): Promise<Connection>;
  releaseConnection(connection: Connection): Promise<void>;
  destroyRawConnection(connection: Connection): Promise<void>;
};
/** knex throws away a connection that carries this mark. */
type Connection = object & { __knex__disposed?: unknown };

/** How long a goodbye or a cancellation may take before the sockets are simply closed. */
const PATIENCE_MS = 1000;

export function openPool(settings: AccessSettings, dialect: Dialect, target: Target): Pool {
  const place = { unit: settings.unit, source: settings.name };
  const sockets = new Set<Socket>();
  const closing = new AbortController();
  // Each call listens, and many may wait for their turn.
  setMaxListeners(0, closing.signal);
  const openSocket = () => {
    const socket = new Socket();
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    return socket;
  };
  const db = knex({
    ...toKnexConfig(
      settings,
      dialect,
      dialect.toConnection({ target, timeoutMs: settings.timeoutMs, openSocket }),
    ),
    pool: {
      ...toPoolConfig(settings),
      afterCreate: (connection: Connection, done: (error: unknown, connection: Connection) => void) => {
        openSession(connection).then(
          () => done(null, connection),
          (error) => done(error, connection),
        );
      },
    },
  });
  const client: Client = db.client;
  // knex keeps SQL Server's waiting requests in one list for all pools of the process.
  if (dialect.client === 'mssql') Object.assign(client, { requestQueue: [] });

  const openSession = async (connection: Connection) => {
    const limits = { place, timeoutMs: settings.timeoutMs, closing: closing.signal, signal: undefined };
    try {
      for (const statement of dialect.session(settings.timeoutMs))
        await withCut(limits, (cut) => Promise.race([db.raw(statement).connection(connection), cut]));
    } catch (error) {
      dialect.destroy(connection);
      client.destroyRawConnection(connection).catch(() => undefined);
      throw error;
    }
  };

  const discard = async (connection: Connection) => {
    connection.__knex__disposed = 'cut';
    await Promise.race([dialect.cancel(client, connection), pause(PATIENCE_MS)]).catch(() => undefined);
    dialect.destroy(connection);
    await client.releaseConnection(connection);
  };

  const runOn = async (connection: Connection, query: Knex.QueryBuilder, cut: Promise<never>) => {
    const answer = Promise.resolve(query.connection(connection) as PromiseLike<readonly Row[]>);
    try {
      const rows = await Promise.race([answer, cut]);
      await client.releaseConnection(connection);
      return rows;
    } catch (error) {
      answer.catch(() => undefined);
      if (error instanceof HubError) discard(connection).catch(() => undefined);
      else await client.releaseConnection(connection);
      throw error;
    }
  };

  const run: Pool['run'] = async (query, object, options = {}) => {
    const here = object === null ? place : { ...place, object };
    const limits = {
      place: here,
      timeoutMs: settings.timeoutMs,
      closing: closing.signal,
      signal: options.signal,
    };
    try {
      return await withCut(limits, async (cut) => {
        const acquired = client.acquireConnection();
        const connection = await Promise.race([acquired, cut]).catch((error) => {
          acquired.then(client.releaseConnection.bind(client)).catch(() => undefined);
          throw error;
        });
        return runOn(connection, query, cut);
      });
    } catch (error) {
      throw toSourceError(error, dialect, here);
    }
  };

  let closed: Promise<void> | null = null;
  const close = async () => {
    closing.abort();
    const ended = db.destroy();
    await Promise.race([ended, pause(PATIENCE_MS)]);
    for (const socket of sockets) socket.destroy();
    await Promise.race([ended, pause(PATIENCE_MS)]);
  };
  return {
    db,
    quote: (name) => client.wrapIdentifierImpl(name),
    run,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

function toKnexConfig(settings: AccessSettings, dialect: Dialect, connection: object): Knex.Config {
  const silent = () => undefined;
  return {
    client: dialect.client,
    connection,
    // A fixed version spares a question at each new connection, which a hanging server would not answer.
    version: dialect.client === 'mysql2' ? 'latest' : '12.1',
    acquireConnectionTimeout: settings.timeoutMs,
    // Otherwise knex writes statements with their values into error messages.
    compileSqlOnError: false,
    log: { warn: silent, error: silent, debug: silent, deprecate: silent },
  };
}

function toPoolConfig(settings: AccessSettings): Knex.PoolConfig {
  return {
    min: 0,
    max: settings.inFlight,
    acquireTimeoutMillis: settings.timeoutMs,
    createTimeoutMillis: settings.timeoutMs,
    destroyTimeoutMillis: PATIENCE_MS,
    idleTimeoutMillis: 30_000,
    propagateCreateError: true,
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
