import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import {
  type DatabaseOptions,
  openSimulatedDatabase,
  type SimulatedDatabase,
} from '../database/simulated-database.ts';
import { DIFFERENCES, HASHES } from './database.fixture.ts';
import { toHydrology } from './simulation.ts';
import { parseStations, type Station } from './station.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-04-05T00:00:00Z');
const WALL = START + 48 * HOUR;

let database: TestDatabase;
let opened: SimulatedDatabase[];
let client: pg.Client;

type Options = Partial<DatabaseOptions> & {
  readonly seed?: number;
  readonly stations?: readonly Station[];
};
const openWith = async ({ seed = 1, stations, ...options }: Options = {}) => {
  const hydrology = await openSimulatedDatabase(toHydrology(seed, stations), {
    adminUrl: database.url,
    days: 1,
    clock: { start: START, frozen: true, wall: () => WALL },
    readerPassword: 'the tests’ own',
    ...options,
  });
  opened.push(hydrology);
  return hydrology;
};
const ask = async <T>(statement: string, values: unknown[] = []): Promise<T[]> =>
  (await client.query(statement, values)).rows as T[];
const count = async (what: string) =>
  Number((await ask<{ n: string }>(`select count(*) as n from ${what}`))[0]?.n);
const begin = async () => {
  database = await openTestDatabase();
  opened = [];
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
};
const end = async () => {
  for (const hydrology of opened) await hydrology.close();
  await client.end();
  await database.close();
};

describe('the legacy tables', () => {
  beforeAll(async () => {
    await begin();
    await openWith();
  });
  afterAll(end);

  test('agree with the ledger, row by row', async () => {
    expect(await ask(DIFFERENCES)).toEqual([]);
    expect(await count('ledger.rain')).toBeGreaterThan(10_000);
    expect(await count('ledger.river')).toBeGreaterThan(4000);
  });

  test.each([
    ['a period 60 times too long', 'st_pptn_r', 'dr = 300', 'dr = 5 and p > 0'],
    ['a period read in hours', 'st_pptn_r', 'dr = 1', 'dr = 60'],
    [
      'a time in UTC',
      'st_river_r',
      `tm = tm - interval '8 hours'`,
      `stcd = '61521090' and tm < '2026-04-04 16:00'`,
    ],
    ['rain in tenths', 'st_pptn_r', 'p = p * 10', 'p > 1'],
    ['a stage of another datum', 'st_river_r', 'z = z + 0.5', `stcd = '61521090'`],
    ['a row that is missing', 'st_river_r', 'deleted = 1', `stcd = '61521090'`],
    ['another tenant’s row', 'st_pptn_r', `tenant_id = '431100'`, `tenant_id = '430400'`],
  ])('would not agree with %s', async (_name, table, change, which) => {
    await client.query('begin');
    const { rowCount } = await client.query(
      `update ${table} set ${change} where ctid in (select ctid from ${table} where ${which} limit 1)`,
    );
    const differences = await ask(DIFFERENCES);
    await client.query('rollback');
    expect(rowCount).toBe(1);
    expect(differences.length).toBeGreaterThan(0);
  });

  test('end at the clock’s now and begin the days before it', async () => {
    const rows = await ask(`select min(tm)::text, max(tm)::text from st_river_r where stcd = '61521090'`);
    expect(rows).toEqual([{ min: '2026-04-04 08:05:00', max: '2026-04-05 08:00:00' }]);
  });

  test('hold another tenant’s stations and readings, which the ledger does not', async () => {
    expect(await count(`st_stbprp_b where tenant_id = '430400'`)).toBe(3);
    expect(await count(`st_river_r where tenant_id = '430400'`)).toBeGreaterThan(0);
    expect(await count(`st_pptn_r where tenant_id = '430400'`)).toBeGreaterThan(0);
    expect(await count(`ledger.station where stcd like '6150%'`)).toBe(0);
    expect(await count(`ledger.rain where stcd like '6150%'`)).toBe(0);
  });

  test('pad their names with blanks, as CHAR columns do', async () => {
    const [row] = await ask<{ stnm: string; rtu_addr: string }>(
      `select stnm, rtu_addr from st_stbprp_b where stcd = '61521090'`,
    );
    expect(row).toEqual({ stnm: '道县'.padEnd(30), rtu_addr: '0061521090  ' });
  });

  test('carry the old code of 祁阳 for two stations, of which the ledger knows today’s', async () => {
    const rows = await ask(
      `select s.stcd, l.county_code from st_stbprp_b s join ledger.station l on l.stcd = s.stcd where addvcd = '431121' order by 1`,
    );
    expect(rows).toEqual([
      { stcd: '61511110', county_code: '431181' },
      { stcd: '61511120', county_code: '431181' },
    ]);
  });

  test('give travel times in hours that the ledger has as intervals', async () => {
    const rows = await ask(
      `select 1 from st_fsdr_b f full join ledger.travel t on t.upstream = f.upstcd and t.downstream = f.dwstcd
       where f.tenant_id = '431100' and (make_interval(mins => (f.avtrtm * 60)::int) = t.mean
         and make_interval(mins => (f.mntrtm * 60)::int) = t.shortest and make_interval(mins => (f.mxtrtm * 60)::int) = t.longest) is not true`,
    );
    expect(rows).toEqual([]);
    expect(await count('ledger.travel')).toBeGreaterThan(10);
  });

  test('are all that the hub’s role may read', async () => {
    const reader = new pg.Client({ connectionString: opened[0]?.url });
    await reader.connect();
    const refused = /permission denied/;
    try {
      expect((await reader.query('select 1 from st_river_r limit 1')).rows).toHaveLength(1);
      await expect(reader.query('select 1 from ledger.river')).rejects.toThrow(refused);
      await expect(reader.query('select 1 from ledger.settled_rain')).rejects.toThrow(refused);
      await expect(reader.query('update st_river_r set z = 0')).rejects.toThrow(refused);
      await expect(reader.query('create table mine (n int)')).rejects.toThrow(refused);
    } finally {
      await reader.end();
    }
  });
});

describe('the simulated centre', () => {
  /** A few stations of both tenants, for speed. */
  const few = parseStations().filter(({ name }, index) => index % 4 === 0 || name === '道县');
  const open = (options: Options = {}) => openWith({ stations: few, ...options });
  beforeEach(begin);
  afterEach(end);

  test('is the same for the same seed, and another for another', async () => {
    await open();
    const first = await ask(HASHES);
    await open({ seed: 2 });
    const other = await ask(HASHES);
    await open({ seed: 1 });
    expect(await ask(HASHES)).toEqual(first);
    expect(other).not.toEqual(first);
  });

  test('comes to the same rows in small steps and in one', async () => {
    const hydrology = await open();
    for (let hour = 1 / 6; hour < 6; hour += 1 / 6) await hydrology.tick(START + hour * HOUR);
    await hydrology.tick(START + 6 * HOUR);
    expect(await ask(DIFFERENCES)).toEqual([]);
    const inSteps = await ask(HASHES);
    await client.query('drop schema ledger cascade');
    await open({ days: 1.25, clock: { start: START + 6 * HOUR, frozen: true, wall: () => WALL } });
    expect(await ask(HASHES)).toEqual(inSteps);
  });

  test('shows a wrong value until it is corrected, and a withdrawn row as deleted', async () => {
    const hydrology = await open();
    await hydrology.tick(START + 24 * HOUR);
    const [wrong] = await ask<{ stcd: string; observed_at: Date; corrected_at: Date }>(
      `select * from ledger.river where corrected_at - observed_at >= '10 minutes' order by observed_at desc limit 1`,
    );
    const [gone] = await ask<{ stcd: string; observed_at: Date; deleted_at: Date }>(
      `select * from ledger.rain where deleted_at is not null order by observed_at desc limit 1`,
    );
    if (wrong === undefined || gone === undefined) throw new Error('the seed has none: take another');
    const stageAt = async (at: Date) => {
      await client.query('drop schema ledger cascade');
      await open({ clock: { start: at.getTime(), frozen: true, wall: () => WALL } });
      expect(await ask(DIFFERENCES)).toEqual([]);
      const [row] = await ask<{ off: string }>(
        `select z - stage_m as off from st_river_r r join ledger.river l on l.stcd = r.stcd
         and r.tm = l.observed_at at time zone 'Asia/Shanghai' where r.stcd = $1 and observed_at = $2`,
        [wrong.stcd, wrong.observed_at],
      );
      return Number(row?.off);
    };
    expect(await stageAt(wrong.observed_at)).toBe(1);
    await opened.at(-1)?.tick(wrong.corrected_at.getTime());
    expect(await ask(DIFFERENCES)).toEqual([]);
    expect(await stageAt(wrong.corrected_at)).toBe(0);
    await opened.at(-1)?.tick(gone.deleted_at.getTime());
    const deleted = await ask(
      `select deleted from st_pptn_r where stcd = $1 and tm = $2::timestamptz at time zone 'Asia/Shanghai'`,
      [gone.stcd, gone.observed_at],
    );
    expect(deleted).toEqual([{ deleted: 1 }]);
  });

  test('never goes past the wall clock', async () => {
    const hydrology = await open();
    expect(await hydrology.tick(WALL + 99 * HOUR)).toBe(WALL);
    const [row] = await ask<{ last: Date }>(
      `select max(tm) at time zone 'Asia/Shanghai' as last from st_river_r`,
    );
    expect(row?.last.getTime()).toBe(WALL);
  });

  test('goes on where an earlier run stopped, without a gap or a doublet', async () => {
    const hydrology = await open();
    await hydrology.close();
    await open({ clock: { start: START + 3 * HOUR, frozen: true, wall: () => WALL } });
    const gaps = await ask(
      `select 1 from (select tm - lag(tm) over (order by tm) as step from st_river_r where stcd = '61521090') s where step <> '5 minutes'`,
    );
    expect(gaps).toEqual([]);
    expect(await count(`st_river_r where stcd = '61521090'`)).toBe(27 * 12);
    expect(await ask(DIFFERENCES)).toEqual([]);
  });

  test('does not run backwards over rows of an earlier run', async () => {
    await (await open()).tick(START + 5 * HOUR);
    const again = await open();
    expect(again.loadedTo()).toBe(START + 5 * HOUR);
    expect(again.clock.now()).toBe(START + 5 * HOUR);
  });

  test('is made anew for another seed, another version, or after a month’s pause', async () => {
    await open();
    const seedOf = async () => (await ask<{ seed: string }>('select seed from ledger.clock'))[0]?.seed;
    await open({ seed: 9 });
    expect(await seedOf()).toBe('9');
    await client.query("update ledger.clock set version = 0, loaded_to = loaded_to - interval '1 hour'");
    await open({ seed: 9 });
    expect(await ask(DIFFERENCES)).toEqual([]);
    const later = START + 40 * 24 * HOUR;
    await open({ seed: 9, clock: { start: later, frozen: true, wall: () => later } });
    const [row] = await ask<{ loaded_from: Date }>('select loaded_from from ledger.clock');
    expect(row?.loaded_from.getTime()).toBe(later - 24 * HOUR);
  });

  test('loads three days of all stations with less than three seconds of its own work', async () => {
    const before = process.cpuUsage();
    await openWith({ days: 3 });
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(3000);
  });

  test('doubles nothing when the database has come further than this process knows', async () => {
    const [first, second] = [await open(), await open()];
    await first.tick(START + 3 * HOUR);
    await second.tick(START + HOUR);
    await second.tick(START + 4 * HOUR);
    expect(await count(`st_river_r where stcd = '61521090'`)).toBe(28 * 12);
    expect(await ask(DIFFERENCES)).toEqual([]);
  });

  test('moves one tick at a time, also when many are asked for at once', async () => {
    const hydrology = await open();
    const asked = [1, 2, 3, 2].map((hour) => hydrology.tick(START + hour * HOUR));
    expect(await Promise.all(asked)).toEqual([1, 2, 3, 3].map((hour) => START + hour * HOUR));
    expect(await ask(DIFFERENCES)).toEqual([]);
  });
});
