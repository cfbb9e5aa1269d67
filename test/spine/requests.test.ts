// What clients get wrong: each mistake has its code and status, none harms the process, none shows what lies behind.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { closeWorld } from './close-all.ts';
import { type Legacy, openLegacy } from './open-legacy.ts';
import { openSpine, type Spine } from './open-spine.ts';

type PageInfo = {
  hasNextPage: boolean;
  endCursor: string | null;
  hasPreviousPage: boolean;
  startCursor: string | null;
};
type Page = { nodes: { code?: string; observedAt?: string }[]; pageInfo: PageInfo };
type Stations = { hydroStations: Page | null };

const PAGE = `nodes { code } pageInfo { hasNextPage endCursor hasPreviousPage startCursor }`;
const AFTER = `query ($first: Int, $after: String) { hydroStations(first: $first, after: $after) { ${PAGE} } }`;
const BEFORE = `query ($last: Int, $before: String) { hydroStations(last: $last, before: $before) { ${PAGE} } }`;
/** Stacks, source files, statements, table and host names. */
const BEHIND =
  /\bat \S+ \(|node_modules|\.ts\b|\.js:|\bselect\b[^"]*\bfrom\b|_gone_at|hydro_station\b|st_stbprp_b|127\.0\.0\.1|postgres/i;

let legacy: Legacy;
let spine: Spine;
let codes: string[];
beforeAll(async () => {
  legacy = await openLegacy();
  spine = await openSpine({ legacy });
  await spine.firstLoad;
  const rows = await legacy.query<{ stcd: string }>(
    'select stcd from ledger.station order by stcd collate "C"',
  );
  codes = rows.map(({ stcd }) => stcd);
});
afterAll(() => closeWorld(spine, legacy));
// Whatever was asked, the next question is answered.
afterEach(async () => {
  const { data } = await spine.ask('{ hydroStations { totalCount } }');
  expect(data).toEqual({ hydroStations: { totalCount: codes.length } });
});

describe('a request that is no question to this schema', () => {
  test.each([
    ['malformed GraphQL', '{ hydroStations { nodes { id }', 400, 'HUB_QUERY_SYNTAX'],
    ['an unknown field', '{ hydroStations { nodes { colour } } }', 400, 'HUB_QUERY_INVALID'],
    ['an unknown list', '{ volcanoes { nodes { id } } }', 400, 'HUB_QUERY_INVALID'],
    [
      'a lookup that is the hub’s own',
      '{ _hydrologyHydroStations(ids: []) { id } }',
      400,
      'HUB_QUERY_INVALID',
    ],
    ['a limit that is no number', '{ hydroStations(first: "ten") { totalCount } }', 400, 'HUB_QUERY_INVALID'],
    [
      'a query of 5 MB',
      `{ hydroStations { totalCount } } #${'x'.repeat(5_000_000)}`,
      413,
      'HUB_QUERY_TOO_LARGE',
    ],
  ])('%s', async (_what, query, status, code) => {
    const answer = await spine.ask(query);
    expect([answer.status, answer.codes]).toEqual([status, [code]]);
    expect(answer.data ?? null).toBeNull();
    expect(answer.text).not.toMatch(BEHIND);
  });
});

describe('an argument that the list cannot take', () => {
  const cursorOf = async (list: string) => {
    const { data } = await spine.ask<{ [list: string]: Page }>(
      `{ ${list}(first: 2) { pageInfo { endCursor } } }`,
    );
    return data[list]?.pageInfo.endCursor ?? '';
  };
  const expectRefused = async (answer: Awaited<ReturnType<typeof spine.ask<Stations>>>, code: string) => {
    // A fault of one list is not one of the request: the rest of an answer stands.
    expect([answer.status, answer.codes, answer.data]).toEqual([200, [code], { hydroStations: null }]);
    expect(answer.errors[0]).toMatchObject({ path: ['hydroStations'], locations: [{ line: 1 }] });
    expect(answer.text).not.toMatch(BEHIND);
  };

  test.each([-1, 100_000, 1001])('first: %p, and the message names the limits', async (first) => {
    const answer = await spine.ask<Stations>(AFTER, { first });
    await expectRefused(answer, 'HUB_QUERY_LIMIT');
    expect(answer.errors[0]?.message).toBe(`Argument "first" must be 0 to 1000, but got: ${first}`);
  });

  test.each([
    ['empty', ''],
    ['no base64', 'not a cursor 🌧'],
    ['base64 of nothing that is signed', 'W10'],
    ['5,000 digits long', '0'.repeat(5000)],
  ])('a cursor that nobody handed out: %s', async (_what, after) => {
    await expectRefused(await spine.ask<Stations>(AFTER, { after }), 'HUB_QUERY_CURSOR');
  });

  test('a cursor that was edited in any one place', async () => {
    const cursor = await cursorOf('hydroStations');
    expect((await spine.ask<Stations>(AFTER, { after: cursor })).errors).toEqual([]);
    const places = fc.record({ at: fc.nat(cursor.length - 1), mark: fc.constantFrom(...'AZaz09-_=') });
    await fc.assert(
      fc.asyncProperty(places, async ({ at, mark }) => {
        fc.pre(cursor[at] !== mark);
        const after = cursor.slice(0, at) + mark + cursor.slice(at + 1);
        await expectRefused(await spine.ask<Stations>(AFTER, { after }), 'HUB_QUERY_CURSOR');
      }),
      { numRuns: 25 },
    );
  });

  test('a cursor of another list', async () => {
    const after = await cursorOf('riverReadings');
    await expectRefused(await spine.ask<Stations>(AFTER, { after }), 'HUB_QUERY_CURSOR');
  });

  test('leaves the other lists of the same request alone', async () => {
    const { status, data, errors } = await spine.ask<{ [alias: string]: unknown }>(
      '{ bad: hydroStations(first: -1) { totalCount } good: hydroStations { totalCount } division(code: "431124") { name hydroStations(after: "x") { totalCount } } }',
    );
    expect([status, data]).toEqual([
      200,
      { bad: null, good: { totalCount: codes.length }, division: { name: '道县', hydroStations: null } },
    ]);
    expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['bad'], 'HUB_QUERY_LIMIT'],
      [['division', 'hydroStations'], 'HUB_QUERY_CURSOR'],
    ]);
  });
});

describe('paging', () => {
  type Visit = { readonly seen: readonly unknown[]; readonly pages: number };
  /** Follows the cursors to the end of the list; `toPage` asks for one page. */
  async function visit(
    toPage: (cursor: string | null) => Promise<Page | null>,
    way: 'forward' | 'backward' = 'forward',
  ): Promise<Visit> {
    let seen: unknown[] = [];
    let cursor: string | null = null;
    for (let pages = 1; pages <= 100; pages += 1) {
      const page = await toPage(cursor);
      if (page === null) throw new Error('a page was refused');
      const { nodes, pageInfo } = page;
      const values = nodes.flatMap((node) => Object.values(node));
      seen = way === 'forward' ? [...seen, ...values] : [...values, ...seen];
      const [behind, ahead] =
        way === 'forward'
          ? (['hasPreviousPage', 'hasNextPage'] as const)
          : (['hasNextPage', 'hasPreviousPage'] as const);
      expect(pageInfo[behind]).toBe(cursor !== null);
      if (!pageInfo[ahead]) return { seen, pages };
      cursor = way === 'forward' ? pageInfo.endCursor : pageInfo.startCursor;
    }
    throw new Error('the list does not end');
  }

  test.each([1, 4, 7, 1000])('forward by %p visits each station once, in order', async (first) => {
    const toPage = async (after: string | null) =>
      (await spine.ask<Stations>(AFTER, { first, after })).data.hydroStations;
    expect(await visit(toPage)).toEqual({ seen: codes, pages: Math.ceil(codes.length / first) });
  });

  test('backward by 5 visits each station once, from the end', async () => {
    const toPage = async (before: string | null) =>
      (await spine.ask<Stations>(BEFORE, { last: 5, before })).data.hydroStations;
    expect(await visit(toPage, 'backward')).toEqual({ seen: codes, pages: Math.ceil(codes.length / 5) });
  });

  test('through a gauge’s readings by 100 visits each once, oldest first', async () => {
    const query = `query ($after: String) { hydroStation(id: "hydrology:HydroStation:61521090") {
      river(first: 100, after: $after) { nodes { observedAt } pageInfo { hasNextPage endCursor hasPreviousPage startCursor } } } }`;
    const toPage = async (after: string | null) =>
      (await spine.ask<{ hydroStation: { river: Page } }>(query, { after })).data.hydroStation.river;
    const truth = await legacy.query<{ at: string }>(
      `select to_char(observed_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at from ledger.settled_river where stcd = '61521090' order by 1`,
    );
    const { seen, pages } = await visit(toPage);
    expect(seen).toEqual(truth.map(({ at }) => at));
    expect(pages).toBe(3);
  });
});
