// A simulated department inside a given PostgreSQL database: makes the tables, fills the history, goes on from where an
// earlier run stopped. Tests use this half alone; database-system.ts adds a PostgreSQL of its own and the front.
import pg from 'pg';
import { type ClockOptions, type Instant, openClock, type SandboxClock } from '../clock/sandbox-clock.ts';
import { toUtc } from '../clock/time-text.ts';
import { HOUR } from '../storm/storm.ts';
import { openReader } from './reader-role.ts';
import type { Simulation } from './simulation.ts';

/** A longer pause is not caught up: the history is made anew instead. */
const LONGEST_GAP = 31 * 24 * HOUR;

/** Unaltered by whatever the simulation is: how far it has come. */
const CLOCK_DDL = `
create table ledger.clock (
  only_row boolean primary key default true check (only_row),
  version integer not null, seed bigint not null, loaded_from timestamptz not null, loaded_to timestamptz not null)`;

export type DatabaseOptions = {
  /** Owner's URL of the database that is to hold the schemas public and ledger. */
  readonly adminUrl: string;
  /** Days of history before the clock's start. */
  readonly days: number;
  readonly clock: ClockOptions;
  /** Password of the login `hub_reader`, a role of the whole cluster: databases of one cluster use the same. */
  readonly readerPassword: string;
  readonly log?: ((line: string) => void) | undefined;
};

export type SimulatedDatabase = {
  /** The URL that the hub is given: role hub_reader, the legacy tables only. */
  readonly url: string;
  readonly adminUrl: string;
  readonly clock: SandboxClock;
  /** Milliseconds from one mark to the next. */
  readonly step: number;
  /** The mark up to which rows exist. */
  loadedTo(): Instant;
  /** Brings the database to the clock's now, or moves a clock to `to` first (at most to the wall clock). Resolves to `loadedTo`. */
  tick(to?: Instant): Promise<Instant>;
  close(): Promise<void>;
};

export async function openSimulatedDatabase(
  simulation: Simulation,
  options: DatabaseOptions,
): Promise<SimulatedDatabase> {
  const { name, step, tables } = simulation;
  const { adminUrl, days, log } = options;
  const pool = new pg.Pool({ connectionString: adminUrl, max: 2, allowExitOnIdle: true });
  // A connection that breaks while idle is replaced at the next tick.
  pool.on('error', (error) => log?.(`${name} database: ${error.message}`));
  try {
    const began = performance.now();
    const asked = openClock(options.clock);
    const kept = await findKept(pool, simulation, asked.limit(Number.POSITIVE_INFINITY));
    // Time does not run backwards over rows that exist: a clock that starts before them starts where they end.
    if (kept !== null) asked.moveTo(kept);
    const now = toMark(asked.now(), step);
    const from = kept ?? toMark(now - days * 24 * HOUR, step);
    await runInTransaction(pool, async (client) => {
      if (kept === null) await runRemake(client, simulation, from);
      await runSpan(client, simulation, from, now);
    });
    await analyze(pool);
    await openReader(pool, options.readerPassword, tables);
    const what = kept === null ? 'made' : 'continued';
    log?.(
      `${name} history ${what}: ${toUtc(from)} to ${toUtc(now)} in ${Math.round(performance.now() - began)} ms`,
    );
    return toDatabase(pool, simulation, asked, now, options);
  } catch (error) {
    await pool.end();
    throw error;
  }
}

function toDatabase(
  pool: pg.Pool,
  simulation: Simulation,
  clock: SandboxClock,
  start: Instant,
  { adminUrl, readerPassword }: DatabaseOptions,
): SimulatedDatabase {
  const { step } = simulation;
  let loadedTo = start;
  // One tick at a time, in the order they were asked for.
  let last: Promise<unknown> = Promise.resolve();
  const runTick = async (to?: Instant) => {
    if (to !== undefined) clock.moveTo(to);
    const now = toMark(clock.now(), step);
    if (now <= loadedTo) return loadedTo;
    await runInTransaction(pool, async (client) => {
      // Asked of the database: a commit whose answer was lost, or another process, may have come further than we know.
      const { rows } = await client.query('select loaded_to from ledger.clock for update');
      const from = (rows as { loaded_to: Date }[])[0]?.loaded_to.getTime() ?? loadedTo;
      if (from < now) await runSpan(client, simulation, from, now);
    });
    loadedTo = now;
    return loadedTo;
  };
  return {
    url: toReaderUrl(adminUrl, readerPassword),
    adminUrl,
    clock,
    step,
    loadedTo: () => loadedTo,
    tick: (to) => {
      const done = last.then(() => runTick(to));
      last = done.catch(() => undefined);
      return done;
    },
    close: async () => {
      await last;
      if (!pool.ended) await pool.end();
    },
  };
}

/** The last mark at or before. */
function toMark(at: Instant, step: number): Instant {
  return Math.floor(at / step) * step;
}

/** Where an earlier run of the same seed and version stopped; null: there is none to go on from. */
async function findKept(pool: pg.Pool, simulation: Simulation, wall: Instant): Promise<Instant | null> {
  const { rows: tables } = await pool.query(`select to_regclass('ledger.clock') as name`);
  if (tables[0]?.name === null) return null;
  const { rows } = await pool
    .query('select version, seed::float8 as seed, loaded_to from ledger.clock')
    .catch(
      // A clock table of another shape is another version.
      () => ({ rows: [] }),
    );
  const [found] = rows as { version: number; seed: number; loaded_to: Date }[];
  if (found === undefined || found.version !== simulation.version || found.seed !== simulation.seed)
    return null;
  const at = found.loaded_to.getTime();
  return at > wall || wall - at > LONGEST_GAP ? null : at;
}

async function runRemake(client: pg.ClientBase, simulation: Simulation, from: Instant): Promise<void> {
  await client.query('drop schema if exists ledger cascade');
  for (const table of simulation.tables) await client.query(`drop table if exists ${table}`);
  await client.query('create schema ledger');
  await client.query(CLOCK_DDL);
  await client.query(simulation.ddl);
  const clock = 'insert into ledger.clock (version, seed, loaded_from, loaded_to) values ($1, $2, $3, $3)';
  await client.query(clock, [simulation.version, simulation.seed, toUtc(from)]);
  await simulation.runInventory(client);
}

async function runSpan(
  client: pg.ClientBase,
  simulation: Simulation,
  from: Instant,
  to: Instant,
): Promise<void> {
  await simulation.runSpan(client, from, to);
  await client.query('update ledger.clock set loaded_to = $1', [toUtc(to)]);
}

/** So that the first questions are planned by what is there; PostgreSQL's own turn comes a minute later. */
async function analyze(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'ledger')`,
  );
  await pool.query(`analyze ${rows.map(({ name }) => name as string).join(', ')}`);
}

async function runInTransaction(
  pool: pg.Pool,
  work: (client: pg.ClientBase) => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    await work(client);
    await client.query('commit');
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    // A broken transaction ends with its connection.
    client.release(broken);
  }
}

function toReaderUrl(adminUrl: string, password: string): string {
  const url = new URL(adminUrl);
  url.username = 'hub_reader';
  url.password = password;
  return url.href;
}
