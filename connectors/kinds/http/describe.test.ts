// What a REST service says that it has: by its OpenAPI document where the manifest names one, else by a page.
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Reply, readAll } from '../../kit/web/service.fixture.ts';
import { findDoubledKey } from './openapi/doubled-key.ts';
import { toHarness } from './service.fixture.ts';

const harness = toHarness();
afterEach(harness.closeAll);

const EVENT = {
  type: 'object',
  required: ['id', 'at'],
  properties: {
    id: { type: 'string' },
    at: { type: 'string', format: 'date-time' },
    day: { type: 'string', format: 'date' },
    lanes: { type: 'integer' },
    length: { type: ['number', 'null'] },
    closed: { type: 'boolean', nullable: true },
    place: { $ref: '#/components/schemas/Place' },
    tags: { type: 'array', items: { type: 'string' } },
    vehicles: { type: 'array', items: { type: 'object', properties: { plate: { type: 'string' } } } },
    before: { $ref: '#/components/schemas/Event' },
    odd: { oneOf: [{ type: 'string' }, { type: 'integer' }] },
  },
};
const toAnswer = (schema: object) => ({
  responses: { 200: { description: '', content: { 'application/json': { schema } } } },
});
const LIST = {
  type: 'object',
  properties: { data: { type: 'array', items: { $ref: '#/components/schemas/Event' } } },
};
const API = {
  openapi: '3.0.3',
  servers: [{ url: '/api' }],
  paths: {
    '/roadEvents': { get: toAnswer(LIST) },
    '/closures/{id}': { get: toAnswer({ type: 'object', properties: { road: { type: 'string' } } }) },
  },
  components: {
    schemas: {
      Event: EVENT,
      Place: {
        allOf: [
          { type: 'object', properties: { road: { type: 'string' } } },
          { properties: { lon: { type: 'number' } } },
        ],
      },
    },
  },
};
const PAGE = {
  code: 0,
  total: 41,
  data: [
    {
      id: 'E1',
      lanes: 2,
      length: 1.5,
      closed: false,
      at: '2026-04-05T08:00:00+08:00',
      place: { road: 'G207' },
      tags: ['a'],
    },
    {
      id: '02',
      lanes: null,
      length: 2,
      closed: true,
      at: '2026-04-05T09:00:00+08:00',
      vehicles: [{ plate: '湘M' }],
    },
  ],
};
const open = async (document: unknown, object: object = {}, contract: string | null = '/v3/api-docs') => {
  const service = await harness.serve(
    ({ path }): Reply => ({ body: path === '/v3/api-docs' ? document : PAGE }),
  );
  const own = { request: { method: 'GET', path: '/roadEvents' }, records: 'data', ...object };
  return {
    service,
    source: await harness.open(`${service.url}/api/`, contract === null ? {} : { contract }, own),
  };
};

describe('an OpenAPI document tells', () => {
  test.each(['3.0.3', '3.1.0'])(
    'columns with their kinds, nested and inherited ones, and a few records (%s)',
    async (openapi) => {
      const { service, source } = await open({ ...API, openapi });
      const shapes = await source.describe();
      expect(shapes.map(({ name }) => name)).toEqual(['list', 'GET /closures/{id}']);
      expect(
        shapes[0]?.columns.map(({ name, kind, nullable }) => `${name} ${kind}${nullable ? '' : '!'}`),
      ).toEqual([
        ...[
          'id text!',
          'at timestamptz!',
          'day date',
          'lanes integer',
          'length float',
          'closed boolean',
          'place.road text',
        ],
        ...[
          'place.lon float',
          'tags json',
          'vehicles json',
          'vehicles.plate text',
          'before.id text!',
          'before.at timestamptz!',
        ],
        ...['before.day date', 'before.lanes integer', 'before.length float', 'before.closed boolean'],
        ...['before.place.road text', 'before.place.lon float', 'before.tags json', 'before.vehicles json'],
        ...['before.vehicles.plate text', 'before.before json', 'before.odd other', 'odd other'],
      ]);
      expect(shapes[0]?.sample).toHaveLength(2);
      expect(shapes[1]?.columns.map(({ name }) => name)).toEqual(['road']);
      expect(service.asked.map(({ path }) => path)).toEqual(['/v3/api-docs', '/api/roadEvents']);
    },
  );

  test('which endpoint a request with a value in its path asks', async () => {
    const { source } = await open(API, { request: { method: 'GET', path: '/closures/7' }, records: null });
    expect((await source.describe(['list']))[0]?.columns.map(({ name }) => name)).toEqual(['road']);
  });

  test.each([
    [{ request: { method: 'POST', path: '/roadEvents' } }, 'no POST /roadEvents'],
    [{ request: { method: 'GET', path: '/roadEvent' } }, 'no GET /roadEvent'],
    [{ records: 'rows' }, 'nothing at rows'],
  ])('that the manifest names what is not there: %j', async (object, words) => {
    const { source } = await open(API, object);
    await expect(source.describe()).rejects.toMatchObject({
      code: 'HUB_SOURCE_SHAPE',
      message: expect.stringContaining(words),
    });
  });
});

describe('an OpenAPI document is refused with its reason', () => {
  const text = JSON.stringify(API);
  test.each<[string, unknown, string]>([
    ['an endpoint twice', text.replace('"/closures/{id}"', '"/roadEvents"'), 'paths /roadEvents twice'],
    ['a method twice', text.replace('{"get":', '{"get":{},"get":'), 'paths /roadEvents get twice'],
    [
      'an endpoint twice in another spelling',
      text.replace('"/closures/{id}"', '"/road\\u0045vents"'),
      'twice',
    ],
    [
      'twins that differ in the name of a variable',
      { ...API, paths: { ...API.paths, '/closures/{code}': API.paths['/closures/{id}'] } },
      'GET /closures/{id} and GET /closures/{code}, which are one endpoint',
    ],
    [
      'a reference to a file',
      text.replace('#/components/schemas/Place', 'place.json'),
      'refers to another document',
    ],
    [
      'a reference to another host',
      text.replace('#/components/schemas/Place', 'http://169.254.169.254/#/x'),
      'refers to another document',
    ],
    ['an older version', { swagger: '2.0', paths: {} }, 'version 3.0 or 3.1'],
    ['no JSON', 'openapi: 3.0.3\npaths: {}', 'is refused: json: line 1'],
    [
      'nesting without end',
      `{"openapi":"3.0.0","x":${'['.repeat(9000)}${']'.repeat(9000)}}`,
      'nested more deeply',
    ],
    ['another document', [1], 'version 3.0 or 3.1'],
  ])('for %s', async (_, document, words) => {
    const { service, source } = await open(document);
    const error = await source.describe().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'HUB_SOURCE_CONTRACT', message: expect.stringContaining(words) });
    expect(String(error)).not.toContain('169.');
    expect(service.asked).toHaveLength(1);
  });

  test.each(['//elsewhere.example/x', 'http://elsewhere.example/x', 'api-docs'])(
    'when the source is opened, for a place that is not on its host: %s',
    async (contract) => {
      await expect(harness.open('http://127.0.0.1:9', { contract })).rejects.toMatchObject({
        code: 'HUB_CONFIG_INVALID',
      });
    },
  );

  test('references in a circle end', async () => {
    const schemas = { ...API.components.schemas, Place: { $ref: '#/components/schemas/Place' } };
    const { source } = await open({ ...API, components: { schemas } });
    expect((await source.describe(['list']))[0]?.columns.find(({ name }) => name === 'place')?.kind).toBe(
      'other',
    );
  });
});

test('without a document a page tells what it shows, and how many records there are', async () => {
  const paging = { by: 'page', first: 1, size: 50, total: 'total' };
  const request = {
    method: 'GET',
    path: '/roadEvents',
    query: { p: { slot: 'page.number' }, from: { slot: 'window.from', format: 'iso' } },
  };
  const { service, source } = await open(API, { request, paging }, null);
  const [shape, ...none] = await source.describe();
  expect(none).toEqual([]);
  expect(shape?.columns.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    ...[
      'id text',
      'lanes integer',
      'length decimal',
      'closed boolean',
      'at timestamptz',
      'place.road text',
      'tags json',
    ],
    ...['vehicles json', 'vehicles.plate text'],
  ]);
  expect(shape).toMatchObject({ key: [], rows: 41, sample: [{ id: 'E1' }, { id: '02' }] });
  expect(service.asked).toHaveLength(1);
  expect(service.asked[0]?.query.get('from')).toMatch(/^\d{4}-/);
  await expect(source.describe(['lists'])).rejects.toMatchObject({ code: 'HUB_SOURCE_SHAPE' });
  await expect(readAll(source)).rejects.toMatchObject({ code: 'HUB_SOURCE_UNSUPPORTED' });
});

test('a doubled key is found wherever it stands, and nowhere else', () => {
  const name = fc.stringMatching(/^[a-c"\\]{1,2}$/);
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.array(name, { maxLength: 3 }), name, (value, path, key) => {
      const around = (inner: string) =>
        path.reduceRight((text, one) => `[{${JSON.stringify(one)}: ${text}}]`, inner);
      const plain = JSON.stringify(value);
      expect(findDoubledKey(around(`{${JSON.stringify(key)}:${plain}}`))).toBeNull();
      const twice = `{${JSON.stringify(key)}:${plain},"other":1,${JSON.stringify(key)} : 2}`;
      if (key !== 'other') expect(findDoubledKey(around(twice))).toEqual([...path, key]);
    }),
  );
});
