// Months of a partitioned table: names and bounds, and rows that came before their month had a partition.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { addMonths, toMonth, toMonths, toPartitionName, toPartitionSql } from './partitions.ts';
import { openSample, type Sample } from './sample/open-sample.fixture.ts';
import { RIVER, readingRow, STATIONS, samplePage, stationRow } from './sample/sample-rows.fixture.ts';
import { READING } from './sample/sample-unit.fixture.ts';
import { ensureMonths, toNeededMonths } from './write/months.ts';
import { planTypeWriting } from './write/unit-plan.ts';

describe('months', () => {
  test('turn over at the year’s end, both ways', () => {
    expect(addMonths('2026-12', 1)).toBe('2027-01');
    expect(addMonths('2026-01', -1)).toBe('2025-12');
    expect(toMonths('2025-11', '2026-02')).toEqual(['2025-11', '2025-12', '2026-01', '2026-02']);
    expect(toMonths('2026-02', '2026-01')).toEqual([]);
  });

  test('are those of UTC', () => {
    expect(toMonth('2026-04-01T00:30:00+08:00')).toBe('2026-03');
  });

  test('give partition names that no type’s table can have', () => {
    expect(toPartitionName('river_reading', '2026-04')).toBe('river_reading_2026_04');
  });
});

test('a wrong clock makes no partition: only months from keep to the next one do', () => {
  const plan = planTypeWriting('sample', { ...READING, keep: 'P365D' });
  const times = [
    '1970-01-01T00:00:00Z',
    '2025-05-01T00:00:00Z',
    '2026-05-31T00:00:00Z',
    '2026-06-01T00:00:00Z',
  ];
  const rows = times.map((time) => ({ row: readingRow('1', time, 1) }));
  expect(toNeededMonths(plan, rows, Date.parse('2026-04-05T08:00:00Z'))).toEqual(['2025-05', '2026-05']);
});

describe('in the database', () => {
  let sample: Sample;
  beforeAll(async () => {
    sample = await openSample();
    await sample.sync(STATIONS, samplePage([stationRow('1')]));
  });
  afterAll(() => sample.close());

  const places = () =>
    sample.query(
      `SELECT tableoid::regclass::text AS place, count(*)::int AS rows FROM sample.river_reading GROUP BY 1 ORDER BY 1`,
    );

  test('a page makes the months that it needs', async () => {
    await sample.sync(RIVER, samplePage([readingRow('1', '2025-07-01T00:00:00Z', 1)]));
    expect(await places()).toEqual([{ place: 'sample.river_reading_2025_07', rows: 1 }]);
  });

  test('a time that gets no month of its own lies in the default partition and is found there again', async () => {
    const page = samplePage([readingRow('1', '1970-01-01T00:00:00Z', 1)]);
    await sample.sync(RIVER, page);
    expect(await sample.sync(RIVER, page)).toMatchObject({ written: 0, unchanged: 1 });
    expect(await places()).toContainEqual({ place: 'sample.river_reading__default', rows: 1 });
  });

  test('rows of the default partition move when their month is made, others stay', async () => {
    const stray = (time: string) =>
      sample.query(
        `INSERT INTO sample.river_reading__default SELECT * FROM jsonb_populate_record(
           (SELECT t FROM sample.river_reading t LIMIT 1), jsonb_build_object('_key', '1~' || $1::text, '_observed_at', $1::text))`,
        [time],
      );
    await stray('2024-12-31T23:59:59Z');
    await stray('2025-01-01T00:00:00Z');
    await stray('2025-01-31T23:59:59Z');
    await stray('2025-02-01T00:00:00Z');
    await sample.sync(RIVER, samplePage([readingRow('1', '2025-01-15T00:00:00Z', 1)]));
    expect(await places()).toEqual([
      { place: 'sample.river_reading_2025_01', rows: 3 },
      { place: 'sample.river_reading_2025_07', rows: 1 },
      { place: 'sample.river_reading__default', rows: 3 },
    ]);
  });

  test('a month that breaks while it is made leaves the rows where they were', async () => {
    const steps = toPartitionSql('sample', 'river_reading', '2025-02');
    await expect(
      sample.query(['BEGIN', ...steps.slice(0, 3), 'SELECT 1 / 0', 'COMMIT'].join(';')),
    ).rejects.toThrow('division by zero');
    await sample.query('ROLLBACK');
    expect(await places()).toContainEqual({ place: 'sample.river_reading__default', rows: 3 });
  });

  test('a month that was made after its rows came takes them in', async () => {
    await sample.sync(RIVER, samplePage([readingRow('1', '2025-02-15T00:00:00Z', 1)]));
    expect(await places()).toContainEqual({ place: 'sample.river_reading_2025_02', rows: 2 });
  });

  test('a table that is busy keeps no page waiting: the month is made another time', async () => {
    const pool = new pg.Pool({ connectionString: sample.url, max: 2 });
    pool.on('error', () => undefined);
    const reader = await pool.connect();
    await reader.query('BEGIN; SELECT count(*) FROM sample.river_reading');
    const warnings: string[] = [];
    const log = { info: () => undefined, warn: (_fields: object, message: string) => warnings.push(message) };
    const settings = { known: new Map(), log, lockTimeoutMs: 20 };
    const plan = planTypeWriting('sample', READING);
    await ensureMonths(pool, plan, ['2024-12'], settings);
    expect(warnings).toEqual(['a month has no partition yet: the table was busy']);
    await reader.query('COMMIT');
    reader.release();
    await ensureMonths(pool, plan, ['2024-12'], settings);
    await pool.end();
    expect(await places()).toContainEqual({ place: 'sample.river_reading_2024_12', rows: 1 });
  });
});
