import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toPlane } from '../city/plane.ts';
import { type OpenedSimulation, openSimulation, START } from '../database/open-simulation.fixture.ts';
import { HOUR, MINUTE } from '../storm/storm.ts';
import { toUrbanManagement } from './simulation.ts';

/** Reads the table by its description alone; places are left out, whose projection has a test of its own. */
const at = (column: string) =>
  `nullif(${column}, '0000-00-00 00:00:00')::timestamp at time zone 'Asia/Shanghai'`;
const TIMES = ['report_tm', 'filing_tm', 'dispatch_tm', 'handle_tm', 'check_tm', 'close_tm', 'handle_tmmit'];
const DIFFERENCES = `
with cases as (
  select case_no, big_type, small_type, x = 0 as nowhere, address, case_desc, substring(report_tel from '^\\d+$') as phone,
    ${TIMES.map(at).join(', ')}, nullif(dept_name, '') as handler, del_flag = '1' as deleted
  from public.t_case_info where is_test = 0),
truth as (
  select number, class, kind, lon is null, address, description, phone, reported_at, filed_at, dispatched_at, handled_at, checked_at,
    closed_at, due_at, handler, deleted from ledger.city_case)
select 'case' as what, case_no from (select * from cases except select * from truth) d union all
select 'truth', number from (select * from truth except select * from cases) d`;

describe('the table of cases', () => {
  let bureau: OpenedSimulation;
  beforeAll(async () => {
    bureau = await openSimulation(toUrbanManagement(1), { days: 3 });
  });
  afterAll(() => bureau.close());

  test('agrees with the ledger, row by row', async () => {
    expect(await bureau.ask(DIFFERENCES)).toEqual([]);
    const [count] = await bureau.ask<{ n: number }>('select count(*)::int as n from ledger.city_case');
    expect(count?.n).toBeGreaterThan(100);
  });

  test.each([
    ['a time in UTC', `update t_case_info set report_tm = '2026-04-01 00:00:00'`],
    ['a case that was struck out', `update t_case_info set del_flag = '0'`],
    ['a rehearsal taken for a case', 'update t_case_info set is_test = 0'],
  ])('would not agree with %s', async (_name, change) => {
    expect((await bureau.askChanged(change, DIFFERENCES)).length).toBeGreaterThan(0);
  });

  test('brings what a mapping stumbles over', async () => {
    const [found] = await bureau.ask<Record<string, number>>(`select
      (select count(*)::int from t_case_info where close_tm = '0000-00-00 00:00:00') as zeros,
      (select count(*)::int from t_case_info where x = 0 and y = 0) as nowhere,
      (select count(*)::int from t_case_info where xzqh = '') as uncoded,
      (select count(*)::int from t_case_info where xzqh = '431121') as old_code,
      (select count(*)::int from t_case_info where report_tel = '匿名') as nameless,
      (select count(*)::int from t_case_info where is_test = 1) as rehearsals,
      (select count(*)::int from t_case_info where del_flag = '1') as struck_out,
      (select count(*)::int from t_case_info where case_desc like '%🚧') as signs`);
    for (const rows of Object.values(found ?? {})) expect(rows).toBeGreaterThan(0);
  });

  test('has an update time that is its last change', async () => {
    const [late] = await bureau.ask(
      `select count(*)::int as n from t_case_info where update_tm::text < greatest(report_tm, filing_tm, dispatch_tm, handle_tm, check_tm, close_tm)`,
    );
    expect(late).toEqual({ n: 0 });
  });
});

test('the bureau’s time leaves the same rows in whatever steps it goes', async () => {
  const [once, often] = await Promise.all([
    openSimulation(toUrbanManagement(1), { start: START + 5 * HOUR, days: 1 + 5 / 24 }),
    openSimulation(toUrbanManagement(1)),
  ]);
  for (const minutes of [5, 65, 120, 300]) await often.database.tick(START + minutes * MINUTE);
  expect(await often.hashes()).toEqual(await once.hashes());
  await Promise.all([once.close(), often.close()]);
});

describe('a place in the plane', () => {
  // Computed with the npm package proj4 2.22.0.
  test.each([
    [111.608, 26.4345, 560646.5906, 2925116.6584],
    [111, 25, 500000, 2766054.1691],
    [112.45, 24.65, 646799.8556, 2728059.4156],
  ])('%s, %s', (lon, lat, east, north) => {
    const plane = toPlane({ lon, lat });
    expect(Math.abs(plane.east - east)).toBeLessThan(0.001);
    expect(Math.abs(plane.north - north)).toBeLessThan(0.001);
  });
});
