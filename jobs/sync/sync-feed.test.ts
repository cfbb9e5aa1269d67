// The promises of a run: nothing lost, nothing doubled, wherever it dies. Over a source and a store in memory, so that a
// run can be killed at each of their calls; sync-feed.store.test.ts runs the same feeds into PostgreSQL.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HubError } from '../../schema/errors.ts';
import { type MemorySource, openMemorySource, toTable } from '../../test/support/memory-source.ts';
import { type MemoryStore, openMemoryStore } from '../../test/support/memory-store.ts';
import { READING_MAPPING, STATION_MAPPING } from '../../test/support/sample-mapping.ts';
import { readingType, sampleUnit, stationType } from '../../test/support/sample-unit.ts';
import type { Feed } from '../plan/feed.ts';
import { planFeeds } from '../plan/plan-feeds.ts';
import type { SyncOptions } from './open-run.ts';
import type { Progress } from './progress.ts';
import { type RunReport, syncFeed } from './sync-feed.ts';

const NOW = Date.parse('2026-04-05T12:00:00Z');
const MINUTE = 60_000;

function planned(): { stations: Feed; readings: Feed } {
  const [stations, readings] = planFeeds(sampleUnit([stationType(), readingType()]), [
    STATION_MAPPING,
    READING_MAPPING,
  ]);
  if (stations === undefined || readings === undefined) throw new Error('two feeds are planned');
  return { stations, readings };
}

const { stations, readings } = planned();

type City = {
  source: MemorySource;
  store: MemoryStore;
  now: number;
  run(feed: Feed, change?: Partial<SyncOptions>): Promise<RunReport>;
};

/** Stations 1…count and their levels; readings every ten minutes of the last hours. */
function openCity({ count = 7, hours = 2 } = {}): City {
  const station = toTable('st_stbprp_b', ['stcd', 'stnm'], ['stcd']);
  const level = toTable('st_rvfcch_b', ['stcd', 'wrz:decimal'], ['stcd']);
  const river = toTable('st_river_r', ['stcd', 'tm:timestamp', 'z:decimal'], ['stcd', 'tm']);
  for (let number = 1; number <= count; number += 1) {
    station.rows.push({ stcd: `S${number}`, stnm: `站${number}` });
    if (number % 2 === 0) level.rows.push({ stcd: `S${number}`, wrz: `${100 + number}.5` });
    for (let back = 0; back < hours * 6; back += 1)
      river.rows.push(toReading(`S${number}`, NOW - back * 10 * MINUTE, `${number}.${back}`));
  }
  const city: City = {
    source: openMemorySource([station, level, river]),
    store: openMemoryStore(),
    now: NOW,
    run: (feed, change = {}) =>
      syncFeed(feed, {
        source: city.source,
        mapping: feed === stations ? STATION_MAPPING : READING_MAPPING,
        store: city.store.sync,
        clock: () => city.now,
        signal: new AbortController().signal,
        reason: 'schedule',
        holder: 'test',
        ...change,
      }),
  };
  return city;
}

function toReading(stcd: string, at: number, z: string) {
  return { stcd, tm: toLocal(at), z };
}

/** Shanghai's wall clock, as the table holds it. */
function toLocal(at: number): string {
  return new Date(at + 8 * 60 * MINUTE).toISOString().slice(0, 19).replace('T', ' ');
}

const tableOf = (city: City, name: string) => {
  const table = city.source.tables.get(name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return table;
};

const contentOf = ({ store }: City) =>
  [...store.rows].map(([name, { values, gone }]) => [name, values, gone]).toSorted();

describe('a snapshot', () => {
  test('brings every row with its joined columns, page by page', async () => {
    const city = openCity();
    const report = await city.run(stations);
    expect(report).toMatchObject({
      feed: stations.name,
      state: 'succeeded',
      counts: { read: 7, written: 7 },
    });
    expect(city.store.rows.get('HydroStation:S2')?.values).toEqual({
      code: 'S2',
      name: '站2',
      warnLevel: 102.5,
    });
    expect(city.store.rows.get('HydroStation:S1')?.values).toMatchObject({ warnLevel: null });
    expect(city.store.pages.map((page) => page.read)).toEqual([3, 3, 1]);
  });

  test('run twice writes nothing', async () => {
    const city = openCity();
    await city.run(stations);
    const report = await city.run(stations);
    expect(report.counts).toMatchObject({ read: 7, written: 0, unchanged: 7, deleted: 0 });
  });

  test('takes away what the source no longer has, and brings it back when it returns', async () => {
    const city = openCity();
    await city.run(stations);
    const table = tableOf(city, 'st_stbprp_b');
    const [gone] = table.rows.splice(2, 1);
    expect((await city.run(stations)).counts).toMatchObject({ deleted: 1 });
    expect(city.store.rows.get('HydroStation:S3')?.gone).toBe(true);
    if (gone !== undefined) table.rows.push(gone);
    await city.run(stations);
    expect(city.store.rows.get('HydroStation:S3')?.gone).toBe(false);
  });

  test('of a truncated source deletes nothing, and the next whole one goes on as if nothing had been', async () => {
    const city = openCity();
    await city.run(stations);
    const rows = tableOf(city, 'st_stbprp_b').rows.splice(1);
    await expect(city.run(stations)).rejects.toMatchObject({
      code: 'HUB_SYNC_DELETE_BRAKE',
      recovery: 'stop',
    });
    tableOf(city, 'st_stbprp_b').rows.push(...rows);
    expect((await city.run(stations)).counts).toMatchObject({ read: 7, written: 0, deleted: 0 });
  });

  test('of an empty table is complete', async () => {
    const city = openCity({ count: 0 });
    expect(await city.run(stations)).toMatchObject({ state: 'succeeded', counts: { read: 0 } });
    expect(city.store.markOf(stations.key).watermark).not.toBeNull();
  });

  test('sets aside a record whose 1:1 table has two rows for it; the page still lands', async () => {
    const city = openCity();
    tableOf(city, 'st_rvfcch_b').rows.push({ stcd: 'S2', wrz: '1' });
    expect((await city.run(stations)).counts).toMatchObject({ written: 6, setAside: 1 });
    expect(city.store.setAside).toMatchObject([
      {
        type: 'HydroStation',
        fault: { code: 'HUB_MAP_EXTEND_MANY', column: 'cch', raw: null },
        record: { stcd: 'S2' },
      },
    ]);
  });
});

describe('a column', () => {
  test('that is gone stops the object before a row is read', async () => {
    const city = openCity();
    const broken = toTable('st_river_r', ['stcd', 'tm:timestamp'], ['stcd', 'tm']);
    const source = openMemorySource([broken]);
    await expect(city.run(readings, { source })).rejects.toMatchObject({
      code: 'HUB_MAP_SHAPE',
      message: expect.stringContaining('st_river_r has no column z'),
    });
    expect(source.asked).toEqual([]);
    expect(city.store.runs).toMatchObject([{ state: 'failed' }]);
  });

  test('that may be missing is not asked for', async () => {
    const city = openCity();
    const lean = openMemorySource([
      toTable('st_stbprp_b', ['STCD'], []),
      toTable('st_rvfcch_b', ['stcd', 'wrz'], []),
    ]);
    await city.run(stations, { source: lean });
    expect(lean.asked[0]?.columns).toEqual(['stcd']);
  });

  test('of time that is text cannot bound a window', async () => {
    const city = openCity();
    const source = openMemorySource([toTable('st_river_r', ['stcd', 'tm:text', 'z'], ['stcd'])]);
    await expect(city.run(readings, { source })).rejects.toMatchObject({ code: 'HUB_MAP_SHAPE' });
  });
});

describe('a window', () => {
  test('loads its backfill first, then from the watermark less the overlap, in the clock of the source', async () => {
    const city = openCity();
    await city.run(stations);
    await city.run(readings);
    expect(city.source.asked.at(-1)?.filter).toEqual([
      { column: 'tm', op: 'gte', value: '2026-03-29 20:00:00.000000' },
    ]);
    expect(city.store.markOf(readings.key)).toMatchObject({ watermark: '2026-04-05T12:00:00Z', scan: null });
    city.now += 5 * MINUTE;
    const report = await city.run(readings);
    expect(city.source.asked.at(-1)?.filter?.[0]?.value).toBe('2026-04-05 19:30:00.000000');
    expect(report.counts).toMatchObject({ written: 0, unchanged: 28 });
  });

  test('re-reads far back once an hour, and finds the rows that came late', async () => {
    const city = openCity();
    await city.run(stations);
    await city.run(readings);
    tableOf(city, 'st_river_r').rows.push(toReading('S1', NOW - 26 * 60 * MINUTE, '9.9'));
    city.now += 59 * MINUTE;
    expect((await city.run(readings)).counts).toMatchObject({ written: 0 });
    city.now += MINUTE;
    expect((await city.run(readings)).counts).toMatchObject({ written: 1 });
    expect(city.source.asked.at(-1)?.filter?.[0]?.value).toBe('2026-04-02 20:00:00.000000');
    city.now += 5 * MINUTE;
    await city.run(readings);
    expect(city.source.asked.at(-1)?.filter?.[0]?.value).toBe('2026-04-05 19:30:00.000000');
  });

  test('keeps every digit of the time that it has seen', async () => {
    const city = openCity({ count: 1, hours: 1 });
    await city.run(stations);
    tableOf(city, 'st_river_r').rows.push({ stcd: 'S1', tm: '2026-04-05 19:59:59.987654', z: '1' });
    tableOf(city, 'st_river_r').rows.splice(0, 1);
    await city.run(readings);
    expect(city.store.markOf(readings.key).watermark).toBe('2026-04-05T11:59:59.987654Z');
  });

  test('is not pushed into the future by a wrong clock, and not stalled by rows that are set aside', async () => {
    const city = openCity({ count: 1, hours: 0 });
    await city.run(stations);
    const { rows } = tableOf(city, 'st_river_r');
    rows.push(toReading('S1', NOW + 365 * 24 * 60 * MINUTE, '1'));
    rows.push({ stcd: null, tm: toLocal(NOW - 3 * MINUTE), z: '1' });
    expect((await city.run(readings)).counts).toMatchObject({ read: 2, written: 0, setAside: 2 });
    expect(city.store.markOf(readings.key).watermark).toBe('2026-04-05T11:57:00Z');
  });

  test('never moves back, even when the source has lost its newest rows', async () => {
    const city = openCity({ count: 1 });
    await city.run(stations);
    await city.run(readings);
    tableOf(city, 'st_river_r').rows.splice(0, 3);
    await city.run(readings);
    expect(city.store.markOf(readings.key).watermark).toBe('2026-04-05T12:00:00Z');
  });

  test('without a row counts as loaded, and misses nothing that comes later', async () => {
    const city = openCity({ count: 1, hours: 0 });
    await city.run(stations);
    await city.run(readings);
    expect(city.store.markOf(readings.key).watermark).toBe('2026-03-29T12:00:00Z');
    tableOf(city, 'st_river_r').rows.push(toReading('S1', NOW - 6 * 24 * 60 * MINUTE, '1'));
    expect((await city.run(readings)).counts).toMatchObject({ written: 1 });
  });

  test('a column with a zone is asked with an instant', async () => {
    const city = openCity();
    const source = openMemorySource([toTable('st_river_r', ['stcd', 'tm:timestamptz', 'z'], ['stcd', 'tm'])]);
    await city.run(readings, { source });
    expect(source.asked[0]?.filter?.[0]?.value).toBe('2026-03-29T12:00:00Z');
  });
});

describe('records that wait for their target', () => {
  test('land with the run after it came, with the time at which they were received', async () => {
    const city = openCity({ count: 1, hours: 1 });
    expect((await city.run(readings)).counts).toMatchObject({ written: 0, waiting: 6 });
    await city.run(stations);
    city.now += 5 * MINUTE;
    tableOf(city, 'st_river_r').rows = [];
    expect((await city.run(readings)).counts).toMatchObject({ read: 0, written: 6 });
    expect(city.store.pages.at(-1)?.receivedAt).toBe('2026-04-05T12:00:00.000Z');
    expect(city.store.waiting.size).toBe(0);
  });
});

describe('a run that dies', () => {
  test.each([
    ['before a page is written', 'beforeCommit'],
    ['after a page was written', 'afterCommit'],
  ] as const)(
    '%s leaves what its successor needs: the same rows, none twice, none lost',
    async (_, moment) => {
      for (const feed of [stations, readings]) {
        const whole = openCity();
        await whole.run(stations);
        if (feed === readings) await whole.run(readings);
        for (let at = 1; at <= whole.store.pages.length; at += 1) {
          const city = openCity();
          city.store[moment] = (commit) => {
            if (commit === at) throw new HubError('HUB_STORE_UNREACHABLE', 'killed');
          };
          const run = async () => {
            await city.run(stations);
            if (feed === readings) await city.run(readings);
          };
          await expect(run()).rejects.toMatchObject({ code: 'HUB_STORE_UNREACHABLE' });
          await run();
          expect(contentOf(city)).toEqual(contentOf(whole));
          expect([...city.store.rows.values()].every((row) => row.writes === 1)).toBe(true);
        }
      }
    },
  );

  test('is resumed behind its last page, within the bounds that it began with', async () => {
    const city = openCity({ count: 2, hours: 1 });
    await city.run(stations);
    city.source.beforePage = (page) => {
      if (page === 3) throw new HubError('HUB_SOURCE_TIMEOUT', 'no answer');
    };
    await expect(city.run(readings)).rejects.toMatchObject({ code: 'HUB_SOURCE_TIMEOUT' });
    expect(city.store.runs.at(-1)).toMatchObject({ state: 'failed', error: { code: 'HUB_SOURCE_TIMEOUT' } });
    const begun = city.source.asked.at(-1);
    city.source.beforePage = () => undefined;
    city.source.asked.length = 0;
    city.now += 7 * MINUTE;
    expect((await city.run(readings)).counts).toMatchObject({ read: 6, written: 6 });
    expect(city.source.asked[0]).toEqual(begun);
    expect(city.store.markOf(readings.key)).toMatchObject({ watermark: '2026-04-05T12:00:00Z', scan: null });
  });

  test('as a snapshot deletes by the keys of both its halves', async () => {
    const city = openCity();
    await city.run(stations);
    tableOf(city, 'st_stbprp_b').rows.splice(6, 1);
    city.source.beforePage = (page) => {
      if (page === 2) throw new HubError('HUB_SOURCE_UNREACHABLE', 'gone');
    };
    await expect(city.run(stations)).rejects.toMatchObject({ code: 'HUB_SOURCE_UNREACHABLE' });
    city.source.beforePage = () => undefined;
    expect((await city.run(stations)).counts).toMatchObject({ read: 3, deleted: 1 });
    expect([...city.store.rows.values()].filter((row) => row.gone).map((row) => row.key)).toEqual(['S7']);
  });

  test('with a cursor that the source no longer knows begins again', async () => {
    const city = openCity();
    city.source.beforePage = (page) => {
      if (page === 2) throw new HubError('HUB_SOURCE_UNREACHABLE', 'gone');
    };
    await expect(city.run(stations)).rejects.toThrow();
    city.source.beforePage = () => undefined;
    let refused = 0;
    const { scan } = city.source;
    const forgetful = {
      ...city.source,
      scan: ((object, request) => {
        if (request.after === undefined) return scan(object, request);
        refused += 1;
        throw new HubError('HUB_SOURCE_CURSOR', 'not mine');
      }) satisfies typeof scan,
    };
    expect(await city.run(stations, { source: forgetful })).toMatchObject({ counts: { read: 7 } });
    expect(refused).toBe(1);
  });

  test('any number of times at any pages ends with the same rows', async () => {
    const whole = openCity();
    await whole.run(stations);
    await whole.run(readings);
    const deaths = fc.array(fc.record({ page: fc.integer({ min: 1, max: 12 }), after: fc.boolean() }), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(deaths, async (plan) => {
        const city = openCity();
        for (const death of plan) {
          let commits = 0;
          const die = () => {
            commits += 1;
            if (commits === death.page) throw new HubError('HUB_STORE_UNREACHABLE', 'killed');
          };
          city.store.beforeCommit = death.after ? () => undefined : die;
          city.store.afterCommit = death.after ? die : () => undefined;
          await city.run(stations).catch(() => undefined);
          await city.run(readings).catch(() => undefined);
          city.now += MINUTE;
        }
        city.store.beforeCommit = () => undefined;
        city.store.afterCommit = () => undefined;
        await city.run(stations);
        await city.run(readings);
        await city.run(readings);
        expect(contentOf(city)).toEqual(contentOf(whole));
        expect([...city.store.rows.values()].every((row) => row.writes === 1)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a run', () => {
  test('that another worker has taken does nothing and says so', async () => {
    const city = openCity();
    await city.store.sync.acquire(stations.key, {
      now: new Date(NOW).toISOString(),
      holdMs: 1000,
      holder: 'other',
    });
    expect(await city.run(stations)).toMatchObject({ state: 'busy', run: null, counts: null });
    expect(city.source.asked).toEqual([]);
  });

  test('that lost its lease in the middle writes nothing more', async () => {
    const city = openCity();
    city.source.beforePage = async (page) => {
      if (page !== 2) return;
      city.now += 31_000;
      await city.store.sync.acquire(stations.key, {
        now: new Date(city.now).toISOString(),
        holdMs: 1,
        holder: 'other',
      });
    };
    await expect(city.run(stations)).rejects.toMatchObject({
      code: 'HUB_SYNC_LEASE_LOST',
      recovery: 'retry',
    });
    expect(city.store.pages).toHaveLength(1);
  });

  test('that is asked to stop finishes its page, ends as stopped, and is resumed', async () => {
    const city = openCity();
    const stop = new AbortController();
    city.store.afterCommit = () => stop.abort();
    const report = await city.run(stations, { signal: stop.signal });
    expect(report).toMatchObject({ state: 'stopped', counts: { read: 3, written: 3 } });
    expect(city.store.runs[0]).toMatchObject({ state: 'stopped', error: { code: 'HUB_SYNC_STOPPED' } });
    city.store.afterCommit = () => undefined;
    expect(await city.run(stations)).toMatchObject({ state: 'succeeded', counts: { read: 4, written: 4 } });
  });

  test('frees its feed when it fails', async () => {
    const city = openCity();
    city.source.beforePage = () => {
      throw new HubError('HUB_SOURCE_REFUSED', 'wrong password');
    };
    await expect(city.run(stations)).rejects.toMatchObject({ code: 'HUB_SOURCE_REFUSED' });
    city.source.beforePage = () => undefined;
    expect(await city.run(stations)).toMatchObject({ state: 'succeeded' });
  });

  test('of a feed that is not supported is refused with the reason', async () => {
    const city = openCity();
    await expect(
      city.run({ ...stations, unsupported: 'strategy push is not supported yet' }),
    ).rejects.toMatchObject({
      code: 'HUB_SOURCE_UNSUPPORTED',
      message: expect.stringContaining('strategy push is not supported yet'),
    });
  });

  test('tells how far it is: by time for a window, by count for a list', async () => {
    const city = openCity({ count: 1, hours: 2 });
    const told: Progress[] = [];
    const onProgress = (progress: Progress) => {
      told.push(progress);
      city.now += 1000;
    };
    const shape = { ...tableOf(city, 'st_stbprp_b').shape, rows: 4 };
    const list = { shape, rows: [1, 2, 3, 4].map((n) => ({ stcd: `S${n}`, stnm: null })) };
    const source = openMemorySource([list, tableOf(city, 'st_rvfcch_b')]);
    await city.run(stations, { source, onProgress });
    expect(told.map(({ read, position }) => [read, position])).toEqual([
      [3, 0.75],
      [4, 1],
    ]);
    told.length = 0;
    city.now = NOW;
    await city.run({ ...readings, backfillMs: 120 * MINUTE }, { onProgress });
    const positions = told.map(({ position }) => position ?? -1);
    expect(positions).toEqual(positions.toSorted((left, right) => left - right));
    expect(positions.at(-1)).toBe(1);
    expect(told[1]).toMatchObject({ unit: 'hydrology', feed: readings.name, read: 6 });
    expect(told[1]?.estimatedEndMs).toBeGreaterThan(NOW);
  });
});
