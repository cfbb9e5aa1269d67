// One manifest over two engines: the store must not show which of them the department runs.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseStations } from '../../sandbox/hydrology/station.ts';
import { hasMariadb } from '../support/mariadb.ts';
import { closeWorld } from './close-all.ts';
import { compareWithLedger, EVERYTHING } from './compare.ts';
import { HOUR, type Legacy, openLegacy } from './open-legacy.ts';
import { type MariadbCopy, openMariadbCopy } from './open-mariadb-copy.ts';
import { openSpine, type Spine } from './open-spine.ts';

const mariadb = await hasMariadb();
if (!mariadb)
  process.stderr.write(
    '\nSKIPPED: no MariaDB answers at 127.0.0.1:3306, the spine over mysql:// is NOT tested here.\n\n',
  );
const onMariadb = mariadb ? describe : describe.skip;

/** Every column of every row but the number of its run: also keys, links, divisions, native keys and content hashes. */
const CONTENT = ['hydro_station', 'flood_travel', 'river_reading', 'rain_reading'].map(
  (table) =>
    `select _key, (to_jsonb(t) - '_run' - '_digest')::text as content from hydrology.${table} t order by _key collate "C"`,
);

onMariadb('the same manifest over PostgreSQL and over MariaDB', () => {
  let legacy: Legacy;
  let copy: MariadbCopy;
  let spines: Spine[];
  beforeAll(async () => {
    spines = [];
    const counties = ['431124', '431129', '431102', '430426'];
    legacy = await openLegacy({
      stations: parseStations().filter(({ addvcd }) => counties.includes(addvcd)),
    });
    copy = await openMariadbCopy(legacy);
    for (const sourceUrl of [legacy.url, copy.url]) {
      const spine = await openSpine({ legacy, sourceUrl });
      spines.push(spine);
      const loads = await spine.firstLoad;
      expect(loads.map(({ state, error }) => [state, error])).toEqual(loads.map(() => ['complete', null]));
    }
  }, 60_000);
  afterAll(() => closeWorld(...spines, copy, legacy));

  test('brings the same rows, to the last column', async () => {
    for (const text of CONTENT) {
      const [first = [], second = []] = await Promise.all(spines.map((spine) => spine.query(text)));
      const others = second.filter(({ content }, index) => content !== first[index]?.content);
      // Three are enough to see what is wrong.
      expect(others.slice(0, 3)).toEqual([]);
      expect([second.length, first.length > 0]).toEqual([first.length, true]);
    }
  });

  test('brings what the ledger says', async () => {
    const [, overMariadb] = spines;
    if (overMariadb === undefined) throw new Error('both are open');
    for (const what of EVERYTHING) {
      const { compared, differences } = await compareWithLedger(what, legacy.query, overMariadb.query);
      expect(differences).toEqual([]);
      expect(compared).toBeGreaterThan(0);
    }
  });

  test('answers a client with the same text', async () => {
    const query = `{ division(code: "431124") { name hydroStations { nodes { id name kind location { lon lat } warnLevel
      latestRiver { stage flow observedAt } rain(last: 3) { nodes { amount period total observedAt } } source { nativeKey receivedAt } } } } }`;
    const [first, second] = await Promise.all(spines.map((spine) => spine.ask(query)));
    expect(second?.data).toEqual(first?.data);
    expect(first?.errors).toEqual([]);
  });

  test('reads MariaDB again without writing, and takes over what is corrected there', async () => {
    const [, overMariadb] = spines;
    legacy.database.clock.moveTo(legacy.now() + HOUR);
    expect(await overMariadb?.sync('st_river_r')).toMatchObject({
      state: 'SUCCEEDED',
      written: 0,
      deleted: 0,
    });
    await copy.run(`update st_river_r set z = z + 1 where stcd = '61521090' and tm = '2026-04-05 05:20:00'`);
    expect(await overMariadb?.sync('st_river_r')).toMatchObject({ state: 'SUCCEEDED', written: 1 });
  });
});
