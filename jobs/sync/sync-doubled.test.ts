// One key twice in one list, into PostgreSQL: on two pages, on one, with other content and with the same.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Store } from '../../store/contract.ts';
import { openStore } from '../../store/open-store.ts';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { openMemorySource, toTable } from '../../test/support/memory-source.ts';
import { STATION_MAPPING } from '../../test/support/sample-mapping.ts';
import { sampleUnit, stationType } from '../../test/support/sample-unit.ts';
import { planFeeds } from '../plan/plan-feeds.ts';
import { syncFeed } from './sync-feed.ts';

const NOW = Date.parse('2026-04-05T12:00:00Z');
let database: TestDatabase;
let store: Store;
let client: pg.Client;
let now = NOW;
beforeAll(async () => {
  database = await openTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.close();
});
beforeEach(async () => {
  store = await openStore({ url: database.url, clock: () => now });
});
afterEach(async () => {
  await store.close();
  await client.query('drop schema if exists hydrology cascade; drop schema if exists hub cascade');
});

/** Pages of three, in the order of `nr`, which is no part of the key. */
async function openList(codes: readonly (readonly [string, string])[], absence = false) {
  const type = { ...stationType(), deletes: { ...stationType().deletes, absence } };
  const unit = sampleUnit([type]);
  await store.migrate([unit]);
  const list = toTable('st_stbprp_b', ['nr', 'stcd', 'stnm'], ['nr']);
  list.rows.push(...codes.map(([stcd, stnm], index) => ({ nr: String(index), stcd, stnm })));
  const source = openMemorySource([list, toTable('st_rvfcch_b', ['stcd', 'wrz:decimal'], ['stcd'])]);
  const [feed] = planFeeds(unit, [STATION_MAPPING]);
  if (feed === undefined) throw new Error('one feed is planned');
  const run = () => {
    now += 60_000;
    const signal = new AbortController().signal;
    const shared = {
      store: store.sync,
      clock: () => now,
      signal,
      reason: 'schedule',
      holder: 'test',
    } as const;
    return syncFeed(feed, { source, mapping: STATION_MAPPING, ...shared });
  };
  return { run, list, source };
}
const ask = async (text: string) => (await client.query(text)).rows;
const namesOf = () => ask('select _key, name from hydrology.hydro_station order by 1');
const FOUR = [
  ['S2', '乙'],
  ['S3', '丙'],
  ['S4', '丁'],
] as const;

test.each([
  ['two pages of a list', [['S1', '甲'], ...FOUR, ['S1', '另']], false],
  ['two pages of a list whose missing rows go', [['S1', '甲'], ...FOUR, ['S1', '另']], true],
  ['one page of a list', [['S1', '甲'], ['S1', '另'], ...FOUR], false],
] as const)(
  'a key on %s: the first record stands at every run, the other is set aside and counted',
  async (_where, codes, absence) => {
    const { run } = await openList(codes, absence);
    expect((await run()).counts).toMatchObject({ read: 5, written: 4, setAside: 1 });
    expect((await run()).counts).toMatchObject({ written: 0, unchanged: 4, setAside: 1 });
    expect((await run()).counts).toMatchObject({ written: 0, unchanged: 4, setAside: 1 });
    expect((await namesOf())[0]).toEqual({ _key: 'S1', name: '甲' });
    expect(await ask('select count(*)::int as n from hydrology.hydro_station_history')).toEqual([{ n: 0 }]);
    expect(await ask('select code, times::int from hub.set_aside')).toEqual([
      { code: 'HUB_MAP_KEY_TWICE', times: 3 },
    ]);
  },
);

test('the same content twice is no fault, and a row that changed between two runs is written', async () => {
  const { run, list } = await openList([['S1', '甲'], ...FOUR, ['S1', '甲']]);
  expect((await run()).counts).toMatchObject({ setAside: 0 });
  list.rows = list.rows.map((row) => (row.stcd === 'S1' ? { ...row, stnm: '新' } : row));
  expect((await run()).counts).toMatchObject({ written: 1, setAside: 0 });
  expect((await namesOf())[0]).toEqual({ _key: 'S1', name: '新' });
});

test('a scan that died and goes on knows the keys of its first half', async () => {
  const { run, source } = await openList([['S1', '甲'], ...FOUR, ['S1', '另']]);
  source.beforePage = (page) => {
    if (page === 2) throw new Error('cut off');
  };
  await expect(run()).rejects.toThrow('cut off');
  source.beforePage = () => undefined;
  expect((await run()).counts).toMatchObject({ read: 2, setAside: 1 });
  expect((await namesOf())[0]).toEqual({ _key: 'S1', name: '甲' });
});
