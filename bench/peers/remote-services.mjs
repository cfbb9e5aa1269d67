// The four remote services, each on a port of its own in one process, that answer 5 ms after they are asked and count how
// often they are. GET /count at the first address answers the number of requests so far.
import { createServer } from 'node:http';
import { createYoga } from 'graphql-yoga';
import { runListen, tellParent } from './process.mjs';
import { REMOTE_SUBGRAPHS } from './remote-schemas.mjs';
import { toSubgraphSchema } from './subgraph-schemas.mjs';

const LATENCY_MS = 5;
let requests = 0;

const urls = {};
for (const { name, served, resolvers } of REMOTE_SUBGRAPHS) {
  const schema = toSubgraphSchema({ typeDefs: served, resolvers });
  const yoga = createYoga({ schema, logging: false, graphiql: false });
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    if (request.url === '/count') {
      response.end(String(requests));
      return;
    }
    requests += 1;
    setTimeout(() => yoga(request, response), LATENCY_MS);
  });
  urls[name] = `http://127.0.0.1:${await runListen(server)}/graphql`;
}
tellParent({ url: urls.districts, urls });
