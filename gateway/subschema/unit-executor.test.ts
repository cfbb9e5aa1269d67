import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { HubError } from '../../schema/errors.ts';
import type { ReadStore } from '../../store/contract.ts';
import { type City, openCity } from '../compile/fixtures/open-city.ts';
import { COUNTIES } from '../compile/fixtures/rows.ts';
import { type Ask, type Data, toAsk, toContext } from './fixtures/ask.ts';

const STATION = 'hydrology:HydroStation:61512001';

let city: City;
let ask: Ask;

beforeAll(async () => {
  city = await openCity();
  ask = toAsk(city.reader);
});

afterAll(() => city.close());

async function countStatements(text: string, variables: Data = {}): Promise<number> {
  const before = city.statements.length;
  await ask(text, variables);
  return city.statements.length - before;
}

function codeOf(value: unknown): unknown {
  return value instanceof GraphQLError ? value.extensions.code : value;
}

describe('one root field is one statement', () => {
  const view = `query ($codes: [ID!]!) { _hydrologyDivisions(codes: $codes) { code
    hydroStations(first: 3) { nodes { id name latestRiver { stage flow observedAt }
      rain(last: 3) { nodes { amount period observedAt } } source { freshness via receivedAt } } } } }`;

  test.each([1, 5, 11])('for the view of %d counties', async (count) => {
    expect(await countStatements(view, { codes: COUNTIES.slice(0, count) })).toBe(1);
  });

  test('and several roots are one statement each, whatever stitching calls them', async () => {
    const text = `query Batch($_v0_codes: [ID!]!, $_v1_ids: [ID!]!) {
      _v0__hydrologyDivisions: _hydrologyDivisions(codes: $_v0_codes) { code }
      _v1__hydrologyHydroStations: _hydrologyHydroStations(ids: $_v1_ids) { __typename name } }`;
    const variables = { _v0_codes: ['431124'], _v1_ids: [STATION, STATION] };
    expect(await countStatements(text, variables)).toBe(2);
    const { data } = await ask(text, variables);
    expect(Object.keys(data)).toEqual(['_v0__hydrologyDivisions', '_v1__hydrologyHydroStations']);
    expect(data._v1__hydrologyHydroStations).toEqual([
      { __typename: 'HydroStation', name: '道县"站"\\1\n' },
      { __typename: 'HydroStation', name: '道县"站"\\1\n' },
    ]);
  });

  test('that is the same text for other values, variables, root aliases and operation names', async () => {
    const start = city.statements.length;
    await ask('query A($n: Int) { hydroStations(first: $n) { nodes { id } } }', { n: 2 });
    await ask(
      '{ _v3_x: hydroStations(first: 7) { ... on HydroStationConnection { nodes { ...F } } } } fragment F on HydroStation { id }',
    );
    await ask('{ hydroStations(last: 7) { nodes { id } } }');
    const texts = city.statements.slice(start).map((statement) => statement.text);
    expect(texts[1]).toBe(texts[0]);
    expect(texts[2]).not.toBe(texts[0]);
  });

  test('whose latest reading is found through the index on thing and time', async () => {
    const alone =
      await openCity(`insert into hydrology.hydro_station (_key, _source, _form, _native, _received_at, _run, _manifest, _hash, _known_from, _version, _division_basis)
      select 'S' || i, 's', 0, '{}', now(), 1, 'm', '\\x00', now(), 1, 'NONE' from generate_series(1, 50) i;
      insert into hydrology.river_reading (station_key, _key, _observed_at, _source, _form, _native, _received_at, _run, _manifest, _hash, _known_from, _version, _division_basis)
      select 'S' || i, 'S' || i || '~' || j, timestamptz '2026-04-01' + j * interval '5 min', 's', 0, '{}', now(), 1, 'm', '\\x00', now(), 1, 'PARENT' from generate_series(1, 50) i, generate_series(1, 200) j;
      analyze hydrology.river_reading; analyze hydrology.hydro_station`);
    await toAsk(alone.reader)('{ hydroStations(first: 50) { nodes { latestRiver { stage } } } }');
    const asked = alone.statements.at(-1);
    const plan = await alone.reader.read<{ 'QUERY PLAN': string }>({
      text: `explain ${asked?.text}`,
      values: asked?.values ?? [],
    });
    const lines = plan.map((row) => row['QUERY PLAN']).join('\n');
    await alone.close();
    expect(lines).toMatch(/Index Scan Backward using "?river_reading\w*station_key\w*"? on river_reading/);
    expect(lines).not.toContain('Seq Scan on river_reading');
  });
});

describe('what a client writes', () => {
  test.each([
    'hydrology:HydroStation:\0',
    "hydrology:HydroStation:' or '1'='1",
    'hydrology:HydroStation:"); drop table hydrology.hydro_station; --',
    'water:HydroStation:61512001',
    'hydrology:RiverReading:61512001',
    '61512001',
    '',
  ])('as an id that names no row (%j) is answered with null', async (id) => {
    const { data } = await ask(
      'query ($id: ID!) { hydroStation(id: $id) { id } _hydrologyHydroStations(ids: [$id]) { id } }',
      { id },
    );
    expect(data).toEqual({ hydroStation: null, _hydrologyHydroStations: [null] });
  });

  test.each(["431124' or true", '\0', '999999', ''])(
    'as a code of no division (%j) is answered with null',
    async (code) => {
      const { data } = await ask(
        'query ($c: [ID!]!) { _hydrologyDivisions(codes: $c) { code hydroStations { totalCount } } }',
        { c: [code, '431123'] },
      );
      expect(data._hydrologyDivisions).toEqual([null, { code: '431123', hydroStations: { totalCount: 1 } }]);
    },
  );

  test('as the former code of a division keeps its name and finds its successor’s rows', async () => {
    const { data } = await ask(
      '{ _hydrologyDivisions(codes: ["431121", "431181"]) { code hydroStations { totalCount } } }',
    );
    expect(data._hydrologyDivisions).toEqual([
      { code: '431121', hydroStations: { totalCount: 2 } },
      { code: '431181', hydroStations: { totalCount: 2 } },
    ]);
  });

  test('is never text of a statement', async () => {
    await ask('query ($i: [ID!]!) { _hydrologyHydroStations(ids: $i) { id } }', {
      i: ['hydrology:HydroStation:ZZZ9'],
    });
    expect(city.statements.at(-1)?.text).not.toContain('ZZZ9');
    expect(city.statements.at(-1)?.values).toContainEqual(['ZZZ9']);
  });

  test('as three thousand aliases is answered', async () => {
    const aliases = Array.from({ length: 3000 }, (_none, index) => `a${index}: name`).join(' ');
    const { data } = await ask(`{ hydroStation(id: "${STATION}") { ${aliases} } }`);
    expect(Object.keys(data.hydroStation as Data)).toHaveLength(3000);
  });

  test.each([
    'mutation { x }',
    'subscription { x }',
    '{ nothingLikeThat }',
    'query A { units } query B { units }',
  ])('that a unit cannot answer (%s) is a coded error, not a crash', async (text) => {
    const { errors } = await ask(text);
    expect(errors.map((error) => error.extensions.code)).toEqual(['HUB_QUERY_INVALID']);
  });

  test('without a required variable is a coded error', async () => {
    const { errors } = await ask('query ($id: ID!) { hydroStation(id: $id) { id } }');
    expect(errors[0]?.extensions.code).toBe('HUB_QUERY_INVALID');
  });
});

describe('personal fields', () => {
  const text =
    '{ stationAlarm(id: "hydrology:StationAlarm:A0") { caller phone idNumber place content location { lon lat } } }';

  test('are masked for whoever has not their class', async () => {
    expect((await ask(text)).data.stationAlarm).toEqual({
      caller: '张**',
      phone: '139****0000',
      idNumber: '431124************',
      place: '永州市道县濂溪街道***',
      content: null,
      location: { lon: 111.515, lat: 25.525 },
    });
  });

  test('never leave the store unmasked', async () => {
    const rows = await city.reader.read({ ...(city.statements.at(-1) ?? { text: '', values: [] }) });
    expect(JSON.stringify(rows)).not.toMatch(/13912340000|张三丰|19900101|堤上渗水/);
  });

  test('are shown to a viewer with that class, by another statement', async () => {
    const viewer = { id: 'k', kind: 'key' as const, classes: ['personal' as const] };
    const { data } = await ask(text, {}, toContext({ viewer }));
    expect(data.stationAlarm).toMatchObject({ caller: '张三丰', phone: '13912340000', content: '堤上渗水' });
  });
});

describe('a store that fails', () => {
  const failing = (error: Error): ReadStore => ({ read: () => Promise.reject(error) });
  const down = new HubError('HUB_STORE_UNREACHABLE', 'the store does not answer');

  test('stands as one error at each root, and in each selected field of each key of a lookup', async () => {
    const context = toContext();
    const { data } = await toAsk(failing(down))(
      `{ hydroStations { nodes { id } } _hydrologyHydroStations(ids: ["a", "b"]) { __typename id n: name source { via } }
         _hydrologyDivisions(codes: ["431124"]) { code hydroStations { totalCount } } }`,
      {},
      context,
    );
    expect(codeOf(data.hydroStations)).toBe('HUB_STORE_UNREACHABLE');
    const stations = data._hydrologyHydroStations as Data[];
    expect(stations.map((one) => [one.__typename, one.id, codeOf(one.n), codeOf(one.source)])).toEqual([
      ['HydroStation', 'a', 'HUB_STORE_UNREACHABLE', 'HUB_STORE_UNREACHABLE'],
      ['HydroStation', 'b', 'HUB_STORE_UNREACHABLE', 'HUB_STORE_UNREACHABLE'],
    ]);
    expect(codeOf((data._hydrologyDivisions as Data[])[0]?.hydroStations)).toBe('HUB_STORE_UNREACHABLE');
    expect((data.hydroStations as GraphQLError).extensions).toEqual({
      code: 'HUB_STORE_UNREACHABLE',
      unit: 'hydrology',
      retryable: true,
    });
    expect(context.sources).toMatchObject([
      { unit: 'hydrology', status: 'DOWN', via: null, requests: 3, rows: 0 },
    ]);
  });

  test('is an error at what a link adds to rows of another unit, whose ids stay', async () => {
    const { data } = await toAsk(failing(down))(
      '{ _hydrologyReservoirs(ids: ["water:Reservoir:R1"]) { __typename id alarms { totalCount } } }',
    );
    const [reservoir] = data._hydrologyReservoirs as Data[];
    expect(reservoir).toMatchObject({ __typename: 'Reservoir', id: 'water:Reservoir:R1' });
    expect(reservoir?.alarms).toMatchObject({
      extensions: { code: 'HUB_STORE_UNREACHABLE', unit: 'hydrology' },
    });
  });

  test('in a way that nobody foresaw tells nothing of itself', async () => {
    const { data } = await toAsk(failing(new Error('password=hunter2')))(
      '{ hydroStations { nodes { id } } }',
    );
    expect(codeOf(data.hydroStations)).toBe('HUB_INTERNAL');
    expect(String(data.hydroStations)).not.toContain('hunter2');
  });

  test('by hanging is left after the deadline, and told to stop', async () => {
    let signal: AbortSignal | undefined;
    const hanging: ReadStore = {
      read: (_statement, options) => {
        signal = options?.signal;
        return new Promise(() => undefined);
      },
    };
    const { data } = await toAsk(hanging, { deadlineMs: 15 })('{ hydroStations { nodes { id } } }');
    expect(codeOf(data.hydroStations)).toBe('HUB_UNIT_TIMEOUT');
    expect(signal?.aborted).toBe(true);
  });
});

describe('an answer', () => {
  test('is fresh each time: stitching may write into it', async () => {
    const text = `{ hydroStation(id: "${STATION}") { division { code } } }`;
    const first = (await ask(text)).data;
    Object.assign(first.hydroStation as Data, { division: 'scribbled' });
    expect((await ask(text)).data).toEqual({ hydroStation: { division: { code: '431103' } } });
  });

  test('without a context is a coded error', async () => {
    const { errors } = await ask('{ hydroStations { totalCount } }', {}, null as never);
    expect(errors[0]?.extensions.code).toBe('HUB_INTERNAL');
  });
});
