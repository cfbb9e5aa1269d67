// What the door of the whole graph leaves to stitching, and that nothing of it stays behind.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ReadStore } from '../../store/contract.ts';
import { AWAY, toContext } from '../subschema/fixtures/ask.ts';
import { WATER_IS_LOADED } from './fixtures/city-units.ts';
import { type Doors, openDoors } from './fixtures/open-doors.ts';
import { toWholeDoor } from './whole-door.ts';

let doors: Doors;
beforeAll(async () => {
  doors = await openDoors();
});
afterAll(() => doors.close());

const GONE = 'water has no such Reservoir: it is gone, or never came.';

type Declined = readonly [what: string, text: string, reason: string, at: string | null];

const IN_PLANNING: readonly Declined[] = [
  ['introspection', '{ __schema { queryType { name } } hydroStations { totalCount } }', 'OPERATION', null],
  ['a variable that is missing', 'query ($id: ID!) { hydroStation(id: $id) { name } }', 'OPERATION', null],
  ['the units themselves', '{ hydroStations { totalCount } units { code } }', 'ROOT', 'units'],
  [
    'a list as of an instant',
    '{ hydroStations(asOf: "2026-04-05T08:00:00Z") { totalCount } }',
    'PAST',
    'hydroStations',
  ],
  [
    'a row as of an instant, and another as it is',
    '{ reservoirs { totalCount } hydroStation(id: "x", asOf: "2026-04-05T08:00:00Z") { id } }',
    'PAST',
    'hydroStation',
  ],
  [
    'a list below a row as of an instant',
    '{ reservoirs { nodes { releases(asOf: "2026-04-05T08:00:00Z") { totalCount } } } }',
    'PAST',
    'releases',
  ],
  ['the changes of a type', '{ reservoirsChanges { next } }', 'PAST', 'reservoirsChanges'],
  ['the runs', '{ runs { nodes { id } } }', 'ROOT', 'runs'],
  [
    'how the unit of a row of any type is',
    '{ node(id: "water:Reservoir:R1") { source { unit { status } } } }',
    'FIELD',
    'status',
  ],
  [
    'a row of any type with a list as of an instant',
    '{ node(id: "water:Reservoir:R1") { ... on Reservoir { releases(asOf: "2026-04-05T08:00:00Z") { totalCount } } } }',
    'PAST',
    'releases',
  ],
  [
    'a circle that is too wide',
    '{ nearby(point: { lon: 111.5, lat: 25.5 }, radiusKm: 101) { distanceKm } }',
    'FAULT',
    'nearby',
  ],
  [
    'a type whose place is masked',
    '{ nearby(point: { lon: 111.5, lat: 25.5 }, radiusKm: 1, types: ["StationAlarm"]) { distanceKm } }',
    'FAULT',
    'nearby',
  ],
  [
    'more entities than an operation may ask for, by several roots together',
    '{ node(id: "x") { id } nearby(point: { lon: 111.5, lat: 25.5 }, radiusKm: 1, first: 1000) { distanceKm } }',
    'FAULT',
    'nearby',
  ],
  [
    'more rows below what is nearby than an operation may ask for',
    '{ nearby(point: { lon: 111.5, lat: 25.5 }, radiusKm: 1, first: 900) { entity { ... on HydroStation { river(first: 900) { nodes { stage } } } } } }',
    'FAULT',
    'river',
  ],
  [
    'how the unit of a row is',
    '{ reservoirs { nodes { source { unit { name status } } } } }',
    'FIELD',
    'status',
  ],
  [
    'lists below the children of every town, which one statement would look for too long',
    '{ divisions(level: TOWN) { parent { name } children { reservoirs(first: 0) { totalCount } } } }',
    'FIELD',
    'children',
  ],
  [
    'lists below the parent of a row’s division',
    '{ reservoirs { nodes { division { parent { parent { gates { totalCount } } } } } } }',
    'FIELD',
    'parent',
  ],
  [
    'too many rows of a list',
    '{ good: reservoirs { totalCount } hydroStations(first: 1001) { totalCount } }',
    'FAULT',
    'hydroStations',
  ],
  [
    'a cursor of nobody',
    '{ division(code: "431124") { reservoirs(after: "x") { totalCount } } }',
    'FAULT',
    'reservoirs',
  ],
  [
    'more rows than an operation may ask for',
    '{ hydroStations(first: 1000) { nodes { river(first: 1000) { nodes { id } } } } }',
    'FAULT',
    'river',
  ],
];

describe('left to stitching before anything is read', () => {
  test.each(IN_PLANNING)('is %s', async (_what, text, reason, at) => {
    const { answer, statements, sources } = await doors.whole(text);
    expect(answer).toEqual({ kind: 'DECLINED', reason, at });
    expect([statements, sources]).toEqual([0, []]);
  });
});

describe('left to stitching after the statement', () => {
  test('is a type of which nothing has arrived, whatever else was asked; stitching says where', async () => {
    await doors.city.run(`delete from hub.type_state where unit = 'water' and type = 'Gate'`);
    const text =
      '{ hydroStations(first: 1) { nodes { id } } reservoirs { nodes { code gates { totalCount } } } }';
    const { answer, statements, sources } = await doors.whole(text);
    expect(answer).toEqual({ kind: 'DECLINED', reason: 'NOT_LOADED', at: 'Gate' });
    expect([statements, sources]).toEqual([1, []]);
    const stitched = await doors.stitch(text);
    expect(stitched.errors.map((error) => error.split(':')[0])).toEqual([
      'reservoirs.nodes.0.gates',
      'reservoirs.nodes.1.gates',
      'reservoirs.nodes.2.gates',
    ]);
    await doors.city.run(
      `insert into hub.type_state (unit, type, version, last_attempt_at) values ('water', 'Gate', 1, now()) on conflict do nothing; ${WATER_IS_LOADED}`,
    );
    expect((await doors.whole(text)).answer).toMatchObject({ kind: 'ANSWERED' });
  });

  test('is an id of such a type, and what lies nearby only where something of it does', async () => {
    const near = (fields: string) =>
      `{ nearby(point: { lon: 111.5, lat: 25.5 }, radiusKm: 3) { entity { id ${fields} } } }`;
    await doors.city.run(`delete from hub.type_state where unit = 'water'`);
    const declined = (at: string) => ({ kind: 'DECLINED', reason: 'NOT_LOADED', at });
    for (const id of ['water:Gate:G1', 'water:Gate:none']) {
      const text = `{ nodes(ids: ["hydrology:HydroStation:61512001", "${id}"]) { id } }`;
      const { answer, sources } = await doors.whole(text);
      expect([answer, sources]).toEqual([declined('Gate'), []]);
      expect((await doors.stitch(text)).errors).toEqual([expect.stringMatching(/^nodes\.1: No Gate/)]);
    }
    expect((await doors.whole(near('... on Reservoir { code }'))).answer).toEqual(declined('Reservoir'));
    // What is only an id is no unit's word; and of gates nothing lies there.
    for (const fields of ['', '... on Gate { code }', '... on HydroStation { name }']) {
      const whole = await doors.whole(near(fields));
      expect(whole.answer).toMatchObject({ text: (await doors.stitch(near(fields))).text });
    }
    await doors.city.run(
      `insert into hub.type_state (unit, type, version, last_attempt_at) select 'water', t, 1, now() from unnest(array['Reservoir', 'Release', 'Gate']) t; ${WATER_IS_LOADED}`,
    );
    expect((await doors.whole(near('... on Reservoir { code }'))).answer).toMatchObject({ kind: 'ANSWERED' });
  });

  test('is a row that is gone where something of it must not be null; without that it is answered', async () => {
    const toText = (field: string) => `{ stationAlarms { nodes { reservoir { id ${field} } } } }`;
    for (const field of ['source { via }', 'divisionBasis']) {
      const { answer, sources } = await doors.whole(toText(field));
      expect(answer).toEqual({ kind: 'DECLINED', reason: 'ANSWER', at: null });
      expect(sources).toEqual([]);
      const places = ['stationAlarms.nodes.0', 'stationAlarms.nodes.2'];
      expect((await doors.stitch(toText(field))).errors).toEqual(
        places.map((place) => `${place}.reservoir.${field.split(' ')[0]}: ${GONE}`),
      );
    }
    expect((await doors.whole(toText('code'))).answer).toMatchObject({ kind: 'ANSWERED' });
  });

  test('is the list of another unit in a division whose code is none of today’s', async () => {
    await doors.city.run(`update hydrology.hydro_station set _division = '431121' where _key = '61512000'`);
    const toText = (list: string) =>
      `{ hydroStation(id: "hydrology:HydroStation:61512000") { division { name ${list} { totalCount } } } }`;
    const [far, own] = [toText('reservoirs'), toText('hydroStations')];
    expect((await doors.whole(far)).answer).toMatchObject({ kind: 'DECLINED', reason: 'ANSWER' });
    expect((await doors.stitch(far)).text).toContain('"totalCount":0');
    expect((await doors.whole(own)).answer).toMatchObject({ text: (await doors.stitch(own)).text });
    await doors.city.run(
      `update hydrology.hydro_station set _division = '431102001' where _key = '61512000'`,
    );
  });

  test('is a word that the manifest no longer has: stitching says where', async () => {
    await doors.city.run(`update hydrology.hydro_station set kind = 'TIDAL' where _key = '61512000'`);
    const text = '{ hydroStations(first: 2) { nodes { name kind } } }';
    expect((await doors.whole(text)).answer).toMatchObject({ kind: 'DECLINED', reason: 'ANSWER' });
    expect((await doors.stitch(text)).errors).toEqual([
      expect.stringContaining('hydroStations.nodes.0.kind'),
    ]);
    await doors.city.run(`update hydrology.hydro_station set kind = 'RAIN' where _key = '61512000'`);
    expect((await doors.whole(text)).answer).toMatchObject({ text: (await doors.stitch(text)).text });
  });

  test('is what the hub knows of more divisions than it writes', async () => {
    const children = (depth: number): string =>
      depth === 0 ? 'name' : `children { parent { ${children(depth - 1)} } }`;
    const { answer } = await doors.whole(`{ division(code: "431100") { ${children(5)} } }`);
    expect(answer).toEqual({ kind: 'DECLINED', reason: 'ANSWER', at: null });
  });
});

describe('a statement that gives no answer', () => {
  const toQuestion = async (reader: ReadStore, signal = new AbortController().signal) => {
    const failures: unknown[] = [];
    const { options, stitched } = doors;
    const door = toWholeDoor({ ...options, reader, deadlineMs: 20 }, stitched.schema, (error) =>
      failures.push(error),
    );
    const { parse } = await import('graphql');
    const document = parse('{ reservoirs { totalCount } }');
    const context = toContext({ signal });
    const answer = await door.run({ document, variables: {}, context });
    return { answer, failures, sources: context.sources };
  };

  test.each([
    ['because the store does not answer', AWAY, 'HUB_STORE_UNREACHABLE'],
    ['within its time', { read: () => new Promise<never>(() => undefined) }, 'HUB_UNIT_TIMEOUT'],
    ['of one row', { read: async () => [] }, undefined],
  ])('%s is left to stitching, and told', async (_why, reader, code) => {
    const { answer, failures, sources } = await toQuestion(reader);
    expect(answer).toEqual({ kind: 'DECLINED', reason: 'STATEMENT', at: null });
    expect(failures).toHaveLength(1);
    expect((failures[0] as { code?: string }).code).toBe(code);
    expect(sources).toEqual([]);
  });

  test('because the client has left is the end', async () => {
    const left = new AbortController();
    const reader: ReadStore = {
      read() {
        left.abort();
        return new Promise<never>(() => undefined);
      },
    };
    const { answer, failures } = await toQuestion(reader, left.signal);
    expect(answer).toMatchObject({ kind: 'ENDED', error: { extensions: { code: 'HUB_UNIT_TIMEOUT' } } });
    expect(failures).toEqual([]);
  });
});

test('who may see personal fields gets them through both doors, everyone else masked', async () => {
  const open = await openDoors({
    isMasked: (field, _type, viewer) => field.class === 'personal' && viewer.id !== 'chief',
  });
  const text =
    '{ stationAlarms(first: 1) { nodes { caller phone location { lon } } } gates(first: 1) { nodes { keeper } } }';
  const viewer = { id: 'chief', kind: 'key' as const, classes: [] };
  for (const [context, caller] of [
    [() => toContext({ viewer }), '"caller":"张三丰"'],
    [() => toContext(), '"caller":"张**"'],
  ] as const) {
    const { answer } = await open.whole(text, {}, context());
    expect(answer).toMatchObject({ kind: 'ANSWERED', text: expect.stringContaining(caller) });
    expect(answer).toMatchObject({ text: (await open.stitch(text, {}, context())).text });
  }
  await open.close();
});
