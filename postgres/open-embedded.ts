// The entry: one embedded PostgreSQL a folder. Makes the cluster on first use, adopts the one that a killed process
// left running, and hands out a superuser URL on the loopback address.
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { isOpenToOthers, isRoot, openBinaries, openSharedPlace } from './binaries.ts';
import { openCluster, openOwnFolder, startCluster } from './cluster.ts';
import { takeFolder } from './owner-lock.ts';
import { findFreePort } from './ports.ts';
import { findLivePostmaster, stopPostmaster } from './postmaster.ts';
import { PostgresStartError } from './start-error.ts';

export type EmbeddedOptions = {
  /** Where the cluster, its password and its log live (made if missing). */
  readonly folder: string;
  /** The port to try first; the next free one is taken when it is not. */
  readonly port: number;
  /** PostgreSQL settings beside the ones set here (`fsync: 'off'` for tests). */
  readonly settings?: Readonly<Record<string, string>>;
  readonly log?: (line: string) => void;
};

export type EmbeddedPostgres = {
  /** Superuser URL of database `postgres`, with its password: not for printing. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** True when a running one was found and taken over. */
  readonly adopted: boolean;
  /** Stops it and waits until the process is gone. */
  close(): Promise<void>;
};

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_preload_libraries: 'pg_stat_statements',
  timezone: 'UTC',
  log_timezone: 'UTC',
  max_connections: '150',
} as const;

/** Rejects with PostgresStartError; nothing is left running then. */
export async function openEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const folder = resolve(options.folder);
  await mkdir(folder, { recursive: true });
  const release = await takeFolder(folder);
  try {
    const place = await openPlace(folder);
    const password = await openPassword(place);
    const running = await adopt(join(place, 'cluster'), password);
    const found = running ?? (await startNew(place, password, options));
    options.log?.(
      `PostgreSQL ${running === null ? 'started' : 'adopted'}: pid ${found.pid}, port ${found.port}, ${place}`,
    );
    const close = async () => {
      await stopPostmaster(found.pid);
      await release();
    };
    return {
      url: toUrl(found.port, password),
      port: found.port,
      pid: found.pid,
      adopted: running !== null,
      close,
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** The one that runs for this folder, whoever has started it: to be used beside its owner and left running. Null when none does. */
export async function findEmbeddedPostgres(
  folder: string,
): Promise<Pick<EmbeddedPostgres, 'url' | 'port'> | null> {
  const place = await openPlace(resolve(folder));
  const password = await readFile(join(place, 'password'), 'utf8').catch(() => '');
  const found = await findLivePostmaster(join(place, 'cluster'));
  if (found === null || !(await answers(found.port, password.trim()))) return null;
  return { url: toUrl(found.port, password.trim()), port: found.port };
}

function toUrl(port: number, password: string): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
}

/** The folder itself, or, when root's PostgreSQL user could not enter it, one under the shared place with an id that the folder remembers. */
async function openPlace(folder: string): Promise<string> {
  if (!isRoot() || (await isOpenToOthers(folder))) {
    const place = join(folder, 'postgres');
    await openOwnFolder(place);
    return place;
  }
  const file = join(folder, 'cluster-id');
  const id = await readFile(file, 'utf8').catch(async () => {
    const made = randomBytes(8).toString('hex');
    await writeFile(file, made);
    return made;
  });
  const place = join(await openSharedPlace(), `data-${id.trim()}`);
  await openOwnFolder(place);
  await writeFile(join(place, 'origin.txt'), `${folder}\n`);
  return place;
}

async function openPassword(place: string): Promise<string> {
  const file = join(place, 'password');
  const found = await readFile(file, 'utf8').catch(() => null);
  if (found !== null && found.trim() !== '') return found.trim();
  const password = randomBytes(24).toString('base64url');
  await writeFile(file, password, { mode: 0o600 });
  return password;
}

async function adopt(cluster: string, password: string): Promise<{ pid: number; port: number } | null> {
  const found = await findLivePostmaster(cluster);
  if (found === null) return null;
  if (found.ready && (await answers(found.port, password))) return found;
  // Alive but no use to us (shutting down, hanging): stopped, then started anew.
  await stopPostmaster(found.pid, 10_000);
  return null;
}

async function answers(port: number, password: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: toUrl(port, password), connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function startNew(
  place: string,
  password: string,
  options: EmbeddedOptions,
): Promise<{ pid: number; port: number }> {
  const binaries = await openBinaries();
  const cluster = await openCluster(binaries, place, password);
  const settings = { ...SETTINGS, ...options.settings };
  for (let port = options.port, attempt = 0; attempt < 5; attempt += 1) {
    const free = await findFreePort(port);
    if (free === null) break;
    try {
      return { pid: (await startCluster(binaries, cluster, free, settings)).pid, port: free };
    } catch (error) {
      // Somebody took the port between the look and the start.
      if (!(error instanceof PostgresStartError) || error.reason !== 'port') throw error;
      port = free + 1;
    }
  }
  throw new PostgresStartError('port', `No free port for PostgreSQL from ${options.port} on.`);
}
