// What an operator is told of an operation's way.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NOW } from '../compile/fixtures/rows.ts';
import { type Doors, openDoors } from '../whole/fixtures/open-doors.ts';
import { type Explained, explainOperation, toExplainingStore } from './explain.ts';

let doors: Doors;
let explaining: ReturnType<typeof toExplainingStore>;
beforeAll(async () => {
  const wrap = (reader: Parameters<typeof toExplainingStore>[0]) => {
    explaining = toExplainingStore(reader);
    return explaining.reader;
  };
  doors = await openDoors({}, undefined, { wrap });
});
afterAll(() => doors.close());

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

async function explain(text: string, variables = {}, way: 'BOTH' | 'STITCHED' = 'BOTH'): Promise<Explained> {
  explaining.statements.length = 0;
  const graph = { subschemas: doors.subschemas, whole: doors.options, doors: way };
  return explainOperation(graph, explaining, { text, variables }, { clock: () => NOW, log });
}

const QUESTION =
  'query Q($rank: Int) { hydroStations(where: { rank: { gt: $rank } }, first: 3) { nodes { name latestRiver { stage } } } reservoirs { totalCount } }';

describe('explaining an operation', () => {
  test('tells the door, the one statement, and each table that it reads with what was pushed down', async () => {
    const { plan, statements, errors, sources } = await explain(QUESTION, { rank: 2 });
    expect(plan).toEqual({ door: 'WHOLE', statements: 1, rows: 5 });
    expect(errors).toEqual([]);
    expect(sources.map(({ unit }) => unit)).toEqual(['hydrology', 'water']);
    const [statement, ...others] = statements;
    expect(others).toEqual([]);
    expect(statement).toMatchObject({
      text: expect.stringContaining('"hydrology"."hydro_station"'),
      cost: expect.any(Number),
    });
    const scans = new Map(statement?.scans.map((scan) => [scan.table, scan]));
    expect([...scans.keys()]).toEqual(
      expect.arrayContaining(['hydrology.hydro_station', 'water.reservoir', 'hub.type_state']),
    );
    expect(scans.get('hydrology.hydro_station')).toMatchObject({
      condition: expect.stringContaining('rank >'),
      rows: expect.any(Number),
    });
  });

  test('tells why an operation is stitched, and the statement of each part', async () => {
    const { plan, statements } = await explain(
      `{ units { code } hydroStations { totalCount } reservoirs { totalCount } }`,
    );
    expect(plan).toMatchObject({
      door: 'STITCHED',
      reason: 'ROOT',
      at: 'units',
      statements: statements.length,
    });
    expect(statements).toHaveLength(2);
    expect((await explain(QUESTION, { rank: 2 }, 'STITCHED')).plan).toMatchObject({
      door: 'STITCHED',
      reason: 'OFF',
      statements: 2,
    });
  });

  test('tells the errors that a client would see, with their places', async () => {
    const { plan, errors } = await explain('{ a: hydroStations(first: -1) { totalCount } }');
    expect(plan).toMatchObject({ door: 'STITCHED', reason: 'FAULT', at: 'hydroStations' });
    expect(errors).toEqual([
      { code: 'HUB_QUERY_LIMIT', path: 'a', message: 'Argument "first" must be 0 to 1000, but got: -1' },
    ]);
  });

  test.each([
    [
      '{ hydroStations { totalCounts } }',
      '1:19 Cannot query field "totalCounts" on type "HydroStationConnection". Did you mean "totalCount"?',
    ],
    ['{ hydroStations {', '1:18 Syntax Error: Expected Name, found <EOF>.'],
  ])('refuses %s with line and column', async (text, message) => {
    await expect(explain(text)).rejects.toMatchObject({ code: 'HUB_QUERY_INVALID', message });
  });
});
