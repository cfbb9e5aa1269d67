// What spans units, over the whole way: entities by id and by place, and how the unit is, against the ledger and the tables.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeWorld } from './close-all.ts';
import { type Legacy, MINUTE, openLegacy } from './open-legacy.ts';
import { openSpine, type Spine } from './open-spine.ts';
import { countHubStatements, countUnitStatements, openStatementCount } from './statement-count.ts';

type Station = { id: string; name: string; location: { lon: number; lat: number } };
type Run = { feed: string; state: string; read: number; written: number; error: { code: string } | null };
type TypeNode = {
  name: string;
  rows: number;
  gap: number | null;
  gapBasis: string;
  setAside: number;
  lastRun: Run;
};
type Units = { units: { code: string; status: string; types: TypeNode[] }[] };

const UNITS = `{ units { code name status freshness { promise actual level } setAside waiting types {
  name label rows gap gapBasis setAside waiting version freshness { promise actual level }
  lastRun { id feed state reason startedAt endedAt read written unchanged deleted setAside waiting notOurs faulty error { code meaning } } } } }`;

let legacy: Legacy;
let spine: Spine;
let stations: { stcd: string; name: string; county: string; lon: number; lat: number }[];
beforeAll(async () => {
  legacy = await openLegacy();
  spine = await openSpine({ legacy });
  await spine.firstLoad;
  await openStatementCount(spine);
  stations = await legacy.query(
    'select stcd, name, county_code as county, lon::float8, lat::float8 from ledger.station order by stcd collate "C"',
  );
});
afterAll(() => closeWorld(spine, legacy));

const toStationId = (code: string): string => `hydrology:HydroStation:${code}`;

describe('entities by their ids', () => {
  test('are what the ledger says: the hub looks once, the unit is asked once', async () => {
    const ids = stations.map(({ stcd }) => toStationId(stcd));
    const { count, answer } = await countUnitStatements(spine, () =>
      spine.ask<{ nodes: (Station | null)[] }>(
        `query ($ids: [ID!]!) { nodes(ids: $ids) { id location { lon lat } division { code } source { via unit { code name status } } ... on HydroStation { name } } }`,
        { ids: [...ids, 'hydrology:HydroStation:none', ids[0]] },
      ),
    );
    const source = { via: 'STORE', unit: { code: 'hydrology', name: '永州市水文中心', status: 'OK' } };
    const expected = stations.map(({ stcd, name, county, lon, lat }) => ({
      id: toStationId(stcd),
      location: { lon, lat },
      division: { code: county },
      source,
      name,
    }));
    expect([answer.status, answer.errors]).toEqual([200, []]);
    expect(answer.data.nodes).toEqual([...expected, null, expected[0]]);
    expect(count).toBe(2);
    expect(answer.sources).toMatchObject([{ unit: 'hydrology', requests: 1, rows: stations.length }]);
  });

  test('in the list of one or of many, by fragments and by the interface, are the same answer', async () => {
    const [id = ''] = stations.map(({ stcd }) => toStationId(stcd));
    const reading = 'hydrology:RiverReading:61521090~2026-04-04T21:10:00Z';
    const { data, errors } = await spine.ask<{ one: object; both: object[]; own: object }>(
      `query ($id: ID!, $reading: ID!) {
        one: node(id: $id) { ...What } both: nodes(ids: [$reading, $id]) { ...What } own: hydroStation(id: $id) { ...What } }
      fragment What on Entity { __typename id source { nativeKey freshness } location { lon lat } division { name level }
        ... on HydroStation { name kind } ... on RiverReading { stage station { name } } }`,
      { id, reading },
    );
    expect(errors).toEqual([]);
    expect(data.one).toEqual(data.own);
    expect(data.both).toEqual([
      expect.objectContaining({
        __typename: 'RiverReading',
        id: reading,
        station: { name: expect.any(String) },
      }),
      data.one,
    ]);
  });
});

describe('what is near a point', () => {
  test('is what the ledger has there, nearest first, with one statement', async () => {
    const [lon, lat, km] = [111.6, 25.55, 30];
    // Another formula than the hub's: the spherical law of cosines.
    const truth = await legacy.query<{ stcd: string; km: number }>(
      `select stcd, km from (select stcd, 6371.0088 * acos(least(1, sin(radians(lat)) * sin(radians(${lat})) + cos(radians(lat)) * cos(radians(${lat})) * cos(radians(lon - ${lon})))) as km
         from (select stcd, lon::float8, lat::float8 from ledger.station) s) d where km <= ${km} order by round(km::numeric, 3), stcd collate "C"`,
    );
    const { count, answer } = await countUnitStatements(spine, () =>
      spine.ask<{ nearby: { distanceKm: number; entity: { id: string } }[] }>(
        `{ nearby(point: { lon: ${lon}, lat: ${lat} }, radiusKm: ${km}, first: 50) { distanceKm entity { id division { name } ... on HydroStation { name } } } }`,
      ),
    );
    expect(answer.errors).toEqual([]);
    expect(answer.data.nearby.map(({ entity }) => entity.id)).toEqual(
      truth.map(({ stcd }) => toStationId(stcd)),
    );
    for (const [index, { distanceKm }] of answer.data.nearby.entries())
      expect(Math.abs(distanceKm - (truth[index]?.km ?? 0))).toBeLessThan(0.001);
    expect(truth.length).toBeGreaterThan(5);
    expect(count).toBe(1);
    expect(answer.sources).toMatchObject([{ unit: 'hydrology', requests: 1, rows: truth.length }]);
  });
});

describe('how the unit is', () => {
  const typesOf = async () => (await spine.ask<Units>(UNITS)).data.units[0]?.types ?? [];
  const counted = async () =>
    spine.query<{ name: string; rows: number }>(
      ['HydroStation', 'RiverReading', 'RainReading', 'FloodTravel']
        .map((name) => {
          const table = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).slice(1);
          return `select '${name}' as name, count(*)::int as rows from hydrology.${table} where _gone_at is null`;
        })
        .join(' union all '),
    );

  test('comes with three statements, and its rows are those of the tables', async () => {
    const { count, answer } = await countHubStatements(spine, () => spine.ask<Units>(UNITS));
    expect([answer.status, answer.errors, count]).toEqual([200, [], 3]);
    expect(answer.sources).toEqual([]);
    const [unit] = answer.data.units;
    expect(unit).toMatchObject({
      code: 'hydrology',
      name: '永州市水文中心',
      status: 'OK',
      freshness: { promise: 'PT10M', actual: 'PT0S', level: 'LIVE' },
      setAside: 0,
      waiting: 0,
    });
    expect(unit?.types.map(({ name, rows }) => ({ name, rows }))).toEqual(await counted());
    const [station, river] = unit?.types ?? [];
    expect(station).toMatchObject({ gap: 0, gapBasis: 'RECONCILED', setAside: 0 });
    // What stations send by themselves cannot be asked for again: of it nobody knows what is missing.
    expect(river).toMatchObject({ gap: null, gapBasis: 'UNKNOWN', setAside: 0 });
    expect(river?.lastRun).toMatchObject({ feed: 'fork/st_river_r/window', state: 'SUCCEEDED', error: null });
    expect(river?.lastRun.written).toBe(river?.rows);
  });

  test('follows a row that goes: one fewer, its id is nobody’s, and it is near nothing', async () => {
    const [gone] = stations.filter(({ county }) => county === '431129');
    const before = await typesOf();
    legacy.database.clock.moveTo(legacy.now() + MINUTE);
    await legacy.query("update st_stbprp_b set deleted = 1 where stcd = $1 and tenant_id = '431100'", [
      gone?.stcd,
    ]);
    expect(await spine.sync('st_stbprp_b')).toMatchObject({ state: 'SUCCEEDED', deleted: 1 });
    const after = await typesOf();
    expect([before[0]?.rows, after[0]?.rows]).toEqual([stations.length, stations.length - 1]);
    expect(after.map(({ name, rows }) => ({ name, rows }))).toEqual(await counted());
    expect(after[0]?.lastRun).toMatchObject({ reason: 'MANUAL', deleted: 1 });
    const { data } = await spine.ask(
      `{ node(id: "${toStationId(gone?.stcd ?? '')}") { id } nearby(point: { lon: ${gone?.lon}, lat: ${gone?.lat} }, radiusKm: 0.001) { entity { id } } }`,
    );
    expect(data).toEqual({ node: null, nearby: [] });
  });

  test('is degraded while its system is down, says why by a code, and keeps its numbers', async () => {
    const before = await typesOf();
    await legacy.front.setFault('down');
    const run = await spine.sync('st_fsdr_b');
    const { data, text, errors } = await spine.ask<Units>(UNITS);
    await legacy.front.setFault('none');
    expect([run.state, errors]).toEqual(['FAILED', []]);
    const [unit] = data.units;
    expect(unit?.status).toBe('DEGRADED');
    const travel = unit?.types[3];
    expect(travel?.rows).toBe(before[3]?.rows);
    expect(travel?.lastRun).toMatchObject({ state: 'FAILED', error: { code: run.error_code } });
    expect(text).not.toMatch(/127\.0\.0\.1|postgres:|password/);
  });
});
