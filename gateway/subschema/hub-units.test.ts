import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import type { Form, Unit, UnitType } from '../../connectors/kit/manifest/model.ts';
import { HUB_TYPES } from '../../schema/sdl.ts';
import type { ReadStore } from '../../store/contract.ts';
import { HYDROLOGY, WATER } from '../compile/fixtures/units.ts';
import { CURSOR_KEY, DIVISIONS, toContext } from './fixtures/ask.ts';
import { openStitched, type Stitched } from './fixtures/open-stitched.ts';
import { toHubSubschema } from './hub-subschema.ts';

let world: Stitched;
beforeAll(async () => {
  world = await openStitched();
  await world.city.run(RECORDS);
});
afterEach(() => world.setAway(false));
afterAll(() => world.close());

const toForm = (object: string, strategy: Form['sync']['strategy']): Form => ({
  index: 0,
  source: 'fork',
  object,
  shape: null,
  where: [],
  extend: [],
  each: null,
  fan: null,
  unpivot: null,
  only: null,
  adds: true,
  sync: { strategy, every: null, overlap: 'PT0S', late: 'PT0S', cursor: null, scope: [] },
  readings: [],
});

/** The fixture's unit with what its types are read from: rain comes by two feeds, one of which brings levels too. */
const withForms = (forms: { readonly [type: string]: readonly Form[] }): Unit => ({
  ...HYDROLOGY,
  types: HYDROLOGY.types.map((type): UnitType => ({ ...type, forms: forms[type.name] ?? [] })),
});
const UNIT = withForms({
  HydroStation: [toForm('station', 'snapshot')],
  RiverReading: [toForm('report', 'window')],
  RainReading: [toForm('rain', 'window'), toForm('report', 'window')],
});

const toRun = (object: string, strategy: string, more: string): string =>
  `insert into hub.run (unit, source, object, strategy, lease_token, manifest, reason, started_at, state, ended_at, read, written, unchanged, set_aside, error_code, error_message)
   values ('hydrology', 'fork', '${object}', '${strategy}', 1, 'm', ${more})`;
const toKept = (type: string, state: string, hash: string): string =>
  `insert into hub.set_aside (unit, source, object, strategy, type, run, manifest, state, code, message, record, record_hash, received_at, first_seen, last_seen)
   values ('hydrology', 'fork', 'rain', 'window', ${type}, 1, 'm', '${state}', 'HUB_MAP_NUMBER', 'm', '{}', '\\x${hash}', now(), now(), now())`;
const RECORDS = [
  "update hub.type_state set version = 7 where type = 'HydroStation'",
  toRun(
    'station',
    'snapshot',
    `'first', '2026-04-05T04:00:00Z', 'SUCCEEDED', '2026-04-05T05:00:00Z', 14, 14, 0, 0, null, null`,
  ),
  toRun(
    'rain',
    'window',
    `'schedule', '2026-04-05T06:00:00Z', 'SUCCEEDED', '2026-04-05T06:00:01.5Z', 9, 1, 7, 1, null, null`,
  ),
  toRun(
    'report',
    'window',
    `'manual', '2026-04-05T07:00:00Z', 'FAILED', '2026-04-05T07:00:05Z', 0, 0, 0, 0, 'HUB_SOURCE_UNREACHABLE', 'no answer from postgres://reader:secret@10.1.2.3:5432/sl323'`,
  ),
  toKept("'RainReading'", 'SET_ASIDE', '01'),
  toKept("'RainReading'", 'SET_ASIDE', '02'),
  toKept("'RainReading'", 'WAITING', '03'),
  toKept('null', 'SET_ASIDE', '04'),
].join(';\n');

const askHub = async (text: string, units: readonly Unit[] = [UNIT, WATER]) => {
  const before = world.city.statements.length;
  const hub = toHubSubschema({
    divisions: DIVISIONS,
    units,
    reader: world.city.reader,
    cursorKey: CURSOR_KEY,
  });
  const { data, errors } = await hub.executor({ document: parse(text), context: toContext() });
  expect(errors).toBeUndefined();
  return {
    data: JSON.parse(JSON.stringify(data)),
    statements: world.city.statements.length - before,
  };
};

const RUN =
  'id feed state reason startedAt endedAt read written unchanged deleted setAside waiting notOurs faulty error { code meaning }';
const ALL = `units { code name status freshness { promise actual level } setAside waiting types {
  name label labelEn role rows gap gapBasis setAside waiting version freshness { promise actual level } lastRun { ${RUN} } } }`;

describe('a unit', () => {
  test('tells how it is in three statements, whatever the number of units and types', async () => {
    const { statements } = await askHub(`{ ${ALL} }`);
    expect(statements).toBe(3);
    const twice = await askHub(
      `{ a: ${ALL} b: ${ALL} _hubUnits(codes: ["water", "hydrology"]) { status } }`,
      [WATER, UNIT],
    );
    expect(twice.statements).toBe(3);
    expect((await askHub('{ units { code name nameEn types { name label role } } }')).statements).toBe(0);
  });

  test('has the tightest promise of its types, and the age of the one that was complete the longest ago', async () => {
    const { data } = await askHub(
      '{ unit(code: "hydrology") { status freshness { promise actual level } } }',
    );
    // 05:00 complete, 08:10 now: 3 h 10 min against the ten minutes of the readings.
    expect(data.unit).toEqual({
      status: 'OK',
      freshness: { promise: 'PT10M', actual: 'PT3H10M', level: 'STALE' },
    });
  });

  test('counts what is set aside, with what no form took, apart from what waits', async () => {
    const { data } = await askHub('{ units { setAside waiting types { name setAside waiting } } }');
    expect(data.units[0]).toMatchObject({ setAside: 3, waiting: 1 });
    expect(data.units[0].types[2]).toEqual({ name: 'RainReading', setAside: 2, waiting: 1 });
    expect(data.units[1]).toMatchObject({ setAside: 0, waiting: 0 });
  });

  test('lists the columns of its tables that are not as they were, with the types stopped and the fields they feed', async () => {
    await world.city.run(
      `insert into hub.drift values ('hydrology', 'fork', 'st_river_r', 'window', 'st_river_r', 'z', 'RETYPED', 'numeric', 'text', '{RiverReading}', '{RiverReading.stage}', '2026-04-05T08:00:00Z')`,
    );
    try {
      const { data, statements } = await askHub(
        '{ units { code drift { source object column change kind seenAt types fields } } }',
      );
      expect(statements).toBe(1);
      expect(data.units).toEqual([
        {
          code: 'hydrology',
          drift: [
            {
              source: 'fork',
              object: 'st_river_r',
              column: 'z',
              change: 'RETYPED',
              kind: 'text',
              seenAt: '2026-04-05T08:00:00Z',
              types: ['RiverReading'],
              fields: ['RiverReading.stage'],
            },
          ],
        },
        { code: 'water', drift: [] },
      ]);
    } finally {
      await world.city.run('delete from hub.drift');
    }
  });

  test('is reached from any row', async () => {
    const { data, errors } = await world.ask(
      '{ hydroStations(first: 2) { nodes { source { unit { code name status types { name } } } } } }',
    );
    expect(errors).toBeUndefined();
    const unit = {
      code: 'hydrology',
      name: '名',
      status: 'OK',
      types: HYDROLOGY.types.map(({ name }) => ({ name })),
    };
    expect(data).toEqual({ hydroStations: { nodes: [{ source: { unit } }, { source: { unit } }] } });
  });
});

describe('a type', () => {
  const types = async () => {
    const { data } = await askHub(
      '{ unit(code: "hydrology") { types { name role rows gap gapBasis version freshness { promise actual level } } } }',
    );
    return data.unit.types as { name: string; rows: number }[];
  };

  test('has its own numbers: living rows, and a gap that nobody knows is null', async () => {
    const [station, river, rain] = await types();
    expect(station).toEqual({
      name: 'HydroStation',
      role: 'THING',
      rows: 13,
      gap: null,
      gapBasis: 'UNKNOWN',
      version: '7',
      freshness: { promise: 'PT2H', actual: 'PT3H10M', level: 'LATE' },
    });
    expect([river?.rows, rain?.rows]).toEqual([6 * 29, 3 * 7]);
  });

  test('tells the gap that comparing has found, and of when', async () => {
    const set = (values: string) =>
      world.city.run(
        `update hub.type_state set (gap, surplus, gap_basis, reconciled_at) = (${values}) where unit = 'hydrology' and type = 'HydroStation'`,
      );
    await set("3, 1, 'RECONCILED', timestamptz '2026-04-05T07:00:00Z'");
    const { data } = await askHub(
      '{ unit(code: "hydrology") { types { gap surplus gapBasis reconciledAt } } }',
    );
    await set('null, null, null, null');
    const unknown = { gap: null, surplus: null, gapBasis: 'UNKNOWN', reconciledAt: null };
    expect(data.unit.types.slice(0, 2)).toEqual([
      { gap: 3, surplus: 1, gapBasis: 'RECONCILED', reconciledAt: '2026-04-05T07:00:00Z' },
      unknown,
    ]);
  });

  test('shows the newest run of all feeds that bring it, and of its error the code only', async () => {
    const { data } = await askHub(`{ unit(code: "hydrology") { types { name lastRun { ${RUN} } } } }`);
    const [station, river, rain, travel] = data.unit.types;
    expect(station.lastRun).toEqual({
      id: expect.stringMatching(/^\d+$/),
      feed: 'fork/station/snapshot',
      state: 'SUCCEEDED',
      reason: 'FIRST',
      startedAt: '2026-04-05T04:00:00Z',
      endedAt: '2026-04-05T05:00:00Z',
      read: 14,
      written: 14,
      unchanged: 0,
      deleted: 0,
      setAside: 0,
      waiting: 0,
      notOurs: 0,
      faulty: 0,
      error: null,
    });
    expect(rain.lastRun).toMatchObject({ feed: 'fork/report/window', state: 'FAILED', reason: 'MANUAL' });
    expect(rain.lastRun.error).toEqual({
      code: 'HUB_SOURCE_UNREACHABLE',
      meaning: 'The legacy system does not accept a connection.',
    });
    expect(river.lastRun).toEqual(rain.lastRun);
    expect(travel.lastRun).toBeNull();
    expect(JSON.stringify(data)).not.toMatch(/secret|10\.1\.2\.3/);
  });
});

test('the runs of a type are those of every feed that brings it', async () => {
  const { data, statements } = await askHub('{ runs(type: "RainReading") { nodes { feed } } }');
  expect(data.runs.nodes).toEqual([{ feed: 'fork/report/window' }, { feed: 'fork/rain/window' }]);
  expect(statements).toBe(1);
  const river = await askHub(
    '{ runs(unit: "hydrology", type: "RiverReading", first: 5) { nodes { feed } } }',
  );
  expect(river.data.runs.nodes).toEqual([{ feed: 'fork/report/window' }]);
});

describe('how a unit is', () => {
  const status = async () =>
    (await askHub('{ units { status freshness { actual level } } }')).data.units as {
      status: string;
      freshness: object;
    }[];

  test('degraded while one of its feeds fails or one of its types was never loaded', async () => {
    await world.city.run("update hub.type_state set failing_since = now() where type = 'RainReading'");
    expect((await status())[0]).toMatchObject({ status: 'DEGRADED', freshness: { actual: 'PT3H10M' } });
    await world.city.run(
      "update hub.type_state set failing_since = null, last_complete_at = null, rows_landed = 0 where type = 'RainReading'",
    );
    expect((await status())[0]).toEqual({ status: 'DEGRADED', freshness: { actual: null, level: 'DEAD' } });
  });

  test('down while nothing of it was ever loaded', async () => {
    await world.city.run(
      "update hub.type_state set last_complete_at = null, rows_landed = 0 where unit = 'water'",
    );
    expect((await status())[1]).toEqual({ status: 'DOWN', freshness: { actual: null, level: 'DEAD' } });
    await world.city.run("delete from hub.type_state where unit = 'water'");
    expect((await status())[1]?.status).toBe('DOWN');
  });

  test('unknown, not down, while the store is away: its names stand, each value says what is wrong', async () => {
    world.setAway(true);
    const { data, errors } = await world.ask(
      '{ units { code status types { name rows } } unit(code: "water") { name setAside } division(code: "431124") { name } }',
    );
    expect(data).toMatchObject({
      units: [
        { code: 'hydrology', status: null },
        { code: 'water', status: null, types: [{ name: 'Reservoir', rows: null }] },
      ],
      unit: { name: '名', setAside: null },
      division: { name: '道县' },
    });
    expect(errors?.map(({ path }) => path.join('.'))).toEqual(
      expect.arrayContaining(['units.0.status', 'units.1.types.0.rows', 'unit.setAside']),
    );
    expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(
      new Set(['HUB_STORE_UNREACHABLE']),
    );
  });
});

test('a store that hangs is given up in time: the rest of the hub’s own part is answered', async () => {
  const hanging: ReadStore = { read: () => new Promise(() => undefined) };
  const hub = toHubSubschema({
    divisions: DIVISIONS,
    units: [UNIT],
    reader: hanging,
    cursorKey: CURSOR_KEY,
    deadlineMs: 20,
  });
  const text =
    '{ units { code status } nodes(ids: ["hydrology:HydroStation:1"]) { id } division(code: "431124") { name } }';
  const { data, errors } = await hub.executor({ document: parse(text), context: toContext() });
  expect(JSON.parse(JSON.stringify(data))).toEqual({
    units: [{ code: 'hydrology', status: null }],
    nodes: null,
    division: { name: '道县' },
  });
  expect(errors?.map(({ path, originalError }) => [path, originalError])).toEqual([
    [['units', 0, 'status'], expect.objectContaining({ code: 'HUB_UNIT_TIMEOUT' })],
    [['nodes'], expect.objectContaining({ code: 'HUB_UNIT_TIMEOUT' })],
  ]);
});

test('no unit can take a name of the hub’s own types', () => {
  const { typeDefs } = toHubSubschema({
    divisions: DIVISIONS,
    units: [],
    reader: world.city.reader,
    cursorKey: CURSOR_KEY,
  });
  const shared = [
    'Date',
    'DateTime',
    'Duration',
    'Entity',
    'Freshness',
    'GeoJSON',
    'Long',
    'PageInfo',
    'Point',
    'Query',
  ];
  const names = parse(typeDefs).definitions.flatMap((node) =>
    'name' in node && node.kind.endsWith('TypeDefinition') && node.name !== undefined
      ? [node.name.value]
      : [],
  );
  const own = names.filter((name) => !shared.includes(name) && !name.startsWith('_'));
  expect(own.sort()).toEqual([...HUB_TYPES].sort());
});
