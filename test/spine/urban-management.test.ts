// The cases of urban management from their wide table to a client: every row against the ledger, over PostgreSQL and over MariaDB.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toUrbanManagement } from '../../sandbox/urban-management/simulation.ts';
import { closeWorld } from './close-all.ts';
import { comparePair } from './compare.ts';
import { URBAN_MANAGEMENT_PAIRS } from './compare-urban-management.ts';
import { HOUR, type Legacy, openDepartment, START } from './open-legacy.ts';
import { openSpine, type Spine } from './open-spine.ts';

const TYPES = Object.keys(URBAN_MANAGEMENT_PAIRS) as (keyof typeof URBAN_MANAGEMENT_PAIRS)[];

let bureau: Legacy;
let spine: Spine;
beforeAll(async () => {
  bureau = await openDepartment(toUrbanManagement(1), { days: 3 });
  spine = await openSpine({
    legacy: { now: bureau.now, url: '' },
    units: ['urban-management'],
    secrets: { URBAN_MANAGEMENT_URL: bureau.url },
  });
  expect((await spine.firstLoad).filter(({ state }) => state !== 'complete')).toEqual([]);
}, 60_000);
afterAll(() => closeWorld(spine, bureau));

describe('everything in the store of urban management', () => {
  const compareAll = async () => {
    for (const type of TYPES) {
      const { compared, differences } = await comparePair(
        URBAN_MANAGEMENT_PAIRS[type],
        bureau.query,
        spine.query,
      );
      expect(differences.slice(0, 5)).toEqual([]);
      expect(compared).toBeGreaterThan(100);
    }
  };

  test('equals the ledger, with nothing set aside', async () => {
    await compareAll();
    expect(await spine.query('select 1 from hub.set_aside')).toEqual([]);
  });

  test('has the rehearsals nowhere, and what was struck out as gone', async () => {
    const [truth] = await bureau.query('select count(*)::int as n from ledger.city_case where deleted');
    const [gone] = await spine.query(
      `select count(*)::int as n from "urban-management".city_case where _gone_at is not null`,
    );
    expect(gone).toEqual(truth);
    const rehearsals = await bureau.query<{ number: string }>(
      'select case_no as number from t_case_info where is_test = 1',
    );
    expect(rehearsals.length).toBeGreaterThan(0);
    const found = await spine.query(
      `select number from "urban-management".city_case where number = any($1)`,
      [rehearsals.map(({ number }) => number)],
    );
    expect(found).toEqual([]);
  });

  test('equals it hours later: cases have come, gone on, and been struck out', async () => {
    for (const hours of [1, 3, 7]) {
      await bureau.database.tick(START + hours * HOUR);
      expect(await spine.sync('T_CASE_INFO')).toMatchObject({ state: 'SUCCEEDED', error_code: null });
      await compareAll();
    }
  });
});

describe('a case', () => {
  test('tells its stages in their order, the same in both doors', async () => {
    const [truth] = await bureau.query<{ number: string; stages: string[] }>(
      `select number, array_agg(upper(stage) order by at) as stages from ledger.step group by 1 having count(*) = 6 order by 1 limit 1`,
    );
    const question = `{ cityCase(id: "urban-management:CityCase:${truth?.number}") { steps { nodes { stage observedAt } } reporterPhone } }`;
    const { data, errors } = await spine.ask<{ cityCase: { steps: { nodes: { stage: string }[] } } }>(
      question,
    );
    expect(errors).toEqual([]);
    expect(data.cityCase.steps.nodes.map(({ stage }) => stage)).toEqual(truth?.stages);
    expect((await spine.askStitched(question)).data).toEqual(data);
  });

  test('hides who reported it, in both doors', async () => {
    const question = '{ cityCases(first: 100) { nodes { number reporterPhone } } }';
    const { data, text } = await spine.ask<{
      cityCases: { nodes: { number: string; reporterPhone: string | null }[] };
    }>(question);
    const phones = await bureau.query<{ number: string; phone: string | null }>(
      'select number, phone from ledger.city_case',
    );
    const truth = new Map(phones.map(({ number, phone }) => [number, phone]));
    expect((await spine.askStitched(question)).data).toEqual(data);
    for (const { number, reporterPhone } of data.cityCases.nodes) {
      const phone = truth.get(number) ?? null;
      expect(reporterPhone).toBe(phone === null ? null : `${phone.slice(0, 3)}****${phone.slice(-4)}`);
      if (phone !== null) expect(text).not.toContain(phone);
    }
  });

  test('whose clerk has chosen no division lies where its point or its address says', async () => {
    const bases = await spine.query<{ basis: string; n: number }>(
      `select _division_basis as basis, count(*)::int as n from "urban-management".city_case where _gone_at is null group by 1 order by 1`,
    );
    expect(bases.map(({ basis }) => basis)).toEqual(['CODE', 'NAME', 'POINT']);
  });
});
