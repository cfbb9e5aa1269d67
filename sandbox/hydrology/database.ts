// The simulated centre inside a given PostgreSQL database: makes the tables, fills the history, goes on from where an earlier
// run stopped. The tests use this half alone; system.ts adds the centre's own PostgreSQL and the front.
import pg from 'pg';
import { type ClockOptions, type Instant, openClock, type SandboxClock } from '../clock/sandbox-clock.ts';
import { HOUR } from '../storm/storm.ts';
import { runInventory, runSpan, toStep } from './fill.ts';
import { LEDGER_DDL, toUtc } from './ledger.ts';
import { LEGACY_DDL, LEGACY_TABLES } from './legacy.ts';
import { openReader } from './reader-role.ts';
import { toWorld, type World } from './readings.ts';
import { parseStations, type Station } from './station.ts';

/** Raised whenever a table or the simulation changes: an older database is then made anew. */
const VERSION = 1;
/** A longer pause is not caught up: the history is made anew instead. */
const LONGEST_GAP = 31 * 24 * HOUR;

export type DatabaseOptions = {
  /** Owner's URL of the database that is to hold the schemas public and ledger. */
  readonly adminUrl: string;
  readonly seed: number;
  /** Days of history before the clock's start. */
  readonly days: number;
  readonly clock: ClockOptions;
  /** Password of the login `hub_reader`, a role of the whole cluster: databases of one cluster use the same. */
  readonly readerPassword: string;
  /** All of the table's stations when absent. */
  readonly stations?: readonly Station[];
  readonly log?: (line: string) => void;
};

export type HydrologyDatabase = {
  /** The URL that the hub is given: role hub_reader, the legacy tables only. */
  readonly url: string;
  readonly adminUrl: string;
  readonly clock: SandboxClock;
  /** The five-minute mark up to which rows exist. */
  loadedTo(): Instant;
  /** Brings the database to the clock's now, or moves a clock to `to` first (at most to the wall clock). Resolves to `loadedTo`. */
  tick(to?: Instant): Promise<Instant>;
  close(): Promise<void>;
};

export async function openHydrologyDatabase(options: DatabaseOptions): Promise<HydrologyDatabase> {
  const { adminUrl, seed, days, log } = options;
  const world = toWorld(seed, options.stations ?? parseStations());
  const pool = new pg.Pool({ connectionString: adminUrl, max: 2, allowExitOnIdle: true });
  // A connection that breaks while idle is replaced at the next tick.
  pool.on('error', (error) => log?.(`hydrology database: ${error.message}`));
  try {
    const began = performance.now();
    const asked = openClock(options.clock);
    const kept = await findKept(pool, seed, asked.limit(Number.POSITIVE_INFINITY));
    // Time does not run backwards over rows that exist: a clock that starts before them starts where they end.
    if (kept !== null) asked.moveTo(kept);
    const now = toStep(asked.now());
    const from = kept ?? toStep(now - days * 24 * HOUR);
    await runInTransaction(pool, async (client) => {
      if (kept === null) await runRemake(client, world, from);
      await runSpan(client, world, from, now);
    });
    // So that the first questions are planned by what is there; PostgreSQL's own turn comes a minute later.
    await pool.query(
      'analyze public.st_stbprp_b, public.st_river_r, public.st_pptn_r, ledger.river, ledger.rain',
    );
    await openReader(pool, options.readerPassword);
    const what = kept === null ? 'made' : 'continued';
    log?.(
      `hydrology history ${what}: ${toUtc(from)} to ${toUtc(now)} in ${Math.round(performance.now() - began)} ms`,
    );
    return toDatabase(pool, world, asked, now, options);
  } catch (error) {
    await pool.end();
    throw error;
  }
}

function toDatabase(
  pool: pg.Pool,
  world: World,
  clock: SandboxClock,
  start: Instant,
  { adminUrl, readerPassword }: DatabaseOptions,
): HydrologyDatabase {
  let loadedTo = start;
  // One tick at a time, in the order they were asked for.
  let last: Promise<unknown> = Promise.resolve();
  const runTick = async (to?: Instant) => {
    if (to !== undefined) clock.moveTo(to);
    const now = toStep(clock.now());
    if (now <= loadedTo) return loadedTo;
    await runInTransaction(pool, async (client) => {
      // Asked of the database: a commit whose answer was lost, or another process, may have come further than we know.
      const { rows } = await client.query('select loaded_to from ledger.clock for update');
      const from = (rows as { loaded_to: Date }[])[0]?.loaded_to.getTime() ?? loadedTo;
      if (from < now) await runSpan(client, world, from, now);
    });
    loadedTo = now;
    return loadedTo;
  };
  return {
    url: toReaderUrl(adminUrl, readerPassword),
    adminUrl,
    clock,
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

/** Where an earlier run of the same seed and version stopped; null: there is none to go on from. */
async function findKept(pool: pg.Pool, seed: number, wall: Instant): Promise<Instant | null> {
  const { rows: tables } = await pool.query(`select to_regclass('ledger.clock') as name`);
  if (tables[0]?.name === null) return null;
  const { rows } = await pool
    .query('select version, seed::float8 as seed, loaded_to from ledger.clock')
    .catch(
      // A clock table of another shape is another version.
      () => ({ rows: [] }),
    );
  const [found] = rows as { version: number; seed: number; loaded_to: Date }[];
  if (found === undefined || found.version !== VERSION || found.seed !== seed) return null;
  const at = found.loaded_to.getTime();
  return at > wall || wall - at > LONGEST_GAP ? null : at;
}

async function runRemake(client: pg.ClientBase, world: World, from: Instant): Promise<void> {
  await client.query('drop schema if exists ledger cascade');
  for (const table of LEGACY_TABLES) await client.query(`drop table if exists public.${table}`);
  await client.query(LEGACY_DDL);
  await client.query(LEDGER_DDL);
  const clock = 'insert into ledger.clock (version, seed, loaded_from, loaded_to) values ($1, $2, $3, $3)';
  await client.query(clock, [VERSION, world.seed, toUtc(from)]);
  await runInventory(client, world);
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
