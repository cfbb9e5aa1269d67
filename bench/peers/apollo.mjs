// Contender: Apollo Gateway in Apollo Server on Fastify, as the hub has it, over the committed supergraph. Order: { supergraph, urls }.
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { fastify } from 'fastify';
import { readOrder, tellParent } from './process.mjs';
import { readSupergraph } from './supergraph.mjs';

const { supergraph, urls } = readOrder();
const apollo = new ApolloServer({
  gateway: new ApolloGateway({ supergraphSdl: await readSupergraph(supergraph, urls), logger: toSilence() }),
  nodeEnv: 'production',
  logger: toSilence(),
  plugins: [
    ApolloServerPluginUsageReportingDisabled(),
    ApolloServerPluginSchemaReportingDisabled(),
    ApolloServerPluginInlineTraceDisabled(),
    ApolloServerPluginCacheControlDisabled(),
    ApolloServerPluginLandingPageDisabled(),
  ],
});
await apollo.start();
const app = fastify();
app.post('/graphql', fastifyApolloHandler(apollo));
tellParent({ url: `${await app.listen({ host: '127.0.0.1', port: 0 })}/graphql` });

function toSilence() {
  const silent = () => undefined;
  return { debug: silent, info: silent, warn: silent, error: silent };
}
