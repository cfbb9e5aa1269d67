// The same runs into PostgreSQL: what stands in the tables after runs that die, stop, wait and are repeated.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { HubError } from '../../schema/errors.ts';
import type { Store, SyncStore } from '../../store/contract.ts';
import { openStore } from '../../store/open-store.ts';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { type MemorySource, openMemorySource, toTable } from '../../test/support/memory-source.ts';
import { READING_MAPPING, STATION_MAPPING } from '../../test/support/sample-mapping.ts';
import { readingType, sampleUnit, stationType } from '../../test/support/sample-unit.ts';
import type { Feed } from '../plan/feed.ts';
import { planFeeds } from '../plan/plan-feeds.ts';
import type { SyncOptions } from './open-run.ts';
import { type RunReport, syncFeed } from './sync-feed.ts';

const NOW = Date.parse('2026-04-05T12:00:00Z');
const MINUTE = 60_000;
const UNIT = sampleUnit([stationType(), readingType()]);

let database: TestDatabase;
let store: Store;
let client: pg.Client;
let now = NOW;
let source: MemorySource;
const [stations, readings] = planFeeds(UNIT, [STATION_MAPPING, READING_MAPPING]);

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  now = NOW;
  source = openCity();
  store = await openStore({ url: database.url, clock: () => now });
  await store.migrate([UNIT]);
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterEach(async () => {
  await store.close();
  await client.query('drop schema if exists hydrology cascade');
  await client.query('drop schema if exists hub cascade');
  await client.end();
});

/** Seven stations with an hour of readings each. */
function openCity(): MemorySource {
  const station = toTable('st_stbprp_b', ['stcd', 'stnm'], ['stcd']);
  const level = toTable('st_rvfcch_b', ['stcd', 'wrz:decimal'], ['stcd']);
  const river = toTable('st_river_r', ['stcd', 'tm:timestamp', 'z:decimal'], ['stcd', 'tm']);
  for (let number = 1; number <= 7; number += 1) {
    station.rows.push({ stcd: `S${number}`, stnm: `站${number}` });
    level.rows.push({ stcd: `S${number}`, wrz: `${100 + number}.5` });
    for (let back = 0; back < 6; back += 1) {
      const local = new Date(NOW + 480 * MINUTE - back * 10 * MINUTE).toISOString().slice(0, 19);
      river.rows.push({ stcd: `S${number}`, tm: local.replace('T', ' '), z: `${number}.${back}` });
    }
  }
  return openMemorySource([station, level, river]);
}

function run(feed: Feed | undefined, change: Partial<SyncOptions> = {}): Promise<RunReport> {
  if (feed === undefined) throw new Error('two feeds are planned');
  return syncFeed(feed, {
    source,
    mapping: feed === stations ? STATION_MAPPING : READING_MAPPING,
    store: store.sync,
    clock: () => now,
    signal: new AbortController().signal,
    reason: 'schedule',
    holder: 'test',
    ...change,
  });
}

/** The second of the first station. */
const READING = `select stage from hydrology.river_reading where _observed_at = '2026-04-05T11:50:00Z' and _key like 'S1~%'`;
const rowsOf = (name: string) => source.tables.get(name)?.rows ?? [];
const ask = async (text: string) => (await client.query(text)).rows;
const contentOf = async () => ({
  stations: await ask(
    'select _key, name, warn_level, _gone_at is not null as gone from hydrology.hydro_station order by 1',
  ),
  readings: await ask('select _key, stage, _observed_at from hydrology.river_reading order by 1'),
  histories: await ask(
    'select (select count(*) from hydrology.hydro_station_history) + (select count(*) from hydrology.river_reading_history) as n',
  ),
});

/** A store whose page commits die at the given one, before or after it is durable. */
function dyingStore(at: number, moment: 'before' | 'after'): SyncStore {
  let commits = 0;
  return {
    ...store.sync,
    commitPage: async (...page) => {
      commits += 1;
      if (commits === at && moment === 'before') throw new HubError('HUB_STORE_UNREACHABLE', 'killed');
      const counts = await store.sync.commitPage(...page);
      if (commits === at) throw new HubError('HUB_STORE_UNREACHABLE', 'killed');
      return counts;
    },
  };
}

describe('a run into PostgreSQL', () => {
  test('lands every row once, and run again writes nothing', async () => {
    expect(await run(stations)).toMatchObject({ state: 'succeeded', counts: { read: 7, written: 7 } });
    expect(await run(readings)).toMatchObject({ state: 'succeeded', counts: { read: 42, written: 42 } });
    const before = await contentOf();
    expect(before.stations[1]).toEqual({ _key: 'S2', name: '站2', warn_level: 102.5, gone: false });
    expect(before.readings).toHaveLength(42);
    expect((await run(stations)).counts).toMatchObject({ written: 0, unchanged: 7 });
    expect((await run(readings)).counts).toMatchObject({ written: 0 });
    expect(await contentOf()).toEqual(before);
    expect(before.histories).toEqual([{ n: '0' }]);
  });

  test.each(['before', 'after'] as const)(
    'that dies %s any of its pages is resumed without a loss',
    async (moment) => {
      await run(stations);
      await run(readings);
      const whole = await contentOf();
      // The first, some in between, and the last of fourteen.
      for (const page of [1, 2, 8, 14]) {
        await client.query('truncate hydrology.river_reading, hub.feed, hub.set_aside');
        await expect(run(readings, { store: dyingStore(page, moment) })).rejects.toMatchObject({
          code: 'HUB_STORE_UNREACHABLE',
        });
        const read = (await run(readings)).counts?.read ?? 0;
        expect(read).toBe(42 - 3 * (moment === 'before' ? page - 1 : page));
        expect(await contentOf()).toEqual(whole);
      }
    },
  );

  test('a snapshot that died halfway deletes only what neither half has seen', async () => {
    await run(stations);
    rowsOf('st_stbprp_b').splice(4, 1);
    await expect(run(stations, { store: dyingStore(1, 'after') })).rejects.toThrow();
    expect((await run(stations)).counts).toMatchObject({ read: 3, deleted: 1 });
    const { stations: left } = await contentOf();
    expect(left.filter((row) => row.gone).map((row) => row._key)).toEqual(['S5']);
  });

  test('a truncated list deletes nothing, and the next whole one is judged anew', async () => {
    await run(stations);
    const rest = rowsOf('st_stbprp_b').splice(1);
    await expect(run(stations)).rejects.toMatchObject({ code: 'HUB_SYNC_DELETE_BRAKE' });
    rowsOf('st_stbprp_b').push(...rest);
    expect((await run(stations)).counts).toMatchObject({ read: 7, deleted: 0, written: 0 });
  });

  test('a corrected row is written and leaves its history', async () => {
    await run(stations);
    now += MINUTE;
    rowsOf('st_stbprp_b')[0] = { stcd: 'S1', stnm: '改名' };
    expect((await run(stations)).counts).toMatchObject({ written: 1, unchanged: 6 });
    expect(await ask('select name from hydrology.hydro_station_history')).toEqual([{ name: '站1' }]);
  });

  test('readings wait for their stations and land with the run after these came', async () => {
    expect((await run(readings)).counts).toMatchObject({ written: 0, waiting: 42 });
    expect((await contentOf()).readings).toEqual([]);
    now += 5 * MINUTE;
    await run(stations);
    expect((await run(readings)).counts).toMatchObject({ written: 42 });
    expect(await ask('select count(*)::int as n from hub.set_aside')).toEqual([{ n: 0 }]);
    expect((await contentOf()).readings).toHaveLength(42);
  });

  test.each([
    ['one behind the other', -4000, 4000],
    ['one before the other', 4000, -4000],
  ])(
    'of two versions that waited the newer lands, with two workers’ clocks %s',
    async (_how, first, second) => {
      const row = rowsOf('st_river_r')[1];
      await run(readings, { clock: () => now + first });
      Object.assign(row ?? {}, { z: '77.5' });
      now += 1000;
      await run(readings, { clock: () => now + second });
      await run(stations);
      now += 1000;
      // What the replay does must not be repaired by reading.
      source.tables.get('st_river_r')?.rows.splice(0);
      await run(readings, { clock: () => now + first });
      expect(await ask(READING)).toEqual([{ stage: 77.5 }]);
      expect((await contentOf()).histories).toEqual([{ n: '0' }]);
    },
  );

  test('what waited does not replace what came later by the clock of another worker', async () => {
    const row = rowsOf('st_river_r')[1];
    await run(readings, { clock: () => now + 4000 });
    now += 1000;
    // The stations come after this run has replayed what waits, and before it reads.
    Object.assign(row ?? {}, { z: '77.5' });
    source.beforePage = async () => {
      source.beforePage = () => undefined;
      await run(stations);
    };
    await run(readings, { clock: () => now - 4000 });
    source.tables.get('st_river_r')?.rows.splice(0);
    now += 1000;
    await run(readings);
    expect(await ask(READING)).toEqual([{ stage: 77.5 }]);
    expect((await contentOf()).histories).toEqual([{ n: '0' }]);
  });

  test('a run that is asked to stop ends as stopped and is resumed', async () => {
    const stop = new AbortController();
    const onProgress = () => stop.abort();
    expect(await run(stations, { signal: stop.signal, onProgress })).toMatchObject({ state: 'stopped' });
    expect(await run(stations)).toMatchObject({ state: 'succeeded', counts: { read: 4, written: 4 } });
    expect(await ask('select state, error_code from hub.run order by id')).toEqual([
      { state: 'STOPPED', error_code: 'HUB_SYNC_STOPPED' },
      { state: 'SUCCEEDED', error_code: null },
    ]);
  });

  test('two workers on one feed: one runs, the other is told', async () => {
    const reports = await Promise.all([run(stations), run(stations)]);
    expect(reports.map(({ state }) => state).toSorted()).toEqual(['busy', 'succeeded']);
  });

  test('a source that fails leaves its code in the run table, and the feed free', async () => {
    source.beforePage = () => {
      throw new HubError('HUB_SOURCE_UNREACHABLE', 'fork does not answer');
    };
    await expect(run(stations)).rejects.toMatchObject({ code: 'HUB_SOURCE_UNREACHABLE' });
    expect(await ask('select state, error_code from hub.run')).toEqual([
      { state: 'FAILED', error_code: 'HUB_SOURCE_UNREACHABLE' },
    ]);
    source.beforePage = () => undefined;
    expect(await run(stations)).toMatchObject({ state: 'succeeded' });
  });
});
