// Lists of a division over rows whose place was stated by code, by name or by a point: record → mapping → store → graph.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execute, type GraphQLSchema, parse } from 'graphql';
import type { SourceRecord } from '../../connectors/kit/contract.ts';
import { compileMappings } from '../../connectors/kit/mapping/compile-mappings.ts';
import { field, form, reading, unit, unitType } from '../../connectors/kit/mapping/mapping.fixture.ts';
import { openSample, type Sample } from '../../store/sample/open-sample.fixture.ts';
import { samplePage } from '../../store/sample/sample-rows.fixture.ts';
import { toStitchedSchema } from '../stitch/stitched-schema.ts';
import { CURSOR_KEY, DIVISIONS, toContext } from './fixtures/ask.ts';
import { toStoreSubschemas } from './store-subschemas.ts';

const UNIT = unit([
  unitType('Place', {
    division: [
      { by: 'code', column: 'addvcd', digits: null },
      { by: 'name', columns: ['qx', 'xz', 'c'] },
      { by: 'point', field: 'location' },
    ],
    fields: [field('code', 'text'), field('location', 'point')],
    key: ['code'],
    forms: [
      form([
        reading('code', 'text', ['no']),
        reading('location', 'point', ['lgtd', 'lttd'], {}, { point: { lon: 'lgtd', lat: 'lttd' } }),
      ]),
    ],
  }),
]);

/** The record, the division that it means, and how that is found; null is nowhere in the city. */
const ROWS: readonly (readonly [string, SourceRecord, string | null, string])[] = [
  ['code-city', { addvcd: '431100' }, '431100', 'CODE'],
  ['code-county', { addvcd: '431102' }, '431102', 'CODE'],
  ['code-town', { addvcd: '431102001000' }, '431102001', 'CODE'],
  ['code-village', { addvcd: '431102001202' }, '431102001202', 'CODE'],
  ['code-before', { addvcd: '431121' }, '431181', 'CODE'],
  ['code-town-before', { addvcd: '431121101' }, '431181', 'CODE'],
  ['code-town-today', { addvcd: '431181001' }, '431181001', 'CODE'],
  ['code-area', { addvcd: '431171001999' }, '431171001', 'CODE'],
  ['name-city', { qx: '永州市' }, '431100', 'NAME'],
  ['name-county', { qx: '零陵区' }, '431102', 'NAME'],
  ['name-town', { qx: '零陵区', xz: '朝阳街道' }, '431102001', 'NAME'],
  ['name-village', { qx: '零陵区', xz: '朝阳街道', c: '桃江村' }, '431102001202', 'NAME'],
  ['name-before', { qx: '祁阳县' }, '431181', 'NAME'],
  ['point-lingling', { lgtd: '111.621108', lttd: '26.226836' }, '431102', 'POINT'],
  ['point-qiyang', { lgtd: '111.852022', lttd: '26.58951' }, '431181', 'POINT'],
  ['point-outside', { lgtd: '112.6', lttd: '26.9' }, null, 'NONE'],
  ['nothing', {}, null, 'NONE'],
];
/** Every division that has a row of its own, and those around it. */
const ASKED = [
  '431100',
  '431102',
  '431181',
  '431171',
  '431103',
  '431102001',
  '431102102',
  '431181001',
  '431171001',
  '431102001202',
  '431102001001',
];

let sample: Sample;
let schema: GraphQLSchema;
beforeAll(async () => {
  sample = await openSample(UNIT);
  const [mapping] = compileMappings(UNIT, { divisions: DIVISIONS });
  if (mapping === undefined) throw new Error('one object is mapped');
  const context = { now: Date.parse(sample.now()), receivedAt: sample.now() };
  const rows = ROWS.flatMap(([id, record]) =>
    mapping.map({ no: id, ...record }, context).flatMap((one) => (one.kind === 'row' ? [one.row] : [])),
  );
  const feed = { unit: 'sample', source: 'main', object: 'records', strategy: 'push' } as const;
  await sample.sync(feed, samplePage(rows, { recordOf: (index) => ROWS[index]?.[1] ?? {} }));
  const { reader } = sample.store;
  const shared = { units: [UNIT], divisions: DIVISIONS, reader, cursorKey: CURSOR_KEY };
  schema = toStitchedSchema(toStoreSubschemas(shared)).schema;
});
afterAll(() => sample.close());

async function ask(text: string) {
  const context = toContext();
  const result = await execute({ schema, document: parse(text), contextValue: context });
  expect(result.errors).toBeUndefined();
  return { data: JSON.parse(JSON.stringify(result.data)), sources: context.sources };
}

/** The division and everything below it, by walking up from each row to the city. */
function toIdsIn(code: string): string[] {
  const isIn = (own: string | null): boolean =>
    own !== null && (own === code || isIn(DIVISIONS.find(own)?.parent ?? null));
  return ROWS.flatMap(([id, , own]) => (isIn(own) ? [`sample:Place:${id}`] : [])).toSorted();
}

const LIST = 'places(first: 50) { totalCount nodes { id } }';
const toList = (ids: readonly string[]) => ({ totalCount: ids.length, nodes: ids.map((id) => ({ id })) });

describe('the list of a division', () => {
  test('rests on rows that lie where their record says, by code, name or point', async () => {
    const { data } = await ask('{ places(first: 50) { nodes { id divisionBasis division { code } } } }');
    const expected = ROWS.map(([id, , code, divisionBasis]) => ({
      id: `sample:Place:${id}`,
      divisionBasis,
      division: code === null ? null : { code },
    }));
    expect(data.places.nodes).toEqual(expected.toSorted((left, right) => (left.id < right.id ? -1 : 1)));
  });

  test.each(ASKED)('%s: its own rows and those of everything below it, and no others', async (code) => {
    const { data } = await ask(`{ division(code: "${code}") { ${LIST} } }`);
    expect(data.division).toEqual({ places: toList(toIdsIn(code)) });
  });

  test('is worth comparing: the city has all, a county rows of each basis and depth, a town without rows none', () => {
    expect(toIdsIn('431100')).toHaveLength(15);
    expect(toIdsIn('431102').map((id) => id.slice('sample:Place:'.length))).toEqual([
      'code-county',
      'code-town',
      'code-village',
      'name-county',
      'name-town',
      'name-village',
      'point-lingling',
    ]);
    expect(toIdsIn('431102001')).toHaveLength(4);
    expect(toIdsIn('431102102')).toEqual([]);
  });

  test('is the same by a code that was replaced', async () => {
    const { data } = await ask(`{ division(code: "431121") { code ${LIST} } }`);
    expect(data.division).toEqual({ code: '431181', places: toList(toIdsIn('431181')) });
  });

  test('is the same among those of its level, and below its parent, with one request a hop', async () => {
    const { data, sources } = await ask(`{ divisions(level: CITY) { ${LIST} children { code ${LIST} } } }`);
    const children = DIVISIONS.children('431100').map(({ code }) => ({
      code,
      places: toList(toIdsIn(code)),
    }));
    expect(data.divisions).toEqual([{ places: toList(toIdsIn('431100')), children }]);
    expect(sources.map(({ requests }) => requests)).toEqual([2]);
    const towns = (await ask(`{ divisions(level: TOWN) { code ${LIST} } }`)).data.divisions;
    expect(towns).toEqual(
      DIVISIONS.all
        .filter(({ level }) => level === 'TOWN')
        .map(({ code }) => ({ code, places: toList(toIdsIn(code)) })),
    );
  });
});

describe('what is known of a division', () => {
  const FACTS = 'name population area centre { lon lat } boundary predecessors { code name until }';

  test('comes through the stitched graph as it is delivered, at a division and at a row’s own', async () => {
    const { data } = await ask(
      `{ division(code: "431121") { code ${FACTS} } place(id: "sample:Place:point-qiyang") { division { ${FACTS} } } }`,
    );
    const { boundary, ...facts } = DIVISIONS.facts('431181');
    const predecessors = [{ code: '431121', name: '祁阳县', until: '2021-01-20' }];
    const known = { name: '祁阳市', ...facts, boundary, predecessors };
    expect(data).toEqual({ division: { code: '431181', ...known }, place: { division: known } });
  });

  test('is null where nothing is known', async () => {
    const { data } = await ask(`{ division(code: "431102001") { ${FACTS} } }`);
    expect(data.division).toEqual({
      name: '朝阳街道',
      population: null,
      area: null,
      centre: null,
      boundary: null,
      predecessors: [],
    });
  });

  test('is refused below thousands of rows, each of which would repeat the outline; the rows themselves are answered', async () => {
    const document = parse('{ places(first: 50) { nodes { id division { code boundary } } } }');
    // As if another unit had answered before with 20,000 rows.
    const before = { unit: 'other', status: 'OK', via: 'STORE', freshness: 'LIVE', ageSeconds: 0 } as const;
    const sources = [{ ...before, milliseconds: 1, requests: 1, rows: 20_000 }];
    const { data, errors = [] } = await execute({ schema, document, contextValue: toContext({ sources }) });
    const { nodes } = JSON.parse(JSON.stringify(data)).places;
    expect(nodes[0]).toEqual({
      id: 'sample:Place:code-area',
      division: { code: '431171001', boundary: null },
    });
    expect(errors[0]).toMatchObject({
      path: ['places', 'nodes', 0, 'division', 'boundary'],
      extensions: { code: 'HUB_QUERY_LIMIT', unit: 'hub' },
    });
    expect(errors[0]?.message).toContain(`below each of ${20_000 + ROWS.length} rows`);
  });

  test('is not changed by being answered', async () => {
    const text = '{ divisions(level: COUNTY) { code boundary } }';
    const first = await ask(text);
    expect((await ask(text)).data).toEqual(first.data);
    // 11 outlines, 12,688 corners: plain enough to need no tolerance.
    expect(JSON.stringify(first.data).length).toBeLessThan(300_000);
  });
});
