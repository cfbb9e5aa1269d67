// Where a bucket begins is the same whether its zone's offset is reckoned with or PostgreSQL changes zones for each instant.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { toBucketSql } from './bucket.ts';
import { toSteadyOffset } from './steady-offset.ts';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await openTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 1 });
});
afterAll(async () => {
  await pool.end();
  await database.close();
});

describe('the offset of a zone', () => {
  test.each([
    ['Asia/Shanghai', 8, '1991-09-15'],
    ['Asia/Kathmandu', 5.75, '1986-01-01'],
    ['UTC', 0, '1970-01-01'],
  ])('of %s is %d hours since %s, or the week after', (zone, hours, day) => {
    const steady = toSteadyOffset(zone);
    expect(steady?.offset).toBe(hours * 3_600_000);
    const late = (steady?.since ?? Number.NaN) - Date.parse(day);
    expect(late).toBeGreaterThanOrEqual(-86_400_000);
    expect(late).toBeLessThan(8 * 86_400_000);
  });

  test.each(['Europe/Berlin', 'America/New_York'])('of %s changes twice a year', (zone) => {
    expect(toSteadyOffset(zone)).toBeNull();
  });
});

test.each([
  ['Asia/Shanghai', 3600],
  ['Asia/Shanghai', 86_400],
  ['Asia/Shanghai', 604_800],
  ['Asia/Kathmandu', 5400],
  ['Europe/Berlin', 86_400],
])(
  'in %s buckets of %d s begin when the clock on the wall says so, before and after the last change',
  async (zone, seconds) => {
    const { rows } = await pool.query<{ differ: string; all: string }>(
      `select count(*) filter (where ${toBucketSql('i', zone, '$1::float8')}
         <> (date_bin(make_interval(secs => $1), i at time zone '${zone}', timestamp '1970-01-01') at time zone '${zone}')) as differ,
       count(*) as all
     from (select timestamptz '1969-12-25 00:00:00Z' + n * interval '13 hours 17 minutes 41 seconds' as i from generate_series(0, 60000) n) _`,
      [seconds],
    );
    expect(rows).toEqual([{ differ: '0', all: '60001' }]);
  },
);

test('an instant that is not known has no bucket', async () => {
  const sql = toBucketSql('null::timestamptz', 'Asia/Shanghai', '3600::float8');
  expect((await pool.query(`select ${sql} as at`)).rows).toEqual([{ at: null }]);
});
