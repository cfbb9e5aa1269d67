// The gateway's addresses: the landing page, health and metrics for machines, GraphQL for everyone with a right to it.
import { setMaxListeners } from 'node:events';
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type PartHealth, runHealthCheck, toReadiness } from '../observe/health.ts';
import type { GatewayMetrics } from '../observe/metrics.ts';
import { checkBrackets } from '../policy/use-depth-limit.ts';
import { toViewer } from '../policy/use-viewer.ts';
import type { ServerContext } from './context.ts';
import { LANDING_PAGE, LANDING_POLICY } from './landing.ts';
import type { GatewayOptions } from './options.ts';

export type Parts = {
  readonly options: GatewayOptions;
  readonly apollo: ApolloServer<ServerContext>;
  readonly metrics: GatewayMetrics;
  /** The schema in service and whether the gateway is about to close. */
  readonly schemaHealth: () => PartHealth;
};

/** Addresses that anyone may ask: they tell nothing about the city. */
export function useOpenRoutes(app: FastifyInstance, { options, schemaHealth }: Parts): void {
  app.get('/', (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', LANDING_POLICY)
      .header('cache-control', 'no-cache')
      .send(LANDING_PAGE),
  );
  app.get('/health/live', (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ live: true }),
  );
  app.get('/health/ready', async (_request, reply) => {
    const readiness = toReadiness(await runHealthCheck(options.health), schemaHealth());
    return reply
      .code(readiness.ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(readiness);
  });
}

/** Addresses that need a key where keys are configured. */
export function useGuardedRoutes(app: FastifyInstance, parts: Parts): void {
  const { options, apollo, metrics } = parts;
  void app.register((guarded, _options, done) => {
    // Before the body is read: who has no key cannot make the gateway read one.
    guarded.addHook('onRequest', async (request) => void toViewer(request.headers, options.keys));
    guarded.get('/metrics', async (_request, reply) =>
      reply.type(metrics.contentType).send(await metrics.print()),
    );
    guarded.route({
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      url: '/graphql',
      preHandler: async (request, reply) => {
        if (isBrowserWithoutQuestion(request)) return reply.redirect('/', 303);
        const text = toQueryText(request);
        if (text !== null) checkBrackets(text);
        return undefined;
      },
      handler: fastifyApolloHandler(apollo, {
        context: async (request, reply) => toContext(options, request, reply),
      }),
    });
    done();
  });
}

function toContext(options: GatewayOptions, request: FastifyRequest, reply: FastifyReply): ServerContext {
  const left = new AbortController();
  // Every statement of the operation listens.
  setMaxListeners(0, left.signal);
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) left.abort();
  });
  return {
    viewer: toViewer(request.headers, options.keys),
    requestId: request.id,
    now: options.clock(),
    signal: left.signal,
    sources: [],
    spent: { statements: 0 },
    isPlanAsked: request.headers['x-hub-plan'] === '1',
    way: null,
  };
}

function toQueryText(request: FastifyRequest): string | null {
  const holder = request.method === 'GET' ? request.query : request.body;
  if (typeof holder !== 'object' || holder === null || !('query' in holder)) return null;
  return typeof holder.query === 'string' ? holder.query : null;
}

/** Someone who followed a link to /graphql: the landing page has a form for questions. */
function isBrowserWithoutQuestion(request: FastifyRequest): boolean {
  return (
    request.method === 'GET' &&
    request.headers.accept?.includes('text/html') === true &&
    Object.keys(request.query as object).length === 0
  );
}
