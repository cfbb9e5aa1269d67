// How many statements ordinary questions cost, as PostgreSQL counts them: one by the whole graph's door, and by stitching
// as many for a hundred parents as for one.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { toCitySql } from './fixtures/city-units.ts';
import { type Doors, openDoors } from './fixtures/open-doors.ts';

let doors: Doors;
let beside: pg.Client;
beforeAll(async () => {
  doors = await openDoors({ isMasked: () => false }, undefined, { rows: `${toCitySql()}; ${MANY}` });
  beside = new pg.Client({ connectionString: doors.city.url });
  await beside.connect();
  await beside.query('create extension if not exists pg_stat_statements');
});
afterAll(async () => {
  await beside.end();
  await doors.close();
});

/** More stations than any question asks for, each with what the first ones have. */
const MANY = `
  insert into hydrology.hydro_station select r.* from generate_series(1, 130) n, hydrology.hydro_station s,
    jsonb_populate_record(s, jsonb_build_object('_key', 'N' || n, 'code', 'N' || n)) r where s._key = '61512001';
  insert into hydrology.river_reading select r.* from generate_series(1, 130) n, hydrology.river_reading s,
    jsonb_populate_record(s, jsonb_build_object('_key', 'N' || n || '~' || substr(s._key, 10), 'station_key', 'N' || n)) r
    where s.station_key = '61512001' and s._gone_at is null`;

const STATIONS = 'hydroStations(first: $n)';
const HERE = 'point: { lon: 111.501, lat: 25.5 }, radiusKm: 50';
const QUESTIONS: readonly string[] = [
  `${STATIONS} { nodes { id name } }`,
  `${STATIONS} { totalCount pageInfo { endCursor hasNextPage } edges { cursor node { code } } }`,
  `${STATIONS} { nodes { latestRiver { stage observedAt } } }`,
  `${STATIONS} { nodes { river(last: 3) { nodes { stage } totalCount } } }`,
  `${STATIONS} { nodes { river(last: 2) { nodes { station { name latestRiver { stage } } } } } }`,
  `${STATIONS} { nodes { source { unit { name } nativeKey freshness via } division { code name level } } }`,
  `${STATIONS} { nodes { floodTravelDown { nodes { mean downstream { name } } } lastAlarm { number reservoir { code } } } }`,
  `${STATIONS} { nodes { name reservoir { code releases(last: 1) { nodes { flow } } } } }`,
  `reservoirs(first: $n) { nodes { code alarms(first: $n) { nodes { number } } alarmsAggregate { count } } }`,
  `hydroStations(first: $n, where: { reservoir: { code: { eq: "R1" } } }) { nodes { name reservoir { code } } }`,
  `${STATIONS} { nodes { nearestStation { name } nearestReservoir { code } } }`,
  `${STATIONS} { nodes { riverAggregate { count max { stage } } } }`,
  `${STATIONS} { nodes { river(bucket: "PT1H") { nodes { stage } } } }`,
  `hydroStations(first: $n, where: { latestRiver: { stage: { gt: 1 } } }, orderBy: [{ latestRiver: { stage: DESC } }]) { nodes { name } }`,
  `hydroStations(first: $n, where: { within: { division: "431100" } }) { nodes { covers { code name } } }`,
  `hydroStations(first: $n, where: { near: { point: { lon: 111.5, lat: 25.5 }, radiusKm: 50 } }) { nodes { location { lon lat } } }`,
  `riverReadings(last: $n) { nodes { stage station { name } division { name } } }`,
  `riverReadings(first: $n, where: { station: { rank: { lt: 5 } } }) { nodes { observedAt location { lon } } }`,
  `stationAlarms(first: $n) { nodes { number reservoir { code gauge { name } releases(last: 1) { nodes { flow } } } } }`,
  `gates(first: $n) { nodes { code below { name river(last: 1) { nodes { stage } } } reservoir { code } } }`,
  `hydroStationsAggregate(first: $n, groupBy: [{ code: true }]) { group { code } count }`,
  `divisions(level: COUNTY) { name ${STATIONS} { nodes { name } } reservoirs(first: $n) { nodes { code } } gates(first: $n) { totalCount } }`,
  `division(code: "431124") { name ${STATIONS} { nodes { latestRiver { stage } } } riverReadings(last: $n) { nodes { stage } } }`,
  `nearby(${HERE}, first: $n) { distanceKm entity { id } }`,
  `nearby(${HERE}, first: $n) { distanceKm entity { id source { freshness } division { name } ... on HydroStation { name latestRiver { stage } } ... on Reservoir { code gauge { name } } } }`,
  `nodes(ids: ["water:Reservoir:R1", "hydrology:HydroStation:61512001", "water:Gate:G1"]) { id location { lon } ... on HydroStation { river(last: $n) { nodes { stage } } } ... on Gate { below { river(last: $n) { nodes { stage } } } } }`,
  `node(id: "hydrology:HydroStation:61512001") { ... on HydroStation { name river(last: $n) { nodes { stage station { name } } } } } nodes(ids: ["water:Reservoir:R1"]) { id }`,
];

/** Statements that the readers ran, as the server counted them; without the look after stalled writers, which comes when it comes. */
async function counted(work: () => Promise<unknown>): Promise<number> {
  // Of this database: other files count theirs meanwhile.
  await beside.query(
    'select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0)',
  );
  await work();
  const { rows } = await beside.query<{ calls: number }>(
    `select coalesce(sum(calls), 0)::int as calls from pg_stat_statements s join pg_database d on d.oid = s.dbid
     where d.datname = current_database() and query !~ 'pg_stat_(statements|activity)'`,
  );
  return rows[0]?.calls ?? -1;
}

describe('ordinary questions', () => {
  test.each(QUESTIONS)('%s', async (question) => {
    const text = `query Q($n: Int) { ${question} }`;
    const costs = { whole: [] as number[], stitched: [] as number[] };
    for (const n of [1, 10, 100]) {
      costs.whole.push(
        await counted(async () => expect((await doors.whole(text, { n })).answer.kind).toBe('ANSWERED')),
      );
      costs.stitched.push(
        await counted(async () => expect((await doors.stitch(text, { n })).errors).toEqual([])),
      );
    }
    expect(costs.whole).toEqual([1, 1, 1]);
    // One parent may lead nowhere, and then the unit behind it is not asked.
    const [one = 0, ten = 0, hundred = 0] = costs.stitched;
    expect(hundred).toBe(ten);
    expect(one).toBeLessThanOrEqual(ten);
    expect(ten).toBeLessThanOrEqual(7);
  });
});
