// Contender: one graphql-yoga server with DataLoader and knex over the same tables. Order: { database }.
import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
import { toLoaders } from './loaders.mjs';
import { readOrder, runListen, tellParent } from './process.mjs';
import { openDatabase, readDivisions } from './rows.mjs';
import { PARTS, toSharedSdl } from './units.mjs';

const db = openDatabase(readOrder().database);
const divisions = await readDivisions(db);
const schema = createSchema({
  typeDefs: [toSharedSdl(''), ...PARTS.map(({ toSdl }) => toSdl('', ''))],
  resolvers: PARTS.map(({ resolvers }) => resolvers),
});
const yoga = createYoga({ schema, context: () => toLoaders(db, divisions), logging: false, graphiql: false });
const port = await runListen(createServer(yoga));
tellParent({ url: `http://127.0.0.1:${port}/graphql` });
