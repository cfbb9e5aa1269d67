// The manifests of the water bureau, urban management and transport over MariaDB, as the bureaus run it: the same rows as over the
// sandbox's PostgreSQL, from tables in GBK and in utf8mb4, with DATETIME of all zeros.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toTransport } from '../../sandbox/transport/simulation.ts';
import { toUrbanManagement } from '../../sandbox/urban-management/simulation.ts';
import { toWater } from '../../sandbox/water/simulation.ts';
import { hasMariadb } from '../support/mariadb.ts';
import { closeWorld } from './close-all.ts';
import { comparePair, type Pair } from './compare.ts';
import { TRANSPORT_PAIRS } from './compare-transport.ts';
import { URBAN_MANAGEMENT_PAIRS } from './compare-urban-management.ts';
import { WATER_PAIRS } from './compare-water.ts';
import { CASE_TABLES, TRANSPORT_TABLES, WATER_TABLES } from './mariadb-tables.ts';
import { HOUR, type Legacy, openDepartment } from './open-legacy.ts';
import { type MariadbCopy, openMariadbCopy } from './open-mariadb-copy.ts';
import { openSpine, type Spine } from './open-spine.ts';

const mariadb = await hasMariadb();
if (!mariadb)
  process.stderr.write(
    '\nSKIPPED: no MariaDB answers at 127.0.0.1:3306, water, urban management and transport over mysql:// are NOT tested here.\n\n',
  );
const onMariadb = mariadb ? describe : describe.skip;

onMariadb('water, urban management and transport over MariaDB', () => {
  let water: Legacy;
  let bureau: Legacy;
  let vehicles: Legacy;
  let waterCopy: MariadbCopy;
  let caseCopy: MariadbCopy;
  let vehicleCopy: MariadbCopy;
  let spine: Spine;
  beforeAll(async () => {
    [water, bureau, vehicles] = await Promise.all([
      openDepartment(toWater(1), { days: 2 }),
      openDepartment(toUrbanManagement(1), { days: 3 }),
      openDepartment(toTransport(1, 20), { days: 0.5 }),
    ]);
    waterCopy = await openMariadbCopy(water, WATER_TABLES, 'gbk');
    caseCopy = await openMariadbCopy(bureau, CASE_TABLES);
    vehicleCopy = await openMariadbCopy(vehicles, TRANSPORT_TABLES);
    spine = await openSpine({
      legacy: { now: water.now, url: '' },
      units: ['water', 'urban-management', 'transport'],
      secrets: {
        ...{ WATER_URL: waterCopy.url, URBAN_MANAGEMENT_URL: caseCopy.url, TRANSPORT_URL: vehicleCopy.url },
        // No terminal speaks here.
        ...{ TRANSPORT_JT808_PORT: '0', TRANSPORT_JT808_AUTH: 'x' },
      },
    });
    expect((await spine.firstLoad).filter(({ state }) => state !== 'complete')).toEqual([]);
  }, 60_000);
  afterAll(() => closeWorld(spine, vehicleCopy, caseCopy, waterCopy, vehicles, bureau, water));

  const pairs: readonly (readonly [string, Pair, () => Legacy])[] = [
    ...Object.entries(WATER_PAIRS).map(([type, pair]) => [type, pair, () => water] as const),
    ...Object.entries(URBAN_MANAGEMENT_PAIRS).map(([type, pair]) => [type, pair, () => bureau] as const),
    ['TransportVehicle', TRANSPORT_PAIRS.TransportVehicle, () => vehicles],
    ['VehiclePosition', TRANSPORT_PAIRS.VehiclePosition, () => vehicles],
  ];
  test.each(pairs)('equals the ledger: %s', async (_type, pair, legacy) => {
    const { compared, differences } = await comparePair(pair, legacy().query, spine.query);
    expect(differences.slice(0, 5)).toEqual([]);
    expect(compared).toBeGreaterThan(0);
  });

  test('sets nothing aside', async () => {
    expect(await spine.query('select type, code, record from hub.set_aside')).toEqual([]);
  });

  test('takes over what is changed there, by its mark or by its window', async () => {
    water.database.clock.moveTo(water.now() + HOUR);
    await caseCopy.run(
      `update T_CASE_INFO set CLOSE_TM = '0000-00-00 00:00:00', IS_FILCLOSE = '0', UPDATE_TM = '2026-04-05 06:00:00' where IS_FILCLOSE = '1' and DEL_FLAG = '0' and IS_TEST = 0 limit 1`,
    );
    expect(await spine.sync('T_CASE_INFO')).toMatchObject({
      state: 'SUCCEEDED',
      written: expect.any(Number),
    });
    const [open] = await spine.query(
      `select count(*)::int as n from "urban-management".city_case where closed_at is null and filed and _observed_at < '2026-04-04T00:00Z'`,
    );
    expect(open).toEqual({ n: 1 });
    await waterCopy.run(
      `update ST_RSVR_R set RZ = RZ + 1 where STCD = '61521180' and TM = '2026-04-05 05:15:00'`,
    );
    expect(await spine.sync('ST_RSVR_R')).toMatchObject({ state: 'SUCCEEDED', written: 2 });
    await vehicleCopy.run(
      `update gps_record set velocity1 = velocity1 + 1 where date_time > '2026-04-05 05:10:00' and vehicle_no = '湘M30082'`,
    );
    expect(await spine.sync('gps_record')).toMatchObject({ state: 'SUCCEEDED', written: expect.any(Number) });
  });
});
