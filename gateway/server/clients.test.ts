// What front-end teams really use, against a gateway over HTTP: each reads the published schema's answers as its users expect.

import { ApolloClient, gql as apolloGql, HttpLink, InMemoryCache } from '@apollo/client/core';
import { relayStylePagination } from '@apollo/client/utilities';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client, cacheExchange, fetchExchange, gql as urqlGql } from '@urql/core';
import { ClientError, GraphQLClient } from 'graphql-request';
import { NOW } from '../compile/fixtures/rows.ts';
import { type Doors, openDoors } from '../whole/fixtures/open-doors.ts';
import { openTestGateway, type TestGateway } from './test-gateway.check.ts';

let doors: Doors;
let gateway: TestGateway;
let url: string;
beforeAll(async () => {
  doors = await openDoors();
  const { subschemas, options: whole } = doors;
  gateway = await openTestGateway({ subschemas, whole, clock: () => NOW });
  url = `${gateway.url}/graphql`;
});
afterAll(async () => {
  await gateway.close();
  await doors.close();
});

const TEXT = `
  query Stations($where: HydroStationWhere, $after: String) {
    hydroStations(where: $where, orderBy: [{ rank: DESC }], first: 2, after: $after) {
      edges { cursor node { ...Station } }
      pageInfo { hasNextPage endCursor hasPreviousPage startCursor }
    }
  }
  fragment Station on HydroStation { id name rank latestRiver { stage observedAt } division { code name } }`;

const WHERE = { rank: { lt: 4 } };
type Data = {
  readonly hydroStations: {
    readonly edges: readonly { readonly node: { readonly id: string; readonly rank: number } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
};
const toRanks = (data: Data | undefined) => data?.hydroStations.edges.map(({ node }) => node.rank);
const BROKEN =
  'query Broken { good: hydroStations(first: 1) { totalCount } bad: hydroStations(first: -1) { totalCount } }';

describe('@apollo/client', () => {
  const open = () =>
    new ApolloClient({
      link: new HttpLink({ uri: url, fetch }),
      cache: new InMemoryCache({
        typePolicies: { Query: { fields: { hydroStations: relayStylePagination(['where', 'orderBy']) } } },
      }),
    });

  test('normalises rows by their global ids, and joins pages as Relay has them', async () => {
    const client = open();
    const query = apolloGql(TEXT);
    const watched = client.watchQuery<Data>({ query, variables: { where: WHERE } });
    const first = await new Promise<Data>((resolve, reject) => {
      watched.subscribe({
        next: ({ data, loading }) => (loading ? undefined : resolve(data as Data)),
        error: reject,
      });
    });
    expect(toRanks(first)).toEqual([3, 2]);
    await watched.fetchMore({ variables: { after: first.hydroStations.pageInfo.endCursor } });
    expect(toRanks(client.readQuery<Data>({ query, variables: { where: WHERE } }) ?? undefined)).toEqual([
      3, 2, 1, 0,
    ]);
    const cached = Object.keys(client.cache.extract() as object);
    expect(cached).toContain('HydroStation:hydrology:HydroStation:61512003');
    client.stop();
  });

  test('shows an error at its place beside what is answered', async () => {
    const client = open();
    const { data, error } = await client.query({ query: apolloGql(BROKEN), errorPolicy: 'all' });
    expect(data).toMatchObject({ good: { totalCount: 13 }, bad: null });
    expect(error).toMatchObject({ errors: [{ path: ['bad'], extensions: { code: 'HUB_QUERY_LIMIT' } }] });
    client.stop();
  });
});

describe('@urql/core', () => {
  const open = () =>
    new Client({ url, exchanges: [cacheExchange, fetchExchange], preferGetMethod: false, fetch });

  test('answers with variables and fragments, from its cache the second time', async () => {
    const client = open();
    const asked = doors.city.statements.length;
    const first = await client.query<Data>(urqlGql(TEXT), { where: WHERE }).toPromise();
    expect([first.error, toRanks(first.data)]).toEqual([undefined, [3, 2]]);
    expect(toRanks((await client.query<Data>(urqlGql(TEXT), { where: WHERE }).toPromise()).data)).toEqual([
      3, 2,
    ]);
    expect(doors.city.statements).toHaveLength(asked + 1);
  });

  test('shows an error at its place beside what is answered', async () => {
    const { data, error } = await open().query(urqlGql(BROKEN), {}).toPromise();
    expect(data).toMatchObject({ good: { totalCount: 13 }, bad: null });
    expect(error?.graphQLErrors[0]).toMatchObject({ path: ['bad'], extensions: { code: 'HUB_QUERY_LIMIT' } });
  });
});

describe('graphql-request', () => {
  test('answers with variables and fragments', async () => {
    const data = await new GraphQLClient(url).request<Data>(TEXT, { where: WHERE });
    expect(toRanks(data)).toEqual([3, 2]);
  });

  test('rejects with the errors and what is answered all the same', async () => {
    const caught = await new GraphQLClient(url).request(BROKEN).catch((error: unknown) => error);
    expect(caught).toBeInstanceOf(ClientError);
    expect((caught as ClientError).response).toMatchObject({
      data: { good: { totalCount: 13 }, bad: null },
      errors: [{ path: ['bad'], extensions: { code: 'HUB_QUERY_LIMIT' } }],
    });
  });
});
