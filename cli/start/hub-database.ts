// The hub's own database on the embedded PostgreSQL: its role, which is no superuser, and the database that it owns.
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { keepRunning, type Revival } from '../../postgres/keep-running.ts';
import {
  type EmbeddedPostgres,
  findEmbeddedPostgres,
  openEmbeddedPostgres,
} from '../../postgres/open-embedded.ts';
import { PostgresStartError, type StartFault } from '../../postgres/start-error.ts';
import { HubError } from '../../schema/errors.ts';
import { toStoreError } from '../../store/connect/store-error.ts';

/** The embedded PostgreSQL's first choice; the next free port is taken when it is in use, which harms nobody. */
const PORT = 54_320;

const CONNECT_TIMEOUT_MS = 10_000;

const CODES = {
  binary: 'HUB_POSTGRES_BINARY',
  start: 'HUB_POSTGRES_START',
  port: 'HUB_POSTGRES_START',
  data: 'HUB_POSTGRES_DATA',
} as const satisfies Record<StartFault, string>;

export type HubDatabase = {
  readonly url: string;
  readonly server: EmbeddedPostgres;
  close(): Promise<void>;
};

/** Starts or adopts the embedded PostgreSQL in the data folder, prepares database `hub` (idempotent), and keeps it running. */
export async function openHubDatabase(
  dataDir: string,
  onRevival: (revival: Revival) => void,
): Promise<HubDatabase> {
  const reopen = (port: number) => openServer(join(dataDir, 'store'), port);
  const server = await reopen(PORT);
  try {
    const password = await openPassword(join(dataDir, 'store', 'hub-password'));
    await prepare(server.url, password);
    const url = toHubUrl(server.url, password);
    return { url, server, ...keepRunning({ server, reopen, onRevival }) };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** The database of a hub that runs over this data folder, to be used beside it; null when none does. */
export async function findHubDatabase(dataDir: string): Promise<string | null> {
  const folder = join(dataDir, 'store');
  const password = await readFile(join(folder, 'hub-password'), 'utf8').catch(() => '');
  const running = password === '' ? null : await findEmbeddedPostgres(folder);
  return running === null ? null : toHubUrl(running.url, password);
}

function toHubUrl(serverUrl: string, password: string): string {
  const url = new URL(serverUrl);
  url.username = 'hub';
  url.password = password;
  url.pathname = '/hub';
  return url.href;
}

/** Asks a given PostgreSQL once, so that a wrong URL is told where it belongs. Rejects with HUB_STORE_UNREACHABLE or HUB_STORE_QUERY. */
export async function checkDatabase(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query('select 1');
  }).catch((error: unknown) => {
    throw toStoreError(error);
  });
}

async function openServer(folder: string, port: number): Promise<EmbeddedPostgres> {
  try {
    return await openEmbeddedPostgres({ folder, port });
  } catch (error) {
    if (error instanceof PostgresStartError)
      throw new HubError(CODES[error.reason], error.message, { cause: error });
    throw error;
  }
}

async function openPassword(file: string): Promise<string> {
  const found = await readFile(file, 'utf8').catch(() => '');
  if (found !== '') return found;
  const made = randomBytes(24).toString('base64url');
  await writeFile(file, made, { mode: 0o600 });
  return made;
}

async function prepare(adminUrl: string, password: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const role = await client.query("select 1 from pg_roles where rolname = 'hub'");
    // A literal is needed here (PostgreSQL takes no bind in CREATE ROLE); the text is base64url of our own making.
    await client.query(`${role.rowCount === 0 ? 'create' : 'alter'} role hub login password '${password}'`);
    const database = await client.query("select 1 from pg_database where datname = 'hub'");
    if (database.rowCount === 0)
      await client.query("create database hub owner hub encoding 'UTF8' template template0");
    await client.query('grant pg_read_all_stats to hub');
  });
  const own = new URL(adminUrl);
  own.pathname = '/hub';
  await withClient(own.href, async (client) => {
    await client.query('create extension if not exists pg_stat_statements');
  });
}

async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
