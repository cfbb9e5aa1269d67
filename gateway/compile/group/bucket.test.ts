// `bucket` on lists of readings: of each thing's readings in a bucket the newest one.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { type Ask, toAsk } from '../../subschema/fixtures/ask.ts';
import { type City, openCity } from '../fixtures/open-city.ts';

let city: City;
let ask: Ask;
beforeAll(async () => {
  city = await openCity();
  ask = toAsk(city.reader);
});
afterAll(() => city.close());

type List = {
  readonly nodes: readonly { readonly id: string }[];
  readonly totalCount: number;
  readonly pageInfo: Record<string, unknown>;
};

const LIST = '{ nodes { id } totalCount pageInfo { hasNextPage hasPreviousPage endCursor startCursor } }';

/** Stations by their last two digits, times by hour and minute. */
function toShort({ nodes }: List): readonly string[] {
  return nodes.map(({ id }) => id.replace(/^hydrology:\w+:615120(\d\d)~.*T(\d\d:\d\d):00Z$/, '$1 $2'));
}

async function list(args: string): Promise<List> {
  const before = city.statements.length;
  const { data } = await ask(`{ a: riverReadings(${args}) ${LIST} }`);
  if (data.a instanceof Error) throw data.a;
  expect(city.statements.length - before).toBe(1);
  return data.a as List;
}

const OF_TWO = 'where: { station: { rank: { lt: 2 } } }';
const HOURS = ['23:50', '00:55', '01:55', '02:05'];
const EACH = HOURS.flatMap((time) => [`00 ${time}`, `01 ${time}`]);

describe('a list of readings with a bucket', () => {
  test('has of each thing the newest reading of each hour, oldest first', async () => {
    const found = await list(`${OF_TWO}, bucket: "PT1H"`);
    expect(toShort(found)).toEqual(EACH);
    expect(found.totalCount).toBe(8);
  });

  test('has one a day of local time', async () => {
    expect(toShort(await list(`${OF_TWO}, bucket: "P1D"`))).toEqual(['00 02:05', '01 02:05']);
    expect((await list('bucket: "P1D"')).totalCount).toBe(6);
  });

  test('is the whole list where no two readings share a bucket', async () => {
    expect((await list('bucket: "PT5M"')).totalCount).toBe(174);
    expect((await list('bucket: "PT1S"')).totalCount).toBe(174);
  });

  test('takes the newest of those that fulfil the condition', async () => {
    const where =
      'where: { station: { rank: { eq: 0 } }, flow: { lt: 30 }, observedAt: { gte: "2026-04-01T00:00:00Z" } }';
    expect(toShort(await list(`${where}, bucket: "PT1H"`))).toEqual(['00 00:55', '00 01:15']);
  });

  test('can be ordered otherwise', async () => {
    expect(
      toShort(
        await list(`${OF_TWO}, bucket: "PT1H", orderBy: [{ stage: DESC }, { station: { rank: DESC } }]`),
      ),
    ).toEqual([...EACH].reverse());
  });

  test('is read page by page, in both directions', async () => {
    const first = await list(`${OF_TWO}, bucket: "PT1H", first: 3`);
    expect(toShort(first)).toEqual(EACH.slice(0, 3));
    expect(first).toMatchObject({ totalCount: 8, pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    const next = await list(`${OF_TWO}, bucket: "PT1H", first: 5, after: "${first.pageInfo.endCursor}"`);
    expect(toShort(next)).toEqual(EACH.slice(3));
    expect(next).toMatchObject({ totalCount: 8, pageInfo: { hasNextPage: false, hasPreviousPage: true } });
    const last = await list(`${OF_TWO}, bucket: "PT1H", last: 2`);
    expect(toShort(last)).toEqual(EACH.slice(6));
    const before = await list(`${OF_TWO}, bucket: "PT1H", last: 2, before: "${last.pageInfo.startCursor}"`);
    expect(toShort(before)).toEqual(EACH.slice(4, 6));
  });

  test('decides between two readings of one time by their keys, as the latest does', async () => {
    await city.run(
      `update hydrology.river_reading set _observed_at = '2026-04-01T02:05:00Z' where _key = '61512000~2026-04-01T02:00:00Z'`,
    );
    const { data } = await ask(
      '{ hydroStation(id: "hydrology:HydroStation:61512000") { latestRiver { id } river(bucket: "PT1H", last: 1) { nodes { id } } } }',
    );
    await city.run(`update hydrology.river_reading set _observed_at = observed_at`);
    const newest = { id: 'hydrology:RiverReading:61512000~2026-04-01T02:05:00Z' };
    expect(data.hydroStation).toEqual({ latestRiver: newest, river: { nodes: [newest] } });
  });

  test('stands below things and divisions too', async () => {
    const { data } = await ask(
      `{ hydroStations(first: 2) { nodes { river(bucket: "PT1H", last: 2) ${LIST} } } _hydrologyDivisions(codes: ["431102", "431103"]) { riverReadings(bucket: "PT2H") ${LIST} } }`,
    );
    const { nodes } = data.hydroStations as { readonly nodes: readonly { readonly river: List }[] };
    expect(nodes.map(({ river }) => toShort(river))).toEqual([
      ['00 01:55', '00 02:05'],
      ['01 01:55', '01 02:05'],
    ]);
    const divisions = data._hydrologyDivisions as readonly { readonly riverReadings: List }[];
    expect(divisions.map(({ riverReadings }) => toShort(riverReadings))).toEqual([
      ['00 23:50', '00 01:55', '00 02:05'],
      ['01 23:50', '01 01:55', '01 02:05'],
    ]);
  });

  test('is the same statement for every length', async () => {
    const before = city.statements.length;
    for (const bucket of ['PT1H', 'P1D', 'PT90S']) await list(`bucket: "${bucket}"`);
    const texts = city.statements.slice(before).map(({ text }) => text);
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).not.toMatch(/3600|86400/);
  });
});

describe('a bucket that is none', () => {
  test.each([
    [
      'PT0S',
      'HUB_QUERY_LIMIT: Argument "bucket" must be more than PT0S and at most P366D, in whole seconds, but got: PT0S',
    ],
    [
      '-PT1H',
      'HUB_QUERY_LIMIT: Argument "bucket" must be more than PT0S and at most P366D, in whole seconds, but got: -PT1H',
    ],
    [
      'PT-1H',
      'HUB_QUERY_LIMIT: Argument "bucket" must be more than PT0S and at most P366D, in whole seconds, but got: PT-1H',
    ],
    [
      'PT0.5S',
      'HUB_QUERY_LIMIT: Argument "bucket" must be more than PT0S and at most P366D, in whole seconds, but got: PT0.5S',
    ],
    [
      'P367D',
      'HUB_QUERY_LIMIT: Argument "bucket" must be more than PT0S and at most P366D, in whole seconds, but got: P367D',
    ],
    [
      'P1M',
      'HUB_QUERY_INVALID: Argument "bucket" must be an ISO 8601 duration without months, such as PT1H, but got: P1M',
    ],
    [
      "PT1H'; drop table x; --",
      'HUB_QUERY_INVALID: Argument "bucket" must be an ISO 8601 duration without months, such as PT1H, but got: PT1H\'; drop table x;',
    ],
  ])('%s is refused by its name, before any statement', async (bucket, message) => {
    const { data } = await ask(
      'query ($b: Duration) { a: hydroStations(first: 1) { nodes { river(bucket: $b) { totalCount } } } b: riverReadings(bucket: $b) { totalCount } c: riverReadingsAggregate(groupBy: [{ stage: true }, { observedAt: { bucket: $b } }]) { count } }',
      { b: bucket },
    );
    const { nodes } = data.a as { readonly nodes: readonly { readonly river: unknown }[] };
    const shown = (fault: unknown) =>
      fault instanceof GraphQLError ? `${fault.extensions.code}: ${fault.message}` : fault;
    expect([nodes[0]?.river, data.b].map(shown)).toEqual([message, message]);
    expect(shown(data.c)).toBe(message.replace('"bucket"', '"groupBy[1].observedAt.bucket"'));
  });
});
