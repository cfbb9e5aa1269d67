import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type OpenedSimulation, openSimulation, START } from '../database/open-simulation.fixture.ts';
import { HOUR, MINUTE } from '../storm/storm.ts';
import { toPublicSecurity } from './simulation.ts';

/** Reads the sheets by their description alone; places on the map are left out, whose shift has a test of its own. */
const at = (column: string) =>
  `to_timestamp(nullif(trim(${column}), ''), 'YYYYMMDDHH24MISS')::timestamp at time zone 'Asia/Shanghai'`;
const DIFFERENCES = `
with call as (
  select trim("JJDBH") as number, ${at('"BJSJ"')} as at, case "BJFSDM" when '01' then '110' when '02' then '122' when '03' then '119' when '04' then 'other' end as channel,
    nullif("JQLBDM", '') as kind, nullif("BJRXM", '') as caller, nullif(replace("BJDH", '-', ''), '') as phone, "SFDD", nullif("BJNR", '') as content,
    replace(left("XZQHDM", 6), '431121', '431181') as county, "GIS_X" = '' as nowhere from public."JCJ_JJDB"),
true_call as (select number, called_at, channel, kind, caller, phone, place, content, county_code, lon is null from ledger.call),
dispatch as (select trim("PJDBH"), "JJDBH", ${at('"PJSJ"')}, ${at('"DDXCSJ"')}, "CJDWDM" from public."JCJ_PJDB"),
true_dispatch as (select number, call_number, sent_at, arrived_at, unit from ledger.dispatch),
feedback as (select trim("FKDBH"), "PJDBH", ${at('"FKSJ"')}, "CLJG", nullif("SSRS", '')::int, nullif("SWRS", '')::int from public."JCJ_FKDB"),
true_feedback as (select number, dispatch_number, given_at, result, injured, dead from ledger.feedback)
select 'call' as what from (select * from call except select * from true_call) d union all
select 'true call' from (select * from true_call except select * from call) d union all
select 'dispatch' from (select * from dispatch except select * from true_dispatch) d union all
select 'true dispatch' from (select * from true_dispatch except select * from dispatch) d union all
select 'feedback' from (select * from feedback except select * from true_feedback) d union all
select 'true feedback' from (select * from true_feedback except select * from feedback) d`;

describe('the sheets of the call-taking centre', () => {
  let police: OpenedSimulation;
  beforeAll(async () => {
    police = await openSimulation(toPublicSecurity(1));
  });
  afterAll(() => police.close());

  test('agree with the ledger, row by row', async () => {
    expect(await police.ask(DIFFERENCES)).toEqual([]);
    const [count] = await police.ask<{ calls: number; dispatches: number; feedbacks: number }>(
      'select (select count(*) from ledger.call)::int as calls, (select count(*) from ledger.dispatch)::int as dispatches, (select count(*) from ledger.feedback)::int as feedbacks',
    );
    expect(count?.calls).toBeGreaterThan(300);
    expect(count?.feedbacks).toBeGreaterThan(200);
  });

  test.each([
    ['a call of 119 told as one of 122', `update "JCJ_JJDB" set "BJFSDM" = '02' where "BJFSDM" = '03'`],
    ['a time in UTC', `update "JCJ_PJDB" set "PJSJ" = '20260404000000'`],
    ['a report that has gone', 'delete from "JCJ_FKDB"'],
  ])('would not agree with %s', async (_name, change) => {
    expect((await police.askChanged(change, DIFFERENCES)).length).toBeGreaterThan(0);
  });

  test('bring what a mapping stumbles over', async () => {
    const [found] = await police.ask<Record<string, number>>(`select
      (select count(*)::int from "JCJ_JJDB" where octet_length("JJDBH") = 30 and length("JJDBH") < 30) as padded,
      (select count(*)::int from "JCJ_JJDB" where "BJRXM" = '') as nameless,
      (select count(*)::int from "JCJ_JJDB" where "GIS_X" = '') as nowhere,
      (select count(*)::int from "JCJ_JJDB" where "XZQHDM" = '431121000000') as old_code,
      (select count(*)::int from "JCJ_JJDB" where "BJFSDM" = '09') as unlisted,
      (select count(*)::int from "JCJ_JJDB" where "BJDH" like '0746-%') as landlines`);
    for (const rows of Object.values(found ?? {})) expect(rows).toBeGreaterThan(0);
  });

  test('come in any order: a dispatch before its call, a report before its dispatch', async () => {
    const [found] = await police.ask<{ dispatches: number; reports: number }>(`select
      (select count(*)::int from ledger.dispatch d join ledger.call c on c.number = d.call_number where d.seen_at < c.seen_at) as dispatches,
      (select count(*)::int from ledger.feedback f join ledger.dispatch d on d.number = f.dispatch_number where f.seen_at < d.seen_at) as reports`);
    expect(found?.dispatches).toBeGreaterThan(0);
    expect(found?.reports).toBeGreaterThan(0);
  });
});

test('the centre’s time leaves the same sheets in whatever steps it goes', async () => {
  const [once, often] = await Promise.all([
    openSimulation(toPublicSecurity(1), { start: START + HOUR, days: 1 / 4 + 1 / 24 }),
    openSimulation(toPublicSecurity(1), { days: 1 / 4 }),
  ]);
  for (const minutes of [1, 2, 17, 60]) await often.database.tick(START + minutes * MINUTE);
  expect(await often.hashes()).toEqual(await once.hashes());
  await Promise.all([once.close(), often.close()]);
});
