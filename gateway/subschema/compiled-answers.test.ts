import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildSchema, parse } from 'graphql';
import { answerNaively } from '../compile/fixtures/naive.ts';
import { type City, openCity } from '../compile/fixtures/open-city.ts';
import { toQueries } from '../compile/fixtures/queries.ts';
import { RESERVOIRS_ARE_LOADED, ROWS, toInsertSql } from '../compile/fixtures/rows.ts';
import { HYDROLOGY, WATER } from '../compile/fixtures/units.ts';
import { toCatalog } from '../compile/to-catalog.ts';
import { type Ask, toAsk } from './fixtures/ask.ts';
import { toUnitSubschemaSdl } from './unit-sdl.ts';

const SDL = toUnitSubschemaSdl(HYDROLOGY, [HYDROLOGY, WATER]);
const SCHEMA = buildSchema(SDL);
const WORLD = { catalog: toCatalog(HYDROLOGY, [HYDROLOGY, WATER]), rows: ROWS };

let city: City;
let ask: Ask;

beforeAll(async () => {
  city = await openCity(`${toInsertSql()}; ${RESERVOIRS_ARE_LOADED}`);
  ask = toAsk(city.reader, { isMasked: () => false });
});

afterAll(() => city.close());

describe('one compiled statement and a naive evaluator give the same JSON, keys in order', () => {
  test.each([
    ['HydroStation', 'hydroStation(id: "hydrology:HydroStation:61512001")'],
    ['HydroStationConnection', 'hydroStations(first: 4)'],
    ['HydroStationConnection', 'hydroStations(first: 9, where: $b_HydroStationWhere)'],
    ['HydroStationConnection', 'hydroStations(last: 9, orderBy: $b_HydroStationOrder)'],
    [
      'RiverReadingConnection',
      'riverReadings(first: 5, where: $b_RiverReadingWhere, orderBy: $b_RiverReadingOrder)',
    ],
    ['StationAlarmConnection', 'stationAlarms(where: $b_StationAlarmWhere, orderBy: $b_StationAlarmOrder)'],
    ['RiverReadingConnection', 'riverReadings(last: 5)'],
    ['StationAlarmConnection', 'stationAlarms'],
    ['FloodTravel', '_hydrologyFloodTravels(ids: ["x", "hydrology:FloodTravel:61512000~61512001"])'],
    ['Division', '_hydrologyDivisions(codes: ["431124", "431103", "999999", "431124"])'],
  ])('for any selection of %s', async (type, root) => {
    await fc.assert(
      fc.asyncProperty(toQueries(SCHEMA, root, type), async ({ text, variables }) => {
        const { data } = await ask(text, variables);
        const naive = answerNaively(SDL, WORLD, parse(text), variables);
        expect(JSON.stringify(data, null, 1)).toBe(JSON.stringify(naive, null, 1));
      }),
      { numRuns: 40 },
    );
  });

  test('for every field of every type at once', async () => {
    const station =
      'id name kind location { lat lon } division { code } divisionBasis inUse warnLevel rank serial cost built season visit checkedAt area tags covers { code } source { unit { code } nativeKey observedAt receivedAt freshness via }';
    const reading =
      'id observedAt stage flow location { lon } division { code } divisionBasis source { freshness } station { id }';
    const text = `{ hydroStations(first: 14) { totalCount nodes { ${station} river(first: 2) { nodes { ${reading} } } latestRiver { ${reading} } latestRain { period amount } floodTravelDown { nodes { mean downstream { name } } } nearestStation { id } nearestReservoir { id } lastAlarm { id caller phone idNumber place content reservoir { __typename id } } } } }`;
    const { data } = await ask(text);
    expect(JSON.stringify(data)).toBe(JSON.stringify(answerNaively(SDL, WORLD, parse(text), {})));
    expect(city.statements.at(-1)?.text).toContain('"hydrology"."hydro_station"');
  });
});
