// Contender: Hive Gateway's runtime over the committed supergraph. Order: { supergraph, urls }.
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import { readOrder, runListen, tellParent } from './process.mjs';
import { readSupergraph } from './supergraph.mjs';

const { supergraph, urls } = readOrder();
const gateway = createGatewayRuntime({
  supergraph: await readSupergraph(supergraph, urls),
  // The planner of Hive Router; the default one is that of stitching.
  ...(process.env.BENCH_HIVE === 'stitching' ? {} : { unifiedGraphHandler }),
  logging: false,
  graphiql: false,
  landingPage: false,
  requestId: false,
  maskedErrors: false,
});
const port = await runListen(createServer(gateway));
tellParent({ url: `http://127.0.0.1:${port}/graphql` });
