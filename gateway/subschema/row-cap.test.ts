import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { type City, openCity } from '../compile/fixtures/open-city.ts';
import { type Data, toAsk } from './fixtures/ask.ts';

let city: City;
beforeAll(async () => {
  city = await openCity();
});
afterAll(() => city.close());

type List = { readonly nodes: readonly Data[]; readonly totalCount: number };

const isLimit = (value: unknown): boolean =>
  value instanceof GraphQLError && value.extensions.code === 'HUB_QUERY_LIMIT';

describe('the rows that a question could bring', () => {
  test('multiply from list to list: the list that passes the cap is refused, what is around it answered', async () => {
    const before = city.statements.length;
    const { data } = await toAsk(city.reader)(
      '{ hydroStations(first: 1000) { totalCount nodes { id river(first: 1000) { nodes { id } } rain(first: 2) { nodes { id } } } } }',
    );
    const { nodes, totalCount } = data.hydroStations as List;
    expect(totalCount).toBe(13);
    expect(nodes.every((node) => isLimit(node.river))).toBe(true);
    expect(nodes[0]).toMatchObject({ rain: { nodes: [{}, {}] } });
    expect(nodes[0]).toHaveProperty(
      'river.message',
      '"river" could bring 1,000,000 rows, after 1,000 for what stands before it; one request may ask for 100,000 (each 20 values of a row count as one): lower "first" or "last" here or in the lists around it, or ask in several requests.',
    );
    // The refused list is no part of the statement.
    expect(city.statements.slice(before).map(({ text }) => text.includes('river_reading'))).toEqual([false]);
  });

  test.each([
    [
      'in divisions',
      '_hydrologyDivisions(codes: ["431124", "431125"]) { hydroStations(first: 6) { nodes { id } } }',
    ],
    [
      'in the division of a row',
      'hydroStations(first: 2) { nodes { division { hydroStations(first: 5) { nodes { id } } } } }',
    ],
    ['of links', 'riverReadings(first: 6) { nodes { station { id } } }'],
    [
      'of rows looked up',
      '_hydrologyHydroStations(ids: ["hydrology:HydroStation:61512000", "b", "c"]) { a: latestRiver { id } b: river(last: 3) { nodes { id } } }',
    ],
    ['below edges', 'hydroStations(first: 4) { edges { node { latestRain { id } latestRiver { id } } } }'],
  ])('are counted %s', async (_where, root) => {
    const { data } = await toAsk(city.reader, { rowCap: 11 })(`{ ${root} }`);
    expect(findLimits(data)).toBeGreaterThan(0);
    const enough = await toAsk(city.reader, { rowCap: 12 })(`{ ${root} }`);
    expect(findLimits(enough.data)).toBe(0);
  });

  test('are counted over all root fields of a request; those before the cap are answered', async () => {
    const { data } = await toAsk(city.reader, { rowCap: 25 })(
      '{ a: hydroStations(first: 10) { nodes { id } } b: riverReadings(first: 16) { nodes { id } } c: rainReadings(last: 15) { nodes { id } } }',
    );
    expect([isLimit(data.a), isLimit(data.b), isLimit(data.c)]).toEqual([false, true, false]);
  });

  test('weigh more when more is asked of each', async () => {
    const many = Array.from({ length: 41 }, (_none, index) => `n${index}: name`).join(' ');
    const text = `{ hydroStations(first: 10) { nodes { ${many} } } }`;
    expect(isLimit((await toAsk(city.reader, { rowCap: 29 })(text)).data.hydroStations)).toBe(true);
    expect(isLimit((await toAsk(city.reader, { rowCap: 30 })(text)).data.hydroStations)).toBe(false);
  });
});

function findLimits(value: unknown): number {
  if (isLimit(value)) return 1;
  if (typeof value !== 'object' || value === null || value instanceof Error) return 0;
  return Object.values(value).reduce((sum: number, one) => sum + findLimits(one), 0);
}
