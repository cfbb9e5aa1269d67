import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type OpenedSimulation, openSimulation, START } from '../database/open-simulation.fixture.ts';
import { parseStations } from '../hydrology/station.ts';
import { HOUR, MINUTE } from '../storm/storm.ts';
import { toPool } from './pool.ts';
import { parseReservoirs, type Reservoir } from './reservoir.ts';
import { toWater } from './simulation.ts';
import { DIFFERENCES } from './water.fixture.ts';

const few = parseReservoirs().filter(({ name }) => ['双牌', '毛俊', '白水'].includes(name));

describe('the water bureau’s tables', () => {
  let water: OpenedSimulation;
  beforeAll(async () => {
    water = await openSimulation(toWater(1), { days: 4 });
  });
  afterAll(() => water.close());

  test('agree with the ledger, row by row', async () => {
    expect(await water.ask(DIFFERENCES)).toEqual([]);
    const [count] = await water.ask(
      'select (select count(*)::int from ledger.level) as level, (select count(*)::int from ledger.rain) as rain, (select count(*)::int from ledger.danger) as danger',
    );
    expect(count).toMatchObject({ level: expect.any(Number), danger: expect.any(Number) });
    expect(Object.values(count as object).every((rows) => rows > 1)).toBe(true);
  });

  test.each([
    ['a storage in m³', 'update st_rsvr_r set w = w / 1000 where mpcd = $$ $$'],
    ['a period read in minutes', 'update st_pptn_r set intv = intv / 60'],
    ['an hour and a half written as a decimal', 'update st_pptn_r set pdr = 0.5 where pdr = 0.30'],
    ['a time in UTC', `update st_rsvr_r set tm = tm - interval '8 hours' where stcd = '6158101'`],
    ['a danger that has gone', 'delete from rei_prjdbinf'],
  ])('would not agree with %s', async (_name, change) => {
    expect((await water.askChanged(change, DIFFERENCES)).length).toBeGreaterThan(0);
  });

  test('bring what a mapping stumbles over', async () => {
    const [found] = await water.ask(`select
      (select bool_and(length(stcd::text) = 8 or stcd like '6158%') from st_rsvr_r) as bare,
      (select octet_length(stcd) from st_stbprp_b where stnm like '白水%') as padded,
      (select addvcd from st_stbprp_b where stnm like '白水%') as old_code,
      (select count(*)::int from st_stbprp_b where rvnm = '') as empty,
      (select array_agg(distinct bgmd || '-' || edmd) from st_rsvrfsr_b) as seasons,
      (select count(*)::int from st_pptn_r where pdr > 1) as longer,
      (select count(*)::int from st_stbprp_b where sttp <> 'RR' or usesymb = '0') as strangers`);
    expect(found).toMatchObject({
      ...{ bare: true, padded: 8, old_code: '431121', strangers: 2 },
      seasons: ['1001-414', '415-630', '701-930'],
    });
    expect(found).toMatchObject({ empty: expect.any(Number), longer: expect.any(Number) });
    expect((found as { longer: number }).longer).toBeGreaterThan(0);
  });

  test('keep the ledger from the hub', async () => {
    const [row] = await water.ask(
      `select has_schema_privilege('hub_reader', 'ledger', 'usage') as ledger, has_table_privilege('hub_reader', 'st_rsvr_r', 'select') as legacy`,
    );
    expect(row).toEqual({ ledger: false, legacy: true });
  });
});

describe('time at the water bureau', () => {
  test('leaves the same rows in whatever steps it goes', async () => {
    const [once, often] = await Promise.all([
      openSimulation(toWater(1, few), { start: START + 3 * HOUR, days: 1.125 }),
      openSimulation(toWater(1, few), { days: 1 }),
    ]);
    for (const minutes of [15, 45, 60, 180]) await often.database.tick(START + minutes * MINUTE);
    expect(await often.ask(DIFFERENCES)).toEqual([]);
    expect(await often.hashes()).toEqual(await once.hashes());
    await Promise.all([once.close(), often.close()]);
  });
});

describe('a reservoir', () => {
  test('that the hydrology centre knows too stands there under the same code and at the same place', () => {
    const hydrology = new Map(parseStations().map(({ code, name, lon, lat }) => [code, { name, lon, lat }]));
    const both = parseReservoirs().filter(({ code }) => hydrology.has(code));
    expect(both.map(({ name }) => name)).toEqual(['双牌', '涔天河', '源口', '毛俊']);
    for (const { code, name, lon, lat } of both) expect({ name, lon, lat }).toEqual(hydrology.get(code));
  });

  test('keeps what comes in and does not go out', () => {
    const [reservoir] = few as [Reservoir];
    const at = (hours: number) => toPool(1, reservoir, START - 240 * HOUR + hours * HOUR);
    const passed = Array.from({ length: 240 }, (_, hour) => at(hour + 0.5)).map(
      ({ inflow, outflow }) => (inflow - outflow) * 3600,
    );
    const kept = at(240).storage - at(0).storage;
    const sum = passed.reduce((total, one) => total + one, 0);
    expect(Math.abs(kept - sum) / at(0).storage).toBeLessThan(0.02);
    expect(at(0).level).toBeGreaterThan(reservoir.dead);
    expect(at(0).level).toBeLessThan(reservoir.crest);
  });
});
