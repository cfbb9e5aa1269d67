import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execute, type GraphQLSchema, parse } from 'graphql';
import { type City, openCity } from '../compile/fixtures/open-city.ts';
import { COUNTIES } from '../compile/fixtures/rows.ts';
import { HYDROLOGY, WATER } from '../compile/fixtures/units.ts';
import { toStitchedSchema } from '../stitch/stitched-schema.ts';
import { CURSOR_KEY, DIVISIONS, toContext } from './fixtures/ask.ts';
import { toStoreSubschemas } from './store-subschemas.ts';

const UNITS = [HYDROLOGY, WATER];

let city: City;
let schema: GraphQLSchema;

beforeAll(async () => {
  city = await openCity();
  const shared = { units: UNITS, divisions: DIVISIONS, reader: city.reader, cursorKey: CURSOR_KEY };
  schema = toStitchedSchema(toStoreSubschemas(shared)).schema;
});

afterAll(() => city.close());

async function ask(text: string) {
  const context = toContext();
  const before = city.statements.length;
  const result = await execute({ schema, document: parse(text), contextValue: context });
  const plain = JSON.parse(JSON.stringify(result));
  return { ...plain, sources: context.sources, statements: city.statements.length - before };
}

describe('the stitched graph over compiled units', () => {
  test.each([1, 5, 11])('shows %d counties with one statement', async (count) => {
    const view = COUNTIES.slice(0, count)
      .map((code, index) => `c${index}: division(code: "${code}") { ...View }`)
      .join(' ');
    const { data, errors, statements, sources } = await ask(`{ ${view} } fragment View on Division { code name
      hydroStations(first: 3) { nodes { id name latestRiver { stage flow observedAt }
        rain(last: 3) { nodes { amount period observedAt } } source { freshness via receivedAt } } } }`);
    expect(errors).toBeUndefined();
    expect(Object.keys(data)).toHaveLength(count);
    expect(data.c0).toMatchObject({
      name: '零陵区',
      hydroStations: { nodes: [{ name: '站0' }, { name: '站11' }] },
    });
    expect(statements).toBe(1);
    expect(sources).toMatchObject([{ unit: 'hydrology', requests: 1, status: 'OK', via: 'STORE' }]);
  });

  test('names what another unit lacks at its exact place', async () => {
    const { data, errors } = await ask('{ stationAlarms { nodes { id reservoir { id code } } } }');
    expect(data.stationAlarms.nodes[0]).toEqual({
      id: 'hydrology:StationAlarm:A0',
      reservoir: { id: 'water:Reservoir:R~1', code: null },
    });
    expect(errors).toMatchObject([
      {
        path: ['stationAlarms', 'nodes', 0, 'reservoir', 'code'],
        extensions: { code: 'HUB_UNIT_NOT_LOADED', unit: 'water', retryable: true },
      },
    ]);
  });

  test.each([
    ['stationAlarms(where: { not: { reservoir: {} } }) { totalCount }', 'stationAlarms'],
    ['stationAlarms(orderBy: { reservoir: { code: ASC } }) { totalCount }', 'stationAlarms'],
    ['stationAlarmsAggregate(groupBy: [{ reservoir: { code: true } }]) { count }', 'stationAlarmsAggregate'],
  ])('never takes another unit’s rows that have not arrived for none: %s', async (text, path) => {
    const { errors, sources } = await ask(`{ ${text} }`);
    expect(errors).toMatchObject([
      {
        message: 'No Reservoir has arrived from water yet.',
        path: [path],
        extensions: { code: 'HUB_UNIT_NOT_LOADED', unit: 'water', retryable: true },
      },
    ]);
    expect(sources).toMatchObject([
      { unit: 'hydrology', requests: 1 },
      { unit: 'water', status: 'DOWN', requests: 0, rows: 0 },
    ]);
  });

  test('asks a unit once for lists of the division of its own row', async () => {
    const { data, statements } = await ask(
      '{ hydroStation(id: "hydrology:HydroStation:61512001") { division { name hydroStations(first: 1) { nodes { name } } } } }',
    );
    expect(data.hydroStation.division).toEqual({
      name: '冷水滩区',
      hydroStations: { nodes: [{ name: '道县"站"\\1\n' }] },
    });
    expect(statements).toBe(1);
  });
});
