// The question of the city's duty officer, over HTTP: eleven counties, their stations, levels and rain, with one statement.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeWorld } from './close-all.ts';
import { type Legacy, openLegacy, START } from './open-legacy.ts';
import { openSpine, type Spine } from './open-spine.ts';
import { countUnitStatements, openStatementCount } from './statement-count.ts';

type Station = { id: string; latestRiver: object | null; rain: { nodes: object[] }; source: object };
type Division = { code: string; name: string; hydroStations: { nodes: Station[] } };

const COUNTY = `code name hydroStations(first: 3) { nodes { id name latestRiver { stage flow observedAt }
  rain(last: 3) { nodes { amount period observedAt } } source { freshness via receivedAt } } }`;
const COUNTIES = `{ divisions(level: COUNTY) { ${COUNTY} } }`;

/** GB/T 2260 as of today, and the two management areas that the city counts with its counties. */
const NAMES: { readonly [code: string]: string } = {
  '431102': '零陵区',
  '431103': '冷水滩区',
  '431122': '东安县',
  '431123': '双牌县',
  '431124': '道县',
  '431125': '江永县',
  '431126': '宁远县',
  '431127': '蓝山县',
  '431128': '新田县',
  '431129': '江华瑶族自治县',
  '431171': '永州经济技术开发区',
  '431173': '永州市回龙圩管理区',
  '431181': '祁阳市',
};

/** The same question asked of the ledger: true values, in the words of the answer. */
const TRUTH = `
with station as (
  select *, row_number() over (partition by county_code order by stcd collate "C") as n from ledger.station)
select county_code as code, json_agg(json_build_object(
    'id', 'hydrology:HydroStation:' || stcd, 'name', name,
    'latestRiver', (
      select json_build_object('stage', stage_m, 'flow', flow_m3s, 'observedAt', to_char(observed_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
      from ledger.settled_river r where r.stcd = s.stcd order by observed_at desc limit 1),
    'rain', json_build_object('nodes', (
      select coalesce(json_agg(json_build_object(
        'amount', amount_mm, 'period', period::text, 'observedAt', to_char(observed_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by observed_at), '[]')
      from (select * from ledger.settled_rain r where r.stcd = s.stcd order by observed_at desc limit 3) r))
  ) order by stcd collate "C") as nodes
from station s where n <= 3 group by county_code order by county_code`;

let legacy: Legacy;
let spine: Spine;
beforeAll(async () => {
  legacy = await openLegacy();
  spine = await openSpine({ legacy });
  await spine.firstLoad;
  await openStatementCount(spine);
});
afterAll(() => closeWorld(spine, legacy));

const rowsIn = (divisions: readonly Division[]) =>
  divisions
    .flatMap(({ hydroStations }) => hydroStations.nodes)
    .reduce((sum, { latestRiver, rain }) => sum + 1 + (latestRiver === null ? 0 : 1) + rain.nodes.length, 0);

describe('the counties, their stations, levels and rain', () => {
  test('are what the ledger says, value by value', async () => {
    const { status, data, errors } = await spine.ask<{ divisions: Division[] }>(COUNTIES);
    const truth = await legacy.query<{ code: string; nodes: object[] }>(TRUTH);
    const nodesOf = new Map(truth.map(({ code, nodes }) => [code, nodes]));
    const received = new Date(START).toISOString().replace('.000', '');
    const source = { freshness: 'LIVE', via: 'STORE', receivedAt: received };
    const expected = Object.entries(NAMES).map(([code, name]) => {
      const nodes = (nodesOf.get(code) ?? []).map((node) => ({ ...node, source }));
      return { code, name, hydroStations: { nodes } };
    });
    expect([status, errors]).toEqual([200, []]);
    expect(data.divisions).toEqual(expected);
    expect(truth).toHaveLength(11);
  });

  test('are worth comparing: it rains, rivers run, pages are cut, periods differ', async () => {
    const { data } = await spine.ask<{ divisions: Division[] }>(COUNTIES);
    const text = JSON.stringify(data);
    const wanted = [/"amount":0\.\d/, /"flow":\d/, /"flow":null/, /River":null/, /"PT5M"/, /"PT1H"/, /:\[\]/];
    expect(wanted.filter((pattern) => !pattern.test(text))).toEqual([]);
    const sizes = data.divisions.map(({ hydroStations }) => hydroStations.nodes.length);
    expect(Math.max(...sizes)).toBe(3);
    expect(rowsIn(data.divisions)).toBeGreaterThan(60);
  });

  test('leave one line of sources: hydrology, one request, as many rows as stand in the answer', async () => {
    const { data, sources } = await spine.ask<{ divisions: Division[] }>(COUNTIES);
    expect(sources).toEqual([
      {
        unit: 'hydrology',
        status: 'OK',
        via: 'STORE',
        freshness: 'LIVE',
        ageSeconds: 0,
        milliseconds: expect.any(Number),
        requests: 1,
        rows: rowsIn(data.divisions),
      },
    ]);
  });
});

describe('what a question costs the database', () => {
  const codes = Object.keys(NAMES);
  const aliased = (count: number) =>
    `{ ${codes
      .slice(0, count)
      .map((code) => `c${code}: division(code: "${code}") { ${COUNTY} }`)
      .join(' ')} }`;

  test.each([
    ['one county', `{ division(code: "431124") { ${COUNTY} } }`, 1],
    ['five counties by code', aliased(5), 1],
    ['eleven counties by code', aliased(11), 1],
    ['all counties as a list', COUNTIES, 1],
    [
      'the same list twice in one request',
      `{ a: divisions(level: COUNTY) { ${COUNTY} } b: divisions(level: COUNTY) { ${COUNTY} } }`,
      1,
    ],
    // The counter counts: stitched, root fields of the unit's own are one statement each.
    [
      'two lists of the unit',
      '{ hydroStations { nodes { id } } riverReadings(last: 2) { nodes { stage } } }',
      2,
    ],
    ['a question that the unit has no part in', '{ divisions(level: COUNTY) { code name } }', 0],
  ])(
    '%s: one statement over the unit’s tables, stitched as many as root fields',
    async (_what, query, statements) => {
      const whole = await countUnitStatements(spine, () => spine.ask(query));
      const stitched = await countUnitStatements(spine, () => spine.askStitched(query));
      for (const [{ count, answer }, expected] of [
        [whole, Math.min(1, statements)],
        [stitched, statements],
      ] as const) {
        expect([answer.status, answer.errors]).toEqual([200, []]);
        expect(count).toBe(expected);
        expect(answer.sources.map(({ unit, requests }) => [unit, requests])).toEqual(
          statements === 0 ? [] : [['hydrology', expected]],
        );
      }
      expect(JSON.stringify(whole.answer.data)).toBe(JSON.stringify(stitched.answer.data));
    },
  );

  test('the same county by code and in the list is the same answer', async () => {
    const list = await spine.ask<{ divisions: Division[] }>(COUNTIES);
    const single = await spine.ask<{ [alias: string]: Division }>(aliased(13));
    expect(Object.values(single.data)).toEqual(list.data.divisions);
  });
});
