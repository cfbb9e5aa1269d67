// A department whose system is a database, as a system of its own: its PostgreSQL, the simulation in it, and the front on its port.
//   hub → front (options.port) → embedded PostgreSQL
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { openEmbeddedPostgres } from '../../postgres/open-embedded.ts';
import type { ClockOptions, Instant, SandboxClock } from '../clock/sandbox-clock.ts';
import type { Fault, FaultCounters } from '../front/fault.ts';
import { openFront } from '../front/front.ts';
import { openLive } from './live.ts';
import { openSimulatedDatabase } from './simulated-database.ts';
import type { Simulation } from './simulation.ts';
import { toSpoilings } from './spoilings.ts';

export type SystemOptions = {
  /** Holds the cluster and the reader's password; made if missing, reused if there. */
  readonly folder: string;
  /** Of the front; the next free one is taken if it is in use. PostgreSQL itself takes a free one after it. */
  readonly port: number;
  readonly clock: ClockOptions;
  /** Days of history before the clock's start. */
  readonly days: number;
  readonly log: (line: string) => void;
  /** Of role hub_reader; when absent made once and kept in the folder. */
  readonly readerPassword?: string;
  /** How late a slow system answers. */
  readonly slowMs?: number;
};

export type DatabaseSystem = {
  /** What the hub is given: hub_reader's URL, through the front. A secret. */
  readonly url: string;
  readonly port: number;
  /** The owner's URL, past the front: for the ledger and for breaking things in tests. */
  readonly adminUrl: string;
  readonly clock: SandboxClock;
  setFault(fault: Fault): Promise<void>;
  faultCounters(): FaultCounters;
  /** By the system's own clock. */
  now(): Instant;
  loadedTo(): Instant;
  tick(to?: Instant): Promise<Instant>;
  close(): Promise<void>;
};

/** The simulation can be made again, so its rows need not survive a power cut; and several such systems share a machine. */
const SETTINGS = {
  synchronous_commit: 'off',
  max_connections: '50',
  shared_buffers: '32MB',
  max_parallel_workers: '0',
  max_logical_replication_workers: '0',
};

/** Opens the system under the simulation's name, which its database bears too. */
export async function openDatabaseSystem(
  simulation: Simulation,
  options: SystemOptions,
): Promise<DatabaseSystem> {
  const { folder, port, clock, days, log } = options;
  // What is open so far, last first: also on the failing path nothing is left running.
  const opened: (() => Promise<void>)[] = [];
  const close = async () => {
    for (let next = opened.pop(); next !== undefined; next = opened.pop()) await next();
  };
  try {
    const server = await openEmbeddedPostgres({ folder, port: port + 1, settings: SETTINGS, log });
    opened.push(server.close);
    const adminUrl = await openOwnDatabase(server.url, simulation.name);
    const readerPassword = options.readerPassword ?? (await openPassword(join(folder, 'reader-password')));
    const database = await openSimulatedDatabase(simulation, { adminUrl, days, clock, readerPassword, log });
    opened.push(database.close);
    const live = openLive({ name: simulation.name, database, log });
    opened.push(live.close);
    const slow = options.slowMs === undefined ? {} : { slowMs: options.slowMs };
    const behind = toSpoilings(adminUrl, simulation.tables);
    const front = await openFront({ port, serverPort: server.port, behind, ...slow });
    opened.push(front.close);
    const url = new URL(database.url);
    url.port = String(front.port);
    return {
      url: url.href,
      port: front.port,
      adminUrl,
      clock: database.clock,
      setFault: front.setFault,
      faultCounters: front.faultCounters,
      now: database.clock.now,
      loadedTo: database.loadedTo,
      tick: database.tick,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The department's own database beside `postgres`; resolves to the owner's URL of it. */
async function openOwnDatabase(serverUrl: string, department: string): Promise<string> {
  const name = department.replaceAll('-', '_');
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const { rows } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rows.length === 0) await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function openPassword(file: string): Promise<string> {
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept.trim() !== '') return kept.trim();
  const made = randomBytes(18).toString('base64url');
  await writeFile(file, made, { mode: 0o600 });
  return made;
}
