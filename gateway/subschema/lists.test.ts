import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GraphQLError } from 'graphql';
import { type City, openCity } from '../compile/fixtures/open-city.ts';
import { ROWS } from '../compile/fixtures/rows.ts';
import { type Ask, toAsk } from './fixtures/ask.ts';

type Page = {
  nodes: { id: string }[];
  edges: { cursor: string; node: { id: string } }[];
  totalCount: number;
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
};

const BODY =
  '{ nodes { id } edges { cursor node { id } } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }';
const LISTS = ['hydroStations', 'riverReadings', 'stationAlarms', 'floodTravels'];

let city: City;
let ask: Ask;

beforeAll(async () => {
  city = await openCity();
  ask = toAsk(city.reader);
});

afterAll(() => city.close());

async function read(list: string, args: Record<string, unknown>): Promise<Page> {
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  const text = given.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(', ');
  const { data } = await ask(`{ list: ${list}${text === '' ? '' : `(${text})`} ${BODY} }`);
  return data.list as Page;
}

async function readAll(list: string): Promise<string[]> {
  return (await read(list, { first: 1000 })).nodes.map((node) => node.id);
}

function toIds(page: Page): string[] {
  return page.nodes.map((node) => node.id);
}

async function faultOf(text: string, variables: Record<string, unknown> = {}): Promise<GraphQLError> {
  const { data } = await ask(`query ($c: String) { list: ${text} { nodes { id } } }`, variables);
  if (!(data.list instanceof GraphQLError)) throw new Error(`no fault: ${JSON.stringify(data)}`);
  return data.list;
}

describe('a list', () => {
  test.each(LISTS)(
    '%s read page by page, forwards or backwards, gives every row once and in one order',
    async (list) => {
      const all = await readAll(list);
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 3, max: 90 }), fc.boolean(), async (size, forward) => {
          const seen: string[] = [];
          let cursor: string | undefined;
          for (let more = true; more; ) {
            const page = await read(
              list,
              forward ? { first: size, after: cursor } : { last: size, before: cursor },
            );
            if (forward) seen.push(...toIds(page));
            else seen.unshift(...toIds(page));
            more = forward ? page.pageInfo.hasNextPage : page.pageInfo.hasPreviousPage;
            cursor = forward ? page.pageInfo.endCursor : page.pageInfo.startCursor;
          }
          expect(seen).toEqual(all);
        }),
        { numRuns: 4 },
      );
    },
  );

  test('leaves out what is gone, and counts without it', async () => {
    const all = await readAll('hydroStations');
    const gone = ROWS.filter((row) => row.type === 'HydroStation' && row.gone);
    expect(all).toHaveLength(13);
    expect(all).not.toContain(`hydrology:HydroStation:${gone[0]?.key}`);
    expect((await read('hydroStations', { first: 2 })).totalCount).toBe(13);
  });

  test('without first and last gives the first 20', async () => {
    expect(toIds(await read('riverReadings', {}))).toEqual((await readAll('riverReadings')).slice(0, 20));
  });

  test('with last gives the newest rows, oldest first', async () => {
    const all = await readAll('stationAlarms');
    expect(toIds(await read('stationAlarms', { last: 3 }))).toEqual(all.slice(-3));
  });

  test('of no rows has no cursors, and knows that there is more', async () => {
    const { pageInfo, nodes } = await read('hydroStations', { first: 0 });
    expect(nodes).toEqual([]);
    expect(pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: null,
    });
  });

  test('knows in the middle that it goes on both ways, whichever way it is read', async () => {
    const { edges } = await read('hydroStations', {});
    const [after, before] = [edges[2]?.cursor, edges[9]?.cursor];
    for (const args of [
      { first: 3, after },
      { last: 3, before },
      { first: 3, after, before },
    ]) {
      expect((await read('hydroStations', args)).pageInfo).toMatchObject({
        hasNextPage: true,
        hasPreviousPage: true,
      });
    }
    const between = await read('hydroStations', { first: 9, after, before });
    expect(toIds(between)).toEqual(edges.slice(3, 9).map((edge) => edge.node.id));
  });

  test('is counted only when its count is asked', async () => {
    await ask('{ hydroStations { nodes { id } } }');
    expect(city.statements.at(-1)?.text).not.toContain('count(*)');
  });
});

describe('a cursor', () => {
  const cursorOf = async (list: string): Promise<string> =>
    (await read(list, { first: 3 })).pageInfo.endCursor;

  test('of another type, another list or another hub is refused by name', async () => {
    const [station, alarm] = [await cursorOf('hydroStations'), await cursorOf('stationAlarms')];
    const foreign = toAsk(city.reader, { cursorKey: 'cd'.repeat(32) });
    const { data } = await foreign('{ hydroStations(first: 1) { pageInfo { endCursor } } }');
    const other = (data.hydroStations as Page).pageInfo.endCursor;
    for (const c of [alarm, other]) {
      const fault = await faultOf('hydroStations(after: $c)', { c });
      expect(fault.extensions).toMatchObject({ code: 'HUB_QUERY_CURSOR', retryable: false });
      expect(fault.message).toContain('"after"');
    }
    expect((await faultOf('stationAlarms(before: $c)', { c: station })).message).toContain('"before"');
  });

  test('that was edited anywhere is refused', async () => {
    const cursor = await cursorOf('riverReadings');
    await fc.assert(
      fc.asyncProperty(
        fc.nat(cursor.length - 1),
        fc.constantFrom('A', '-', 'z', '=', ' '),
        async (at, letter) => {
          const edited = cursor.slice(0, at) + letter + cursor.slice(at + 1);
          fc.pre(edited !== cursor);
          expect((await faultOf('riverReadings(after: $c)', { c: edited })).extensions.code).toBe(
            'HUB_QUERY_CURSOR',
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  test.each(['', 'x', '\0', "' or 1=1 --", 'fHw', Buffer.from('[]|').toString('base64url')])(
    'that was never handed out (%j) is refused and reaches no statement',
    async (c) => {
      const before = city.statements.length;
      expect((await faultOf('hydroStations(first: 2, after: $c)', { c })).extensions.code).toBe(
        'HUB_QUERY_CURSOR',
      );
      expect(city.statements).toHaveLength(before);
    },
  );

  test('names a position in the order of its type, so that one cursor serves the lists of many divisions', async () => {
    const { edges } = await read('hydroStations', {});
    const text = `query ($c: String) { _hydrologyDivisions(codes: ["431102", "431103"]) { hydroStations(after: $c) { nodes { id } } } }`;
    const { data } = await ask(text, { c: edges[0]?.cursor });
    const [first, second] = data._hydrologyDivisions as { hydroStations: Page }[];
    expect(toIds((first as { hydroStations: Page }).hydroStations)).toEqual([
      'hydrology:HydroStation:61512011',
    ]);
    expect(toIds((second as { hydroStations: Page }).hydroStations)).toEqual([
      'hydrology:HydroStation:61512001',
    ]);
  });
});

describe('the limits of a list', () => {
  test.each([
    ['first: 1001', '"first" must be 0 to 1000'],
    ['first: -1', '"first" must be 0 to 1000'],
    ['last: 5000', '"last" must be 0 to 1000'],
    ['first: 1, last: 1', '"first" and "last"'],
  ])('refuse %s at the root, before any statement', async (args, message) => {
    const before = city.statements.length;
    const fault = await faultOf(`hydroStations(${args})`);
    expect(fault.extensions.code).toBe('HUB_QUERY_LIMIT');
    expect(fault.message).toContain(message);
    expect(city.statements).toHaveLength(before);
  });

  test('stand below each row at the list that broke them, and the rest is answered', async () => {
    const { data } = await ask(
      '{ hydroStations(first: 2) { nodes { id r: rain(first: 9999) { nodes { id } } } } }',
    );
    const { nodes } = data.hydroStations as { nodes: { id: string; r: GraphQLError }[] };
    expect(nodes.map((node) => node.id)).toHaveLength(2);
    expect(nodes.map((node) => node.r.extensions.code)).toEqual(['HUB_QUERY_LIMIT', 'HUB_QUERY_LIMIT']);
    expect(nodes[0]?.r.path).toBeUndefined();
    expect(nodes[0]?.r).not.toBe(nodes[1]?.r);
  });
});
