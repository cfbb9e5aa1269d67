// The two doors over HTTP: the same body, and told apart only by who asks.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NOW } from '../compile/fixtures/rows.ts';
import { CITY_UNITS } from '../whole/fixtures/city-units.ts';
import { type Doors, openDoors } from '../whole/fixtures/open-doors.ts';
import { ask, openTestGateway, type TestGateway } from './test-gateway.check.ts';

let doors: Doors;
let both: TestGateway;
let stitched: TestGateway;
beforeAll(async () => {
  doors = await openDoors();
  const { subschemas, options: whole } = doors;
  const clock = () => NOW;
  both = await openTestGateway({ subschemas, whole, clock });
  stitched = await openTestGateway({ subschemas, whole, clock, doors: 'STITCHED' });
});
afterAll(async () => {
  await both.close();
  await stitched.close();
  await doors.close();
});

const PLAN = { headers: { 'x-hub-plan': '1' } };
const CITY =
  'query City($level: DivisionLevel = COUNTY) { divisions(level: $level) { code name hydroStations(first: 2) { nodes { id name latestRiver { stage } source { freshness } } } reservoirs { nodes { code gauge { code } } } } viewer { id } }';

/** What differs from door to door, or from one question to the next. */
const COSTS = new Set(['milliseconds', 'requests', 'requestId']);
const withoutCosts = (text: string): unknown =>
  JSON.parse(text, (key, value) => (COSTS.has(key) ? 0 : value));

describe('an operation that lies in the store', () => {
  test('has the same body through both doors, to the key', async () => {
    const [a, b] = [await ask(both, CITY), await ask(stitched, CITY)];
    expect([a.status, a.headers.get('content-type')]).toEqual([b.status, b.headers.get('content-type')]);
    expect(JSON.stringify(withoutCosts(a.text))).toBe(JSON.stringify(withoutCosts(b.text)));
    expect(a.text.endsWith('}\n')).toBe(true);
    expect(a.text).not.toContain('"plan"');
  });

  test('says by which door it went, to who asks', async () => {
    const rows = expect.any(Number);
    const toPlan = async (gateway: TestGateway, query: string) =>
      (await ask(gateway, query, PLAN)).extensions?.plan;
    expect(await toPlan(both, CITY)).toEqual({ door: 'WHOLE', statements: 1, rows });
    // One of hydrology for the counties, one of water, and one of hydrology for the gauges.
    expect(await toPlan(stitched, CITY)).toEqual({ door: 'STITCHED', reason: 'OFF', statements: 3, rows });
    expect(await toPlan(both, '{ units { code status } }')).toEqual({
      door: 'STITCHED',
      reason: 'ROOT',
      at: 'units',
      statements: 1,
      rows: 0,
    });
    expect((await ask(both, '{ nothing }', PLAN)).extensions?.plan).toBeUndefined();
  });

  test('is counted by its door', async () => {
    const text = await (await fetch(`${both.url}/metrics`)).text();
    expect(text).toMatch(/hub_operation_doors_total\{door="WHOLE",reason="NONE"\} [1-9]/);
    expect(text).toMatch(/hub_operation_doors_total\{door="STITCHED",reason="ROOT"\} [1-9]/);
  });
});

describe('an operation with a fault', () => {
  test.each([
    ['in an argument', '{ hydroStations(first: -1) { totalCount } reservoirs { totalCount } }'],
    ['in a cursor', '{ division(code: "431124") { name reservoirs(after: "x") { totalCount } } }'],
    ['in what must not be null', '{ stationAlarms { nodes { reservoir { source { via } } } } }'],
    ['as a whole', 'query ($n: Int!) { hydroStations(first: $n) { totalCount } }'],
    ['that is no query', 'mutation { __typename }'],
  ])('%s has the same body through both doors', async (_where, query) => {
    const [a, b] = [await ask(both, query), await ask(stitched, query)];
    expect(a.errors.length).toBeGreaterThan(0);
    expect(a.status).toBe(b.status);
    expect(JSON.stringify(withoutCosts(a.text))).toBe(JSON.stringify(withoutCosts(b.text)));
  });
});

describe('a swap', () => {
  test('takes the door of the whole graph along, or shuts it', async () => {
    const { subschemas, options: whole } = doors;
    const gateway = await openTestGateway({ subschemas, clock: () => NOW });
    const toDoor = async () => (await ask(gateway, '{ reservoirs { totalCount } }', PLAN)).extensions?.plan;
    expect(await toDoor()).toMatchObject({ door: 'STITCHED', reason: 'OFF' });
    await gateway.swap(subschemas, whole);
    expect(await toDoor()).toMatchObject({ door: 'WHOLE' });
    await gateway.swap(subschemas);
    expect(await toDoor()).toMatchObject({ door: 'STITCHED', reason: 'OFF' });
    await gateway.close();
  });

  test('to units whose names collide leaves that door shut, says so, and the gateway open', async () => {
    const { subschemas, options } = doors;
    const [hydrology, water] = CITY_UNITS;
    if (hydrology === undefined || water === undefined) throw new Error('the city has two units');
    const twice = { ...water, unit: 'lakes', types: [...water.types, { ...water.types[0], name: 'Gates' }] };
    const units = [hydrology, { ...water, ...twice } as typeof water];
    const gateway = await openTestGateway({ subschemas, whole: { ...options, units }, clock: () => NOW });
    const { data, extensions } = await ask(gateway, '{ reservoirs { totalCount } }', PLAN);
    expect(data).toEqual({ reservoirs: { totalCount: 3 } });
    expect(extensions?.plan).toMatchObject({ door: 'STITCHED', reason: 'OFF' });
    expect(gateway.logged).toMatchObject([
      { level: 'warn', fields: { err: { code: 'HUB_MANIFEST_INVALID' } } },
    ]);
    await gateway.close();
  });
});

test('a statement that fails is logged, and the operation is stitched', async () => {
  const { subschemas, options } = doors;
  const reader = { read: () => Promise.reject(new RangeError('lost')) };
  const gateway = await openTestGateway({ subschemas, whole: { ...options, reader }, clock: () => NOW });
  const { data, errors, extensions } = await ask(gateway, '{ reservoirs { totalCount } }', PLAN);
  expect([data, errors]).toEqual([{ reservoirs: { totalCount: 3 } }, []]);
  expect(extensions?.plan).toEqual({ door: 'STITCHED', reason: 'STATEMENT', statements: 2, rows: 0 });
  expect(gateway.logged).toMatchObject([{ level: 'warn', fields: { err: { message: 'lost' } } }]);
  await gateway.close();
});
