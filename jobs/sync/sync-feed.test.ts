// The promises of a run, over a source and a store in memory; sync-feed.store.test.ts runs the same feeds into PostgreSQL.
import { describe, expect, test } from '@jest/globals';
import { openMemorySource, toTable } from '../../test/support/memory-source.ts';
import {
  MINUTE,
  NOW,
  openCity,
  readings,
  stations,
  tableOf,
  toLocal,
  toReading,
} from '../../test/support/sample-city.ts';

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

  test('names its records by the parts of the key that the source has', async () => {
    const city = openCity();
    await city.run({ ...stations, keyHint: ['stcd', 'mpcd'] });
    expect(city.source.asked[0]?.keyHint).toEqual(['stcd']);
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

  test('re-reads far back as often as its caller wants, where that is not once an hour', async () => {
    const city = openCity();
    await city.run(stations);
    await city.run(readings);
    city.now += MINUTE;
    await city.run(readings, { lateEveryMs: MINUTE });
    expect(city.source.asked.at(-1)?.filter?.[0]?.value).toBe('2026-04-02 20:00:00.000000');
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
