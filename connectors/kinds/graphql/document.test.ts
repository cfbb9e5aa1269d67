// The documents that are written for a GraphQL service: exactly the columns that are read, arguments as variables or literals.
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Kind, parse, type SelectionSetNode } from 'graphql';
import type { SelectRequest, SourceSettings } from '../../kit/contract.ts';
import { known, type Reply, readAll } from '../../kit/web/service.fixture.ts';
import { toSelection } from './selection.ts';
import {
  isIntrospection,
  type Posted,
  toHarness,
  toPosted,
  toService,
  toSettings,
} from './service.fixture.ts';
import { toDocument } from './write-document.ts';

const harness = toHarness();
afterEach(harness.closeAll);

const EMPTY: Reply = {
  body: { data: { sites: { nodes: [], count: { all: 0 }, pageInfo: { hasNextPage: false } } } },
};
const RELAY = {
  request: { root: 'sites', args: { first: { slot: 'page.size' }, after: { slot: 'page.token' } } },
  paging: { by: 'token', size: 50, next: 'pageInfo.endCursor', more: 'pageInfo.hasNextPage' },
};
const OFF: Reply = { status: 400, body: { errors: [{ message: 'GraphQL introspection is not allowed' }] } };
const askWith = async (
  object: SourceSettings['options'],
  request: Partial<SelectRequest>,
  introspection: Reply = OFF,
): Promise<Posted> => {
  const service = await harness.serve((asked) => (isIntrospection(asked) ? introspection : EMPTY));
  await readAll(await harness.open(service.url, object), request);
  const posted = service.asked.map(toPosted).find(({ query }) => !query.includes('__schema'));
  if (posted === undefined) throw new Error('no page was asked for');
  return posted;
};
const queryFor = async (object: SourceSettings['options'], request: Partial<SelectRequest>) =>
  (await askWith(object, request)).query;

describe('what is selected', () => {
  test.each<[string, Partial<SelectRequest>, string]>([
    ['plain columns', { columns: ['projectCode', 'name'] }, 'projectCode name'],
    [
      'dots as nesting',
      { columns: ['contractor.name', 'a', 'contractor.uscc'] },
      'contractor { name uscc } a',
    ],
    ['an element of a list by its list', { columns: ['tags.0', 'parts.1.no'] }, 'tags parts { no }'],
    [
      'lists that are taken apart, with what is read of their elements',
      { columns: ['code', 'cranes'], items: { cranes: ['no', 'maker.name', '^.code'.slice(2)] } },
      'code cranes { no maker { name } code }',
    ],
    ['a list within an object', { columns: ['a.list'], items: { 'a.list': ['x'] } }, 'a { list { x } }'],
    ['what comes with every record is not asked for', { columns: ['a', '@receivedAt'] }, 'a'],
    ['no column at all', { columns: [] }, '__typename'],
  ])('%s', async (_, request, selected) => {
    expect(await queryFor({}, request)).toBe(`query { sites { nodes { ${selected} } } }`);
  });

  test('what paging looks at stands beside the records', async () => {
    expect(await queryFor(RELAY, { columns: ['a'] })).toBe(
      'query { sites(first: 50) { nodes { a } pageInfo { endCursor hasNextPage } } }',
    );
    const paging = { by: 'offset', size: 5, total: 'count.all' };
    expect(await queryFor({ paging }, { columns: ['a'] })).toBe(
      'query { sites { nodes { a } count { all } } }',
    );
  });

  test.each(['数量', 'a b', 'a.b-c', '1a'])(
    'a column %s is no name of GraphQL: refused before anything is asked',
    async (column) => {
      const service = await harness.serve(() => EMPTY);
      const source = await harness.open(service.url, RELAY);
      await expect(readAll(source, { columns: [column] })).rejects.toMatchObject({
        code: 'HUB_SOURCE_SHAPE',
        place: { column },
      });
      expect(service.asked).toEqual([]);
    },
  );

  test('any columns give a document that asks exactly those', () => {
    const segment = fc.stringMatching(/^[a-z][A-Za-z0-9_]{0,4}$/);
    const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((all) => all.join('.'));
    const [object] = toSettings('http://x', {}).objects;
    expect(object?.name).toBe('list');
    fc.assert(
      fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 12 }), (columns) => {
        const place = { unit: 'test', source: 'api' };
        const spec = { request: { root: 'sites', args: {} }, records: 'nodes', paging: null, place };
        const selection = toSelection({ object: { ...EMPTY_OBJECT, ...spec }, columns }, null);
        const { query } = toDocument(spec.request, {}, null, selection);
        const [definition] = parse(query).definitions;
        if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('is no operation');
        const leaves = toLeaves(definition.selectionSet).map((leaf) => leaf.replace(/^sites\.nodes\./, ''));
        // A path that leads on is nesting; the others are leaves.
        const wanted = columns.filter((one) => !columns.some((other) => other.startsWith(`${one}.`)));
        expect([...leaves].sort()).toEqual([...wanted].sort());
      }),
    );
  });
});

describe('arguments', () => {
  const SDL = `
    scalar DateTime enum Stage { MAIN DONE } input Range { from: DateTime! to: DateTime }
    type Site { a: String } type PageInfo { endCursor: String hasNextPage: Boolean! }
    type Sites { nodes: [Site!]! pageInfo: PageInfo! }
    type Query { sites(first: Int!, after: String, in: [Stage!], range: Range, text: String): Sites }`;
  const root = { sites: () => ({ nodes: [], pageInfo: { hasNextPage: false } }) };
  const args = {
    first: { slot: 'page.size' },
    after: { slot: 'page.token' },
    in: ['MAIN'],
    range: { from: { slot: 'window.from', format: 'isoOffset' }, to: null },
    text: known('a"b\\c\n{}'),
  };
  const object = { ...RELAY, request: { root: 'sites', args } };
  const request = {
    columns: ['a'],
    span: { from: '2026-04-05T00:00:00Z', to: '2026-04-05T01:00:00Z' },
  };

  test('are variables of the types that the service declares; it is asked for them once', async () => {
    const service = await harness.serve(toService(SDL, root));
    const source = await harness.open(service.url, object);
    await readAll(source, request);
    await readAll(source, request);
    const [introspection, ...posted] = service.asked.map(toPosted);
    expect(introspection?.query).toContain('__schema');
    expect(posted).toHaveLength(2);
    expect(posted[0]).toEqual({
      query:
        'query ($first: Int!, $in: [Stage!], $range: Range, $text: String) { sites(first: $first, in: $in, range: $range, text: $text) { nodes { a } pageInfo { endCursor hasNextPage } } }',
      variables: {
        first: 50,
        in: ['MAIN'],
        range: { from: '2026-04-05T08:00:00+08:00', to: null },
        text: 'a"b\\c\n{}',
      },
    });
  });

  test('are literals where introspection is switched off', async () => {
    const { query, variables } = await askWith(object, request);
    expect(query).toContain(
      'sites(first: 50, in: ["MAIN"], range: {from: "2026-04-05T08:00:00+08:00", to: null}, text: "a\\"b\\\\c\\n{}")',
    );
    expect(variables).toEqual({});
    expect(() => parse(query)).not.toThrow();
  });

  test.each([
    [{ root: 'site', args: { first: 1 } }, 'no root field site; did you mean "sites"?'],
    [{ root: 'sites', args: { frist: 1 } }, 'sites takes no argument frist; did you mean "first"?'],
  ])('of %j are refused with the nearest name', async (wrong, words) => {
    const service = await harness.serve(toService(SDL, root));
    const source = await harness.open(service.url, { request: wrong });
    await expect(readAll(source, request)).rejects.toMatchObject({
      code: 'HUB_SOURCE_SHAPE',
      message: expect.stringContaining(words),
    });
  });

  test.each([
    [{ root: 'a b' }],
    [{ root: 'sites', args: { 'a-b': 1 } }],
    [{ root: 'sites', args: { a: [{ 'b c': 1 }] } }],
  ])('that are no names are refused when the source is opened: %j', async (wrong) => {
    await expect(harness.open('http://127.0.0.1:9', { request: wrong })).rejects.toMatchObject({
      code: 'HUB_CONFIG_INVALID',
    });
  });
});

const EMPTY_OBJECT = {
  windowMs: null,
  asksSpan: false,
  takesSize: false,
  unwrap: [],
  print: '',
  reader: { as: 'document', codec: { name: 'json', decode: () => ({ value: null, repaired: [] }) } },
} as const;

function toLeaves({ selections }: SelectionSetNode): readonly string[] {
  return selections.flatMap((selection) => {
    if (selection.kind !== Kind.FIELD) throw new Error('only fields are selected');
    const { name, selectionSet } = selection;
    if (selectionSet === undefined) return [name.value];
    return toLeaves(selectionSet).map((leaf) => `${name.value}.${leaf}`);
  });
}
