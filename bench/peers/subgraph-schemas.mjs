// The four subgraphs as Apollo Federation 2 has them; for the servers (subgraphs.mjs) and for composing (compose.mjs).
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { PARTS, toSharedSdl } from './units.mjs';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@shareable"])`;

export const SUBGRAPHS = PARTS.map(({ name, toSdl, resolvers }) => ({
  name,
  typeDefs: parse(`${LINK}\n${toSharedSdl('@shareable')}\n${toSdl('@key(fields: "code")', '@shareable')}`),
  resolvers: {
    ...resolvers,
    // A subgraph that knows the code knows the division: its fields are read where they are asked, in one batch.
    Division: { ...resolvers.Division, __resolveReference: ({ code }) => ({ code }) },
  },
}));

export function toSubgraphSchema({ typeDefs, resolvers }) {
  return buildSubgraphSchema({ typeDefs, resolvers });
}
