// What a GraphQL service says that it has, and what is made of a service that does not say.
import { afterEach, describe, expect, test } from '@jest/globals';
import type { SourceSettings } from '../../kit/contract.ts';
import type { Reply } from '../../kit/web/service.fixture.ts';
import { isIntrospection, toConnection, toHarness, toPosted, toService } from './service.fixture.ts';

const harness = toHarness();
afterEach(harness.closeAll);

const SDL = `
  scalar DateTime scalar LocalDateTime scalar Decimal scalar JSON scalar Odd
  enum Stage { MAIN }
  type Person { name: String boss: Person }
  type Crane { deviceNo: ID! moment: Float }
  type Site { projectCode: ID! workers: Int! area: Decimal stage: Stage open: Boolean at: DateTime local: LocalDateTime
    extra: JSON odd: Odd tags: [String!]! manager: Person cranes: [Crane!] photo(size: Int!): String short(length: Int = 3): String }
  type PageInfo { endCursor: String hasNextPage: Boolean! }
  type Sites { nodes: [Site!]! pageInfo: PageInfo! count: Int }
  type Query { sites(first: Int, after: String): Sites pits: [Crane!] }`;
const SITES = [
  { projectCode: 'yz1', workers: 3, tags: ['a'], manager: { name: '张三' }, cranes: [{ deviceNo: 'C1' }] },
  { projectCode: 'yz2', workers: 0, tags: [], cranes: null },
];
const RELAY = {
  request: { root: 'sites', args: { first: { slot: 'page.size' }, after: { slot: 'page.token' } } },
  paging: { by: 'token', size: 50, next: 'pageInfo.endCursor', more: 'pageInfo.hasNextPage' },
};
const open = async (
  answer: Parameters<typeof harness.serve>[0],
  object: SourceSettings['options'] = RELAY,
) => {
  const service = await harness.serve(answer);
  return { service, source: await harness.open(service.url, object) };
};
const truth = toService(SDL, { sites: (args: object) => toConnection(SITES, args) });

describe('what is there', () => {
  test('is told by introspection: columns with their kinds, nested ones, lists, the key, and a few records', async () => {
    const { source } = await open(truth);
    const [shape] = await source.describe(['list']);
    expect(shape?.columns.map(({ name, kind, nullable }) => `${name} ${kind}${nullable ? '' : '!'}`)).toEqual(
      [
        ...[
          'projectCode text!',
          'workers integer!',
          'area decimal',
          'stage text',
          'open boolean',
          'at timestamptz',
        ],
        ...['local timestamp', 'extra json', 'odd other', 'tags json!', 'manager.name text'],
        ...['manager.boss json', 'cranes json', 'cranes.deviceNo text!', 'cranes.moment float', 'short text'],
      ],
    );
    expect(shape).toMatchObject({ name: 'list', key: ['projectCode'], rows: null });
    expect(shape?.columns.find(({ name }) => name === 'cranes')?.native).toBe('[Crane]');
    expect(shape?.sample).toMatchObject([
      { projectCode: 'yz1', workers: 3, manager: { name: '张三' }, cranes: [{ deviceNo: 'C1' }] },
      { projectCode: 'yz2', cranes: null },
    ]);
  });

  test('is also every root field that the manifest does not name', async () => {
    const { source } = await open(truth);
    const shapes = await source.describe();
    expect(shapes.map(({ name }) => name)).toEqual(['list', 'pits']);
    expect(shapes[1]?.columns.map(({ name }) => name)).toEqual(['deviceNo', 'moment']);
  });

  test('is told without records where their page is refused', async () => {
    const { source } = await open((asked) =>
      isIntrospection(asked) ? truth(asked) : { body: { data: null, errors: [{ message: 'no' }] } },
    );
    const [shape] = await source.describe(['list']);
    expect(shape?.columns).not.toHaveLength(0);
    expect(shape?.sample).toBeUndefined();
  });

  test.each([
    ['a root field', { request: { root: 'site' } }, 'no root field site; did you mean "sites"?'],
    ['a list', { request: { root: 'sites' }, records: 'edges.node' }, 'has nothing at edges.node'],
  ])('lacks %s that the manifest names: HUB_SOURCE_SHAPE', async (_, object, words) => {
    const { source } = await open(truth, object);
    await expect(source.describe()).rejects.toMatchObject({
      code: 'HUB_SOURCE_SHAPE',
      message: expect.stringContaining(words),
    });
  });

  test('lacks what nobody has', async () => {
    const { source } = await open(truth);
    await expect(source.describe(['pit'])).rejects.toMatchObject({
      code: 'HUB_SOURCE_SHAPE',
      message: expect.stringContaining('did you mean "pits"?'),
    });
  });
});

test.each<[string, Reply]>([
  [
    'switched off',
    { status: 400, body: { errors: [{ message: 'introspection is not allowed 13900000000' }] } },
  ],
  ['switched off by a gateway', { status: 403, body: '<html>13900000000</html>' }],
  ['empty', { body: { data: { __schema: null } } }],
  ['no GraphQL', { body: '<html>13900000000</html>' }],
])('introspection that is %s is told with its reason', async (_, reply) => {
  const { source, service } = await open(() => reply);
  const error = await source.describe().catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: 'HUB_SOURCE_CONTRACT',
    message: expect.stringContaining('introspection is switched off'),
  });
  expect(String(error)).not.toContain('139');
  expect(service.asked.map((asked) => toPosted(asked).query.includes('__schema'))).toEqual([true]);
});
