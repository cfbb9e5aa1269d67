// The legacy half of the spine's world: a simulated department (the hydrology centre) in a test database, behind the sandbox's
// TCP front.
import pg from 'pg';
import { openSimulatedDatabase, type SimulatedDatabase } from '../../sandbox/database/simulated-database.ts';
import type { Simulation } from '../../sandbox/database/simulation.ts';
import { toSpoilings } from '../../sandbox/database/spoilings.ts';
import { type Front, openFront } from '../../sandbox/front/front.ts';
import { toHydrology } from '../../sandbox/hydrology/simulation.ts';
import { parseStations, type Station } from '../../sandbox/hydrology/station.ts';
import { openTestDatabase } from '../support/database.ts';
import { type Close, closeAll } from './close-all.ts';

/** In the storm's night: it rains at nearly every gauge, and no row waits for its correction or withdrawal. */
export const START = Date.parse('2026-04-04T21:20:00Z');
/** Half an hour before: two rows are wrong and will be corrected within ten minutes, one will be withdrawn. */
export const UNSETTLED_START = Date.parse('2026-04-04T20:55:00Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Secrets of a hydrology centre whose stations send nothing: the hub listens at whatever port is free, and nobody comes. */
export const NO_STATIONS = { HYDROLOGY_TELEMETRY_PORT: '0', HYDROLOGY_RTU_PASSWORD: 'A000' } as const;

/** Intervals as ISO 8601, times in UTC: both sides of a comparison are read as the same text. */
const PLAIN = '-c intervalstyle=iso_8601 -c timezone=UTC';

/** For a test's own look at a database. One that is dropped may end a connection before its goodbye has come through. */
export function openPlainPool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max, options: PLAIN });
  pool.on('error', () => undefined);
  return pool;
}

export type Legacy = {
  /** What the hub is given: role hub_reader, through the front. */
  readonly url: string;
  readonly front: Front;
  readonly database: SimulatedDatabase;
  /** The time of the whole world: stands still until the database is ticked. */
  now(): number;
  /** Plain SQL as the owner of the database: the legacy tables and the ledger. */
  query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
};

export type LegacyOptions = {
  readonly stations?: readonly Station[];
  readonly start?: number;
  readonly days?: number;
  readonly slowMs?: number;
};

/**
 * Two stations a county, those that count rain by the hour, and all of 道县 and 江华, where one is out of use and one deleted;
 * the foreign tenant's too. Enough for pages, travel times and strangers, and a day of them loads in two seconds.
 */
export function fewStations(): Station[] {
  const seen = new Map<string, number>();
  return parseStations().filter(({ addvcd, rainEvery }) => {
    const count = (seen.get(addvcd) ?? 0) + 1;
    seen.set(addvcd, count);
    return count <= 2 || rainEvery !== 5 || addvcd === '431124' || addvcd === '431129';
  });
}

export async function openLegacy({
  stations = fewStations(),
  ...options
}: LegacyOptions = {}): Promise<Legacy> {
  return openDepartment(toHydrology(1, stations), options);
}

/** A department whose system is a database: its simulation in a test database, behind a front. */
export async function openDepartment(
  simulation: Simulation,
  { start = START, days = 1, slowMs = 2000 }: Omit<LegacyOptions, 'stations'> = {},
): Promise<Legacy> {
  const opened: Close[] = [];
  try {
    const holder = await openTestDatabase();
    opened.push(holder.close);
    const database = await openSimulatedDatabase(simulation, {
      adminUrl: holder.url,
      days,
      clock: { start, frozen: true, wall: () => start + 30 * DAY },
      // A role of the whole cluster: every test that opens a centre gives it this password.
      readerPassword: 'the tests’ own',
    });
    opened.push(database.close);
    const front = await openFront({
      port: 0,
      serverPort: Number(new URL(holder.url).port),
      slowMs,
      behind: toSpoilings(holder.url, simulation.tables),
    });
    opened.push(front.close);
    const pool = openPlainPool(holder.url, 1);
    opened.push(() => pool.end());
    const url = new URL(database.url);
    url.port = String(front.port);
    return {
      url: url.href,
      front,
      database,
      now: database.clock.now,
      query: async (text, values = []) => (await pool.query(text, [...values])).rows,
      close: () => closeAll(opened),
    };
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}
