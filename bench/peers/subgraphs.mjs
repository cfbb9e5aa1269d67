// What stands behind the federation gateways: four subgraphs on four ports of one process. Order: { database }.
import { createServer } from 'node:http';
import { createYoga } from 'graphql-yoga';
import { toLoaders } from './loaders.mjs';
import { readOrder, runListen, tellParent } from './process.mjs';
import { openDatabase, readDivisions } from './rows.mjs';
import { SUBGRAPHS, toSubgraphSchema } from './subgraph-schemas.mjs';

const db = openDatabase(readOrder().database);
const divisions = await readDivisions(db);
const urls = {};
for (const subgraph of SUBGRAPHS) {
  const yoga = createYoga({
    schema: toSubgraphSchema(subgraph),
    context: () => toLoaders(db, divisions),
    logging: false,
    graphiql: false,
  });
  const server = createServer({ keepAliveTimeout: 60_000 }, yoga);
  urls[subgraph.name] = `http://127.0.0.1:${await runListen(server)}/graphql`;
}
tellParent({ url: urls.city, urls });
