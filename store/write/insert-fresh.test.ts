// A first load goes straight into the table, and what lands is what merging would have written.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openSample, type Sample } from '../sample/open-sample.fixture.ts';
import {
  deletedRow,
  RIVER,
  readingRow,
  STATIONS,
  samplePage,
  stationRow,
} from '../sample/sample-rows.fixture.ts';

let sample: Sample;
beforeAll(async () => {
  sample = await openSample();
});
afterAll(() => sample.close());

const at = (minute: number) =>
  new Date(Date.parse('2026-04-01T00:00:00Z') + minute * 60_000).toISOString().replace('.000Z', 'Z');
const readings = (from: number, count: number) =>
  Array.from({ length: count }, (_none, index) =>
    readingRow('1', at(from + index), (from + index) % 7 === 0 ? null : from + index),
  );

type Way = 'straight' | 'staged' | 'bound';

/** Which way a page took, by the COPY that it needed; one of few rows needs none. */
async function written(commit: () => Promise<unknown>): Promise<Way> {
  await sample.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
  // Of this database: other files count theirs meanwhile.
  await sample.query(
    'SELECT pg_stat_statements_reset(0, (SELECT oid FROM pg_database WHERE datname = current_database()), 0)',
  );
  await commit();
  const rows = await sample.query<{ query: string }>(
    `SELECT query FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
     WHERE d.datname = current_database() AND query LIKE 'COPY %'`,
  );
  if (rows.length === 0) return 'bound';
  return rows.some(({ query }) => query.startsWith('COPY pg_temp')) ? 'staged' : 'straight';
}

const contents = () =>
  sample.query(
    'SELECT r.*, h._key AS replaced FROM sample.river_reading r LEFT JOIN sample.river_reading_history h USING (_key) ORDER BY r._key',
  );

describe('a page of new rows', () => {
  const rows = [...readings(0, 250), deletedRow(readingRow('1', at(1000), 4))];

  test('holds the same whether it went straight into the table, was staged and merged, or was merged from binds', async () => {
    const load = async (way: Way) => {
      await sample.reset();
      await sample.sync(STATIONS, samplePage([stationRow('1')]));
      // A type that has been written before, by a page that was not of new rows only, is merged.
      if (way !== 'straight')
        for (const _twice of [1, 2]) await sample.sync(RIVER, samplePage([readingRow('1', at(2000), 1)]));
      const pages = way === 'bound' ? [rows.slice(0, 200), rows.slice(200)] : [rows];
      const counts = { written: 0, deleted: 0, unchanged: 0 };
      for (const page of pages)
        expect(
          await written(async () => {
            const one = await sample.sync(RIVER, samplePage(page));
            counts.written += one.written;
            counts.deleted += one.deleted;
            counts.unchanged += one.unchanged;
          }),
        ).toBe(way);
      await sample.query(`DELETE FROM sample.river_reading WHERE observed_at = '${at(2000)}'`);
      const stored = (await contents()).map(({ _run, _version, ...row }) => row);
      const [state] = await sample.query<{ rows_living: string }>(
        `SELECT rows_living FROM hub.type_state WHERE type = 'RiverReading'`,
      );
      return { counts, stored, living: Number(state?.rows_living) - (way === 'straight' ? 0 : 1) };
    };
    const straight = await load('straight');
    expect(straight.stored).toHaveLength(251);
    expect(await load('staged')).toEqual(straight);
    expect(await load('bound')).toEqual(straight);
    expect(straight.counts).toMatchObject({ written: 250, deleted: 1, unchanged: 0 });
  });

  test('goes straight while pages bring nothing else, and no longer once one did not', async () => {
    await sample.reset();
    await sample.sync(STATIONS, samplePage([stationRow('1')]));
    const run = await sample.open(RIVER);
    const commit = (page: ReturnType<typeof readings>) => () => sample.commit(run, samplePage(page));
    expect(await written(commit(readings(0, 300)))).toBe('straight');
    // As if another process had gone on: the first page of one is merged, the second is not.
    expect(await written(commit(readings(150, 300)))).toBe('staged');
    expect(await written(commit(readings(450, 50)))).toBe('bound');
    expect(await written(commit(readings(500, 250)))).toBe('staged');
    expect(await written(commit(readings(750, 250)))).toBe('straight');
    expect(await written(commit(readings(1000, 150)))).toBe('bound');
    expect(await written(commit(readings(1150, 250)))).toBe('straight');
    const [counted] = await sample.query<{ rows: number; history: number }>(
      'SELECT (SELECT count(*)::int FROM sample.river_reading) AS rows, (SELECT count(*)::int FROM sample.river_reading_history) AS history',
    );
    expect(counted).toEqual({ rows: 1400, history: 0 });
  });

  test('with a key that stands already is merged: the standing row is corrected, and what it was is kept', async () => {
    await sample.reset();
    await sample.sync(STATIONS, samplePage([stationRow('1')]));
    const run = await sample.open(RIVER);
    await sample.commit(run, samplePage(readings(0, 300)));
    const counts = await sample.commit(
      run,
      samplePage([...readings(300, 250), readingRow('1', at(5), 99), ...readings(10, 10)]),
    );
    expect(counts).toMatchObject({ written: 251, unchanged: 10, deleted: 0 });
    const [row] = await sample.query<{ stage: number; was: number }>(
      `SELECT r.stage, h.stage AS was FROM sample.river_reading r JOIN sample.river_reading_history h USING (_key)`,
    );
    expect(row).toEqual({ stage: 99, was: 5 });
  });

  test('tells the divisions of what its rows hang on', async () => {
    await sample.reset();
    const told: unknown[] = [];
    const other = await openSample(undefined, { onChange: (change) => told.push(change) });
    await other.sync(STATIONS, samplePage([stationRow('1')]));
    await other.sync(RIVER, samplePage(readings(0, 3)));
    await other.close();
    expect(told).toEqual([
      { unit: 'sample', type: 'Station', version: 1, divisions: ['431124'] },
      { unit: 'sample', type: 'RiverReading', version: 1, divisions: ['431124'] },
    ]);
  });
});
