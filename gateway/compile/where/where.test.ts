// Conditions and orders over the fixture's rows: which stand in the answer, and what is refused.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Ask, toAsk } from '../../subschema/fixtures/ask.ts';
import { type City, openCity } from '../fixtures/open-city.ts';
import { RESERVOIRS_ARE_LOADED, toInsertSql } from '../fixtures/rows.ts';

let city: City;
let ask: Ask;
beforeAll(async () => {
  city = await openCity(`${toInsertSql()}; ${RESERVOIRS_ARE_LOADED}`);
  await city.run(
    `insert into water.reservoir (code, location_lon, location_lat, _key, _source, _form, _native, _received_at, _run, _manifest, _hash, _known_from, _version, _division, _division_basis)
     values ('R1', 111.6, 25.6, 'R~1', 'fork', 0, '{}', now(), 1, 'm', '\\x00', now(), 1, '431124', 'CODE')`,
  );
  ask = toAsk(city.reader, { isMasked: () => false });
});
afterAll(() => city.close());

type List = { readonly nodes: readonly { readonly id: string }[]; readonly totalCount: number };

/** The last two digits of the stations, or the keys of what else is listed. */
async function list(root: string, args: string, variables: Record<string, unknown> = {}): Promise<string[]> {
  const head =
    Object.keys(variables).length === 0
      ? ''
      : `query Q($v: ${root.replace(/s$/, '').replace(/^h/, 'H')}Where)`;
  const { data, errors } = await ask(
    `${head} { a: ${root}(first: 100, ${args}) { totalCount nodes { id } } }`,
    variables,
  );
  if (errors.length > 0) throw errors[0];
  if (data.a instanceof Error) throw data.a;
  const { nodes, totalCount } = data.a as List;
  expect(totalCount).toBe(nodes.length);
  return nodes.map(({ id }) => id.replace(/^hydrology:\w+:(?:615120)?/, ''));
}

const stations = (where: string) => list('hydroStations', `where: ${where}`);
const ALL = ['00', '01', '02', '03', '04', '06', '07', '08', '09', '10', '11', '12', '13'];
const without = (...codes: string[]) => ALL.filter((code) => !codes.includes(code));

describe('conditions on a row’s own fields', () => {
  test.each([
    ['{ code: { eq: "61512003" } }', ['03']],
    ['{ code: { in: ["61512003", "61512005", "61512001"] } }', ['01', '03']],
    ['{ code: { in: [] } }', []],
    ['{ code: { startsWith: "6151201" } }', ['10', '11', '12', '13']],
    ['{ name: { contains: "站1" } }', ['10', '11', '12', '13']],
    ['{ name: { contains: "%" } }', []],
    ['{ name: { contains: "\\"站\\"\\\\1\\n" } }', ['01']],
    ['{ name: { contains: "" } }', ALL],
    ['{ rank: { gt: 3, lte: 7 } }', ['04', '06', '07']],
    ['{ rank: { between: [3, 6] } }', ['03', '04', '06']],
    ['{ rank: { between: [6, 3] } }', []],
    ['{ warnLevel: { isNull: true } }', ['03']],
    ['{ warnLevel: { isNull: false } }', without('03')],
    ['{ warnLevel: { ne: 181.5 } }', without('01')],
    ['{ warnLevel: { lt: 182 } }', ['00', '01']],
    ['{ inUse: { eq: false } }', ['01', '03', '07', '09', '11', '13']],
    ['{ kind: { eq: RAIN }, rank: { lt: 5 } }', ['00', '02', '04']],
    ['{ kind: { in: [OTHER] } }', ['01', '03', '07', '09', '11', '13']],
    ['{ serial: { eq: "9007199254740993" }, rank: { eq: 0 } }', ['00']],
    ['{ serial: { gt: "9007199254740993" } }', []],
    ['{ cost: { gte: "12345678901234567890.50" }, rank: { eq: 0 } }', ['00']],
    ['{ built: { lt: "1998-07-02" }, rank: { eq: 0 } }', ['00']],
    ['{ visit: { eq: "PT90M" }, rank: { eq: 0 } }', ['00']],
    ['{ checkedAt: { eq: "2026-04-05T08:30:00.5+08:00" }, rank: { eq: 0 } }', ['00']],
    ['{ tags: { has: "标7" } }', ['07']],
    ['{ tags: { isNull: true } }', ['03']],
    ['{ covers: { has: "431125100" } }', ['04']],
    ['{ id: { eq: "hydrology:HydroStation:61512001" } }', ['01']],
    ['{ id: { in: ["hydrology:HydroStation:61512001", "water:Reservoir:R~1", "x"] } }', ['01']],
    ['{ id: { eq: "water:Reservoir:61512001" } }', []],
    ['{ id: { ne: "water:Reservoir:61512001" } }', ALL],
    ['{}', ALL],
    ['null', ALL],
    ['{ rank: null }', ALL],
  ])('%s', async (where, codes) => expect(await stations(where)).toEqual(codes));
});

describe('and, or, not', () => {
  test.each([
    ['{ and: [{ rank: { gt: 2 } }, { rank: { lt: 5 } }] }', ['03', '04']],
    ['{ or: [{ rank: { lt: 1 } }, { rank: { gt: 12 } }] }', ['00', '13']],
    ['{ or: [] }', []],
    ['{ and: [] }', ALL],
    ['{ not: { rank: { lt: 10 } } }', ['10', '11', '12', '13']],
    ['{ not: { warnLevel: { lt: 1000 } } }', ['03']],
    ['{ not: { not: { warnLevel: { lt: 1000 } } } }', without('03')],
    ['{ not: { or: [{ warnLevel: { lt: 1000 } }, { rank: { eq: 3 } }] } }', []],
    ['{ not: { warnLevel: { ne: 183.5 } } }', []],
    ['{ not: { and: [{ warnLevel: { gt: 0 } }, { rank: { eq: 3 } }] } }', ALL],
    ['{ not: {} }', []],
  ])('%s', async (where, codes) => expect(await stations(where)).toEqual(codes));
});

describe('conditions on other rows', () => {
  test.each([
    ['{ latestRiver: { stage: { gt: 100 } } }', ['00', '01', '02', '03', '04']],
    ['{ latestRiver: { stage: { gt: 102.9 } } }', []],
    ['{ not: { latestRiver: {} } }', ['06', '07', '08', '09', '10', '11', '12', '13']],
    ['{ rain: { some: { amount: { gt: 3 } } } }', ['00', '01', '02']],
    ['{ river: { some: { flow: { isNull: true }, stage: { gt: 102 } } } }', ['00', '01', '02', '03', '04']],
    ['{ rain: { none: {} }, rank: { lt: 5 } }', ['03', '04']],
    ['{ floodTravelDown: { some: { downstream: { rank: { eq: 2 } } } } }', ['00', '01']],
    ['{ lastAlarm: { number: { eq: "A2" } } }', ['01']],
    ['{ lastAlarm: { number: { eq: "A1" } } }', []],
  ])('%s', async (where, codes) => expect(await stations(where)).toEqual(codes));

  test('of another unit', async () => {
    const alarms = (where: string) => list('stationAlarms', `where: ${where}`);
    expect(await alarms('{ reservoir: { code: { eq: "R1" } } }')).toEqual(['A0']);
    expect(
      await alarms('{ reservoir: { near: { point: { lon: 111.6, lat: 25.6 }, radiusKm: 1 } } }'),
    ).toEqual(['A0']);
    expect(await alarms('{ not: { reservoir: {} } }')).toEqual(['A1', 'A2', 'A3']);
  });

  test('of the thing that a reading is of', async () => {
    const where = 'where: { station: { rank: { eq: 1 } }, observedAt: { lt: "2026-03-31T23:50:00Z" } }';
    expect(await list('riverReadings', where)).toEqual([
      '01~2026-03-31T23:40:00Z',
      '01~2026-03-31T23:45:00Z',
    ]);
  });
});

describe('conditions on a place', () => {
  const square = (west: number, south: number, east: number, north: number) =>
    `[{ lon: ${west}, lat: ${south} }, { lon: ${east}, lat: ${south} }, { lon: ${east}, lat: ${north} }, { lon: ${west}, lat: ${north} }]`;

  test.each([
    ['{ near: { point: { lon: 111.5, lat: 25.5 }, radiusKm: 0.05 } }', ['00']],
    ['{ near: { point: { lon: 111.5, lat: 25.5 }, radiusKm: 1 } }', ['00', '01', '03']],
    ['{ within: { division: "431102" } }', ['00', '11']],
    [`{ within: { polygon: ${square(111.5, 25.4, 111.51, 25.6)} } }`, ['00', '01', '03']],
    // The southern edge belongs to it, the northern one does not.
    [`{ within: { polygon: ${square(111.4, 25.5, 111.502, 25.6)} } }`, ['00', '01']],
    [`{ within: { polygon: ${square(111.4, 25.4, 111.502, 25.5)} } }`, []],
    [`{ not: { within: { polygon: ${square(111, 25, 113, 26)} } } }`, ['02']],
    // A bow tie: the stations lie on the line of its crossing, to the west and to the east of it.
    [
      '{ within: { polygon: [{ lon: 111.49, lat: 25.4 }, { lon: 111.51, lat: 25.6 }, { lon: 111.51, lat: 25.4 }, { lon: 111.49, lat: 25.6 }] } }',
      ['00', '01', '03'],
    ],
  ])('%s', async (where, codes) => expect(await stations(where)).toEqual(codes));
});

describe('what cannot be answered', () => {
  const fault = async (root: string, args: string, reader: Ask = ask) => {
    const { data, errors } = await reader(`{ a: ${root}(${args}) { nodes { id } } }`);
    const error = (data.a ?? errors[0]) as {
      readonly message: string;
      readonly extensions: { readonly code: string };
    };
    return `${error.extensions.code}: ${error.message}`;
  };
  const corners = (count: number) =>
    Array.from({ length: count }, (_none, index) => `{ lon: ${100 + index / 1e4}, lat: ${index % 2} }`).join(
      ' ',
    );

  test.each([
    [
      'where: { rank: { between: [1] } }',
      'HUB_QUERY_INVALID: Argument "where.rank.between" must be a list of two, [from, to], but has: 1',
    ],
    [
      'where: { or: [{ rank: { eq: null } }] }',
      'HUB_QUERY_INVALID: Argument "where.or[0].rank.eq" must not be null: use "isNull".',
    ],
    [
      'where: { within: { division: "999999" } }',
      'HUB_QUERY_INVALID: Argument "where.within.division" names no division (GB/T 2260): 999999',
    ],
    [
      'where: { within: {} }',
      'HUB_QUERY_INVALID: Argument "where.within" must give "division" or "polygon", one of them.',
    ],
    [
      'where: { within: { polygon: [{ lon: 1, lat: 1 }, { lon: 1, lat: 1 }, { lon: 2, lat: 1 }] } }',
      'HUB_QUERY_INVALID: Argument "where.within.polygon" must have at least 3 different corners, but has: 2',
    ],
    [
      'where: { within: { polygon: [{ lon: 1, lat: 91 }] } }',
      'HUB_QUERY_LIMIT: Argument "where.within.polygon[0].lat" must be -90 to 90 (WGS84), but got: 91',
    ],
    [
      'where: { near: { point: { lon: 0, lat: 0 }, radiusKm: 0 } }',
      'HUB_QUERY_LIMIT: Argument "where.near.radiusKm" must be more than 0 and at most 1000, but got: 0',
    ],
    [
      'where: { lastAlarm: { near: { point: { lon: 0, lat: -91 }, radiusKm: 1 } } }',
      'HUB_QUERY_LIMIT: Argument "where.lastAlarm.near.point.lat" must be -90 to 90 (WGS84), but got: -91',
    ],

    [
      `where: { within: { polygon: [${corners(10_001)}] } }`,
      'HUB_QUERY_LIMIT: Argument "where.within.polygon" must have at most 10000 corners, but has: 10001',
    ],
    [
      `where: { or: [${'{ rank: { eq: 1 } } '.repeat(101)}] }`,
      'HUB_QUERY_LIMIT: Argument "where" has 101 conditions; one list may have 100.',
    ],
    [
      'orderBy: [{ rank: ASC, code: ASC }]',
      'HUB_QUERY_INVALID: Argument "orderBy[0]" must name one field, but names: 2. The order of several is that of the list.',
    ],
    [
      'orderBy: [{ code: ASC }, { latestRiver: {} }]',
      'HUB_QUERY_INVALID: Argument "orderBy[1].latestRiver" must name one field, but names: 0. The order of several is that of the list.',
    ],
    [
      `orderBy: [${'{ rank: ASC } '.repeat(9)}]`,
      'HUB_QUERY_LIMIT: Argument "orderBy" must have at most 8 fields, but has: 9',
    ],
  ])('%.60s is refused by its name', async (args, message) =>
    expect(await fault('hydroStations', args)).toBe(message),
  );

  test.each([
    'where: { phone: { startsWith: "139" } }',
    'where: { not: { and: [{ caller: { eq: "张三丰" } }] } }',
    'where: { near: { point: { lon: 111.5, lat: 25.5 }, radiusKm: 1 } }',
    'orderBy: [{ content: ASC }]',
  ])('%s would tell what this viewer sees masked', async (args) => {
    expect(await fault('stationAlarms', args, toAsk(city.reader))).toMatch(
      /^HUB_QUERY_MASKED: Argument "(?:where|orderBy)/,
    );
  });

  test('over a link, neither', async () => {
    const masked = toAsk(city.reader);
    expect(
      await fault('hydroStations', 'where: { lastAlarm: { caller: { contains: "张" } } }', masked),
    ).toMatch(/^HUB_QUERY_MASKED/);
    expect(await fault('hydroStations', 'orderBy: [{ lastAlarm: { phone: DESC } }]', masked)).toMatch(
      /^HUB_QUERY_MASKED/,
    );
  });
});

describe('values are values, whatever they hold', () => {
  test.each([
    "'; drop table hydrology.hydro_station; --",
    '$1',
    '$$',
    '\\',
    "''",
    '站\u200b0',
    'ѕ',
    '\ud83d\ude00',
  ])('%s finds nothing, and nothing happens', async (text) => {
    const where = { or: [{ name: { eq: text } }, { code: { startsWith: text } }, { tags: { has: text } }] };
    expect(await list('hydroStations', 'where: $v', { v: where })).toEqual([]);
    expect(await stations('{}')).toEqual(ALL);
  });

  test.each(['\0', 'a\0b', '\ud800'])('what no text can hold is equal to nothing', async (text) => {
    const where = (name: object) => list('hydroStations', 'where: $v', { v: { name } });
    expect(await where({ eq: text })).toEqual([]);
    expect(await where({ contains: text })).toEqual([]);
    expect(await where({ in: [text, '站0'] })).toEqual(['00']);
    expect(await where({ ne: text })).toEqual(ALL);
  });

  test('a polygon of 10,000 corners is answered', async () => {
    const corners = Array.from({ length: 10_000 }, (_none, index) => {
      const angle = (index / 10_000) * 2 * Math.PI;
      return { lon: 111.5 + 0.0035 * Math.cos(angle), lat: 25.5 + 0.0035 * Math.sin(angle) };
    });
    expect(await list('hydroStations', 'where: $v', { v: { within: { polygon: corners } } })).toEqual([
      '00',
      '01',
    ]);
  });
});

describe('order', () => {
  const ordered = (orderBy: string) => list('hydroStations', `orderBy: ${orderBy}`);

  test.each([
    ['[{ rank: DESC }]', [...ALL].reverse()],
    ['{ warnLevel: DESC }', ['03', ...[...without('03')].reverse()]],
    ['[{ warnLevel: ASC }]', [...without('03'), '03']],
    [
      '[{ inUse: ASC }, { rank: DESC }]',
      ['13', '11', '09', '07', '03', '01', '12', '10', '08', '06', '04', '02', '00'],
    ],
    ['[{ kind: DESC }]', ['00', '02', '04', '06', '08', '10', '12', '01', '03', '07', '09', '11', '13']],
    ['[{ id: DESC }]', [...ALL].reverse()],
    ['[{ latestRain: { amount: DESC } }, { code: ASC }]', [...ALL.slice(3), ...ALL.slice(0, 3)]],
    ['[]', ALL],
  ])('%s', async (orderBy, codes) => expect(await ordered(orderBy)).toEqual(codes));

  test.each([
    '[{ warnLevel: DESC }]',
    '[{ inUse: ASC }, { warnLevel: DESC }]',
    '[{ latestRiver: { stage: ASC } }]',
  ])('pages of %s are the whole list, in both directions', async (orderBy) => {
    const whole = await ordered(orderBy);
    const walk = async (size: string, edge: string, cursor: 'endCursor' | 'startCursor', more: string) => {
      const seen: string[][] = [];
      let at = '';
      for (;;) {
        const { data } = await ask(
          `{ a: hydroStations(orderBy: ${orderBy}, ${size}: 4${at === '' ? '' : `, ${edge}: "${at}"`}) { nodes { id } pageInfo { ${cursor} ${more} } } }`,
        );
        const page = data.a as List & { readonly pageInfo: Record<string, unknown> };
        seen.push(page.nodes.map(({ id }) => id.slice(-2)));
        if (page.pageInfo[more] !== true) return seen;
        at = String(page.pageInfo[cursor]);
      }
    };
    expect((await walk('first', 'after', 'endCursor', 'hasNextPage')).flat()).toEqual(whole);
    expect((await walk('last', 'before', 'startCursor', 'hasPreviousPage')).reverse().flat()).toEqual(whole);
  });

  test('a cursor of another order is refused', async () => {
    const { data } = await ask(
      '{ hydroStations(first: 1, orderBy: { rank: ASC }) { pageInfo { endCursor } } }',
    );
    const { endCursor } = (data.hydroStations as { pageInfo: { endCursor: string } }).pageInfo;
    const other = await ask(
      `{ hydroStations(after: "${endCursor}", orderBy: { rank: DESC }) { nodes { id } } }`,
    );
    expect(other.data.hydroStations).toMatchObject({ extensions: { code: 'HUB_QUERY_CURSOR' } });
  });
});

test('the same question with other values is the same statement', async () => {
  const before = city.statements.length;
  for (const rank of [1, 2, 3])
    await ask(
      'query Q($r: Int) { hydroStations(where: { rank: { gt: $r } }, orderBy: { rank: ASC }) { nodes { id } } }',
      { r: rank },
    );
  expect(new Set(city.statements.slice(before).map(({ text }) => text)).size).toBe(1);
});
