// The manifests of the water bureau and of urban management over MariaDB, as the bureaus run it: the same rows as over the
// sandbox's PostgreSQL, from tables in GBK and in utf8mb4, with DATETIME of all zeros.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toUrbanManagement } from '../../sandbox/urban-management/simulation.ts';
import { toWater } from '../../sandbox/water/simulation.ts';
import { hasMariadb } from '../support/mariadb.ts';
import { closeWorld } from './close-all.ts';
import { comparePair, type Pair } from './compare.ts';
import { URBAN_MANAGEMENT_PAIRS } from './compare-urban-management.ts';
import { WATER_PAIRS } from './compare-water.ts';
import { CASE_TABLES, WATER_TABLES } from './mariadb-tables.ts';
import { HOUR, type Legacy, openDepartment } from './open-legacy.ts';
import { type MariadbCopy, openMariadbCopy } from './open-mariadb-copy.ts';
import { openSpine, type Spine } from './open-spine.ts';

const mariadb = await hasMariadb();
if (!mariadb)
  process.stderr.write(
    '\nSKIPPED: no MariaDB answers at 127.0.0.1:3306, water and urban management over mysql:// are NOT tested here.\n\n',
  );
const onMariadb = mariadb ? describe : describe.skip;

onMariadb('water and urban management over MariaDB', () => {
  let water: Legacy;
  let bureau: Legacy;
  let waterCopy: MariadbCopy;
  let caseCopy: MariadbCopy;
  let spine: Spine;
  beforeAll(async () => {
    [water, bureau] = await Promise.all([
      openDepartment(toWater(1), { days: 2 }),
      openDepartment(toUrbanManagement(1), { days: 3 }),
    ]);
    waterCopy = await openMariadbCopy(water, WATER_TABLES, 'gbk');
    caseCopy = await openMariadbCopy(bureau, CASE_TABLES);
    spine = await openSpine({
      legacy: { now: water.now, url: '' },
      units: ['water', 'urban-management'],
      secrets: { WATER_URL: waterCopy.url, URBAN_MANAGEMENT_URL: caseCopy.url },
    });
    expect((await spine.firstLoad).filter(({ state }) => state !== 'complete')).toEqual([]);
  }, 60_000);
  afterAll(() => closeWorld(spine, caseCopy, waterCopy, bureau, water));

  const pairs: readonly (readonly [string, Pair, () => Legacy])[] = [
    ...Object.entries(WATER_PAIRS).map(([type, pair]) => [type, pair, () => water] as const),
    ...Object.entries(URBAN_MANAGEMENT_PAIRS).map(([type, pair]) => [type, pair, () => bureau] as const),
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
  });
});
