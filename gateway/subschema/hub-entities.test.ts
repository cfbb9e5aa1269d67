import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openStitched, type Stitched } from './fixtures/open-stitched.ts';

let world: Stitched;
beforeAll(async () => {
  world = await openStitched();
});
afterEach(() => world.setAway(false));
afterAll(() => world.close());

type Node = { id: string; source: object } | null;
type Nodes = { nodes: Node[] };
type Near = { nearby: { distanceKm: number; entity: { id: string } }[] };

const station = (index: number): string => `hydrology:HydroStation:${61512000 + index}`;
const COMPLETE = 'source { freshness } location { lon } division { code name }';

describe('anything by its id', () => {
  test('answers fields of the interface, fragments of types, and the hub’s own divisions', async () => {
    const { data, errors, requests } = await world.ask(
      `{ node(id: "${station(1)}") { __typename id ${COMPLETE} ... on HydroStation { name rank } ... on Reservoir { code } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toHaveProperty('node', {
      __typename: 'HydroStation',
      id: station(1),
      source: { freshness: 'LATE' },
      location: { lon: 111.501 },
      division: { code: '431103', name: '冷水滩区' },
      name: '道县"站"\\1\n',
      rank: 1,
    });
    expect(requests).toEqual(['hub', 'hydrology', 'hub']);
  });

  test('its id and type alone ask no unit, and are given only where a row lives', async () => {
    const { data, requests, hubStatements } = await world.ask(
      `{ here: node(id: "${station(1)}") { id __typename } gone: node(id: "${station(5)}") { id } none: node(id: "${station(77)}") { id } }`,
    );
    expect(data).toEqual({ here: { id: station(1), __typename: 'HydroStation' }, gone: null, none: null });
    expect([requests, hubStatements.length]).toEqual([['hub'], 1]);
  });

  test.each([
    ['nothing', ''],
    ['no id', 'HydroStation'],
    ['a unit that does not exist', 'moon:Crater:1'],
    ['a type of another unit', 'water:HydroStation:61512001'],
    ['a key with a NUL', 'hydrology:HydroStation:6151\0'],
    ['half a surrogate pair', 'hydrology:HydroStation:\ud800'],
    ['a quote', `hydrology:HydroStation:' or ''='`],
  ])('is null for %s', async (_what, id) => {
    const { data, errors } = await world.ask('query ($id: ID!) { node(id: $id) { id } }', { id });
    expect([data, errors]).toEqual([{ node: null }, undefined]);
  });

  test('is an error where nothing of its type has arrived yet: that is not the same as none', async () => {
    await world.city.run(
      "update hub.type_state set last_complete_at = null, rows_landed = 0 where type = 'FloodTravel'",
    );
    const id = 'hydrology:FloodTravel:1~2';
    const { data, errors } = await world.ask(`{ nodes(ids: ["${station(1)}", "${id}"]) { id } }`);
    expect(data).toEqual({ nodes: [{ id: station(1) }, null] });
    expect(errors).toMatchObject([
      { path: ['nodes', 1], extensions: { code: 'HUB_UNIT_NOT_LOADED', unit: 'hydrology', retryable: true } },
    ]);
  });
});

describe('many by their ids', () => {
  test('are one statement of the hub and one request to each unit, whatever their number', async () => {
    const ids = [
      ...Array.from({ length: 12 }, (_none, index) => station(index)),
      'water:Reservoir:R1',
      'water:Reservoir:R3',
    ];
    const { data, errors, requests, hubStatements, sources } = await world.ask<Nodes>(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { id ${COMPLETE} ... on HydroStation { name } ... on Reservoir { code } } }`,
      { ids },
    );
    expect(errors).toBeUndefined();
    expect(data.nodes.map((node) => node?.id ?? null)).toEqual(
      ids.map((id) => (id === station(5) ? null : id)),
    );
    expect(data.nodes[12]).toMatchObject({ code: 'R1', division: { name: '道县' } });
    expect(requests.filter((name) => name !== 'hub').sort()).toEqual(['hydrology', 'water']);
    expect(hubStatements).toHaveLength(1);
    expect(sources.map(({ unit, requests: count, rows }) => [unit, count, rows]).sort()).toEqual([
      ['hydrology', 1, 11],
      ['water', 1, 2],
    ]);
  });

  test('of several types of one unit are one request to it too', async () => {
    const ids = [
      station(1),
      'hydrology:StationAlarm:A0',
      `hydrology:RiverReading:61512001~2026-03-31T23:40:00Z`,
    ];
    const { data, requests } = await world.ask<Nodes>(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { id source { nativeKey } } }`,
      { ids },
    );
    expect(data.nodes.map((node) => node?.source)).toHaveLength(3);
    expect(requests).toEqual(['hub', 'hydrology']);
  });

  test('keep their order and number, whatever is in the list and how often', async () => {
    const any = fc.constantFrom(
      station(0),
      station(5),
      station(9),
      'water:Reservoir:R2',
      'water:Reservoir:none',
      'x',
      '',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(any, { maxLength: 12 }), async (ids) => {
        const { data, errors } = await world.ask<Nodes>(
          'query ($ids: [ID!]!) { nodes(ids: $ids) { id divisionBasis: __typename source { via } } }',
          { ids },
        );
        const living = new Set([station(0), station(9), 'water:Reservoir:R2']);
        expect(errors).toBeUndefined();
        expect(data.nodes.map((node) => node?.id ?? null)).toEqual(
          ids.map((id) => (living.has(id) ? id : null)),
        );
      }),
      { numRuns: 25 },
    );
  });

  test('are at most a thousand in one operation, and what is refused leaves the rest alone', async () => {
    const ids = Array.from({ length: 1000 }, (_none, index) => station(index));
    const text = 'query ($ids: [ID!]!, $one: ID!) { nodes(ids: $ids) { id } node(id: $one) { id } }';
    const fits = await world.ask<Nodes>(text, { ids: ids.slice(1), one: station(1) });
    expect([fits.errors, fits.data.nodes.length]).toEqual([undefined, 999]);
    const { data, errors } = await world.ask(text, { ids: [...ids, 'x'], one: station(1) });
    expect(data).toEqual({ nodes: null, node: { id: station(1) } });
    expect(errors).toMatchObject([{ path: ['nodes'], extensions: { code: 'HUB_QUERY_LIMIT', unit: 'hub' } }]);
    expect(errors?.[0]?.message).toContain('"nodes" asks for 1001 entities');
  });
});

describe('what is near a point', () => {
  const around = (args: string, fields = 'distanceKm entity { id }') => `{ nearby(${args}) { ${fields} } }`;
  const HERE = 'point: { lon: 111.5, lat: 25.5 }';

  test('is found over all units, nearest first, at one distance by id, with one statement', async () => {
    const { data, errors, hubStatements } = await world.ask(around(`${HERE}, radiusKm: 2.1`));
    expect(errors).toBeUndefined();
    expect(data).toHaveProperty('nearby', [
      { distanceKm: 0, entity: { id: station(0) } },
      { distanceKm: 0, entity: { id: 'water:Reservoir:R1' } },
      { distanceKm: 0.1, entity: { id: station(1) } },
      // 2 has no place, 5 is gone.
      { distanceKm: 0.903, entity: { id: station(3) } },
      { distanceKm: 1.606, entity: { id: station(4) } },
      { distanceKm: 2.007, entity: { id: 'water:Reservoir:R2' } },
    ]);
    expect(hubStatements).toHaveLength(1);
  });

  test('carries what its units know of it, one request each', async () => {
    const { data, requests } = await world.ask(
      around(
        `${HERE}, radiusKm: 1, first: 2`,
        `distanceKm entity { ... on HydroStation { name latestRiver { stage } } ... on Reservoir { code } source { unit { name } } }`,
      ),
    );
    expect(data).toHaveProperty('nearby', [
      {
        distanceKm: 0,
        entity: { name: '站0', latestRiver: { stage: 102.9 }, source: { unit: { name: '名' } } },
      },
      { distanceKm: 0, entity: { code: 'R1', source: { unit: { name: '名' } } } },
    ]);
    expect(requests.filter((name) => name !== 'hub').sort()).toEqual(['hydrology', 'water']);
  });

  test('of some types only; of none asked there is none', async () => {
    const { data } = await world.ask(
      `{ some: nearby(${HERE}, radiusKm: 3, types: ["Reservoir", "Reservoir"]) { entity { id } } none: nearby(${HERE}, radiusKm: 3, types: []) { entity { id } } }`,
    );
    expect(data).toEqual({
      some: [{ entity: { id: 'water:Reservoir:R1' } }, { entity: { id: 'water:Reservoir:R2' } }],
      none: [],
    });
  });

  test('is nothing far from the city, and at the poles', async () => {
    const { data, errors } = await world.ask(
      '{ a: nearby(point: { lon: -0.1, lat: 51.5 }, radiusKm: 100) { distanceKm } b: nearby(point: { lon: 111.5, lat: 90 }, radiusKm: 100) { distanceKm } }',
    );
    expect([data, errors]).toEqual([{ a: [], b: [] }, undefined]);
  });

  test('never gives away a place that is masked for who asks', async () => {
    // Every alarm lies here, and its place is personal.
    const here = 'point: { lon: 111.512345, lat: 25.523456 }';
    const { data } = await world.ask(around(`${here}, radiusKm: 1`));
    expect(JSON.stringify(data)).not.toContain('StationAlarm');
    const named = await world.ask(around(`${here}, radiusKm: 1, types: ["StationAlarm"]`));
    expect(named.errors).toMatchObject([
      {
        path: ['nearby'],
        extensions: { code: 'HUB_QUERY_INVALID' },
        message: expect.stringMatching(/it may name: HydroStation, Reservoir$/),
      },
    ]);
  });

  test.each([
    ['a type that no unit has', 'types: ["Volcano"]'],
    ['a type without a place of its own', 'types: ["RiverReading"]'],
  ])('refuses %s, and says which there are', async (_what, types) => {
    const { data, errors } = await world.ask(around(`${HERE}, radiusKm: 1, ${types}`));
    expect(data).toEqual({ nearby: null });
    expect(errors).toMatchObject([{ path: ['nearby'], extensions: { code: 'HUB_QUERY_INVALID' } }]);
    expect(errors?.[0]?.message).toContain('it may name: HydroStation, Reservoir');
  });

  test.each([
    [`${HERE}, radiusKm: 0`, 'Argument "radiusKm" must be more than 0 and at most 100, but got: 0'],
    [`${HERE}, radiusKm: -1`, 'Argument "radiusKm" must be more than 0 and at most 100, but got: -1'],
    [
      `${HERE}, radiusKm: 100.001`,
      'Argument "radiusKm" must be more than 0 and at most 100, but got: 100.001',
    ],
    [
      'point: { lon: 181, lat: 25 }, radiusKm: 1',
      'Argument "point.lon" must be -180 to 180 (WGS84), but got: 181',
    ],
    [
      'point: { lon: 25, lat: 111 }, radiusKm: 1',
      'Argument "point.lat" must be -90 to 90 (WGS84), but got: 111',
    ],
    [`${HERE}, radiusKm: 1, first: -1`, 'Argument "first" must be 0 or more, but got: -1'],
    [
      `${HERE}, radiusKm: 1, first: 1001`,
      '"nearby" asks for 1001 entities; one operation may ask for 1000 by "node", "nodes" and "nearby" together: ask in several.',
    ],
  ])('refuses %s', async (args, message) => {
    const { data, errors } = await world.ask(around(args));
    expect(data).toEqual({ nearby: null });
    expect(errors).toMatchObject([{ message, path: ['nearby'], extensions: { code: 'HUB_QUERY_LIMIT' } }]);
  });

  test('finds what a naïve search of all rows finds, wherever it looks', async () => {
    const R = 6_371_008.8;
    const toMetres = (a: number[], b: number[]) => {
      const [lon1 = 0, lat1 = 0, lon2 = 0, lat2 = 0] = [...a, ...b].map(
        (degrees) => (degrees * Math.PI) / 180,
      );
      const cos = Math.sin(lat1) * Math.sin(lat2) + Math.cos(lat1) * Math.cos(lat2) * Math.cos(lon1 - lon2);
      return R * Math.acos(Math.min(1, cos));
    };
    const all = [
      ...Array.from(
        { length: 14 },
        (_none, index) => [station(index), 111.5 + (index * index) / 1000, 25.5] as const,
      ).filter((_one, index) => index !== 2 && index !== 5),
      ['water:Reservoir:R1', 111.5, 25.5] as const,
      ['water:Reservoir:R2', 111.52, 25.5] as const,
      ['water:Reservoir:R3', 111.9, 25.9] as const,
    ];
    const question = fc.record({
      lon: fc.double({ min: 111, max: 112.5, noNaN: true }),
      lat: fc.double({ min: 25, max: 26.5, noNaN: true }),
      radiusKm: fc.double({ min: 0.5, max: 100, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(question, async ({ lon, lat, radiusKm }) => {
        const { data } = await world.ask<Near>(
          'query ($point: PointInput!, $radiusKm: Float!) { nearby(point: $point, radiusKm: $radiusKm, first: 100) { distanceKm entity { id } } }',
          { point: { lon, lat }, radiusKm },
        );
        const near = all.filter(
          ([, itsLon, itsLat]) => toMetres([lon, lat], [itsLon, itsLat]) <= radiusKm * 1000,
        );
        expect(data.nearby.map(({ entity }) => entity.id).sort()).toEqual(near.map(([id]) => id).sort());
        const distances = data.nearby.map(({ distanceKm }) => distanceKm);
        expect(distances).toEqual([...distances].sort((left, right) => left - right));
      }),
      { numRuns: 40 },
    );
  });
});

test('a store that is away is an error at each of them, and divisions still answer', async () => {
  world.setAway(true);
  const { data, errors } = await world.ask(
    `{ node(id: "${station(1)}") { id } nodes(ids: ["${station(1)}", "x"]) { id } nearby(point: { lon: 111.5, lat: 25.5 }, radiusKm: 1) { distanceKm } division(code: "431124") { name } }`,
  );
  expect(data).toEqual({ node: null, nodes: null, nearby: null, division: { name: '道县' } });
  expect(errors?.map(({ path, extensions }) => [path, extensions.code, extensions.retryable])).toEqual([
    [['node'], 'HUB_STORE_UNREACHABLE', true],
    [['nodes'], 'HUB_STORE_UNREACHABLE', true],
    [['nearby'], 'HUB_STORE_UNREACHABLE', true],
  ]);
});
