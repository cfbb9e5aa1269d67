// Opens the gateway: one address for the whole city. Wires schema, policies, metrics and routes; decides nothing itself.
import { randomUUID } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { type FastifyInstance, fastify } from 'fastify';
import type { GatewayLog } from '../observe/log.ts';
import { type GatewayMetrics, openMetrics } from '../observe/metrics.ts';
import { BODY_LIMIT_BYTES } from '../policy/use-body-limit.ts';
import { MAX_TOKENS, toDepthRule } from '../policy/use-depth-limit.ts';
import { toClientError } from '../policy/use-error-codes.ts';
import { toFieldRule } from '../policy/use-field-limit.ts';
import { checkHost } from '../policy/use-host.ts';
import { checkAccess } from '../policy/use-viewer.ts';
import { toAnswerPlugin } from './answer-plugin.ts';
import type { ServerContext } from './context.ts';
import { answerBrokenAddress, answerBrokenRequest, useCodedHttpErrors } from './http-errors.ts';
import { runListen } from './listen.ts';
import type { Gateway, GatewayOptions } from './options.ts';
import { type Parts, useGuardedRoutes, useOpenRoutes } from './routes.ts';
import { openSchemaInService, type SchemaInService } from './schema-in-service.ts';
import { toResultText } from './spliced-text.ts';

const DRAIN_MS = 10_000;
const REQUEST_ID = /^[\w.-]{8,64}$/;

/**
 * Starts the gateway. Rejects with HUB_SCHEMA_CONFLICT, HUB_CONFIG_PORT_TAKEN or HUB_CONFIG_INVALID (no keys on an
 * address that others can reach); nothing is left open then.
 */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { host, port, keys, log } = options;
  checkAccess(host, keys);
  const service = openSchemaInService(options);
  const metrics = openMetrics();
  const endListening = options.changes?.listen(metrics.recordChange);
  const apollo = toApollo(service, log, metrics);
  await apollo.start();
  const app = toApp();
  let closing: Promise<void> | null = null;
  const parts: Parts = {
    options,
    apollo,
    metrics,
    schemaHealth: () => (closing === null ? { ok: true } : { ok: false, detail: 'closing' }),
  };
  const close = async (): Promise<void> => {
    await runClose(app, options.drainMs ?? DRAIN_MS);
    await apollo.stop();
    endListening?.();
    metrics.close();
  };
  try {
    useCodedHttpErrors(app, log, metrics);
    app.addHook('onRequest', async (request, reply) => {
      void reply.header('x-request-id', request.id);
      checkHost(request.headers.host, keys);
    });
    // A client that keeps its connection would hold the drain until its end.
    app.addHook('onSend', async (_request, reply) => {
      if (closing !== null) void reply.header('connection', 'close');
    });
    useOpenRoutes(app, parts);
    useGuardedRoutes(app, parts);
    const url = await runListen(app, { host, port, portIsDefault: options.portIsDefault ?? false });
    return {
      url,
      swap: (subschemas, whole) => runSwap(service, metrics, subschemas, whole),
      close() {
        closing ??= close();
        return closing;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function toApollo(
  service: SchemaInService,
  log: GatewayLog,
  metrics: GatewayMetrics,
): ApolloServer<ServerContext> {
  return new ApolloServer<ServerContext>({
    gateway: service.gateway,
    formatError: toClientError,
    stringifyResult: toResultText,
    validationRules: [toDepthRule(), toFieldRule()],
    parseOptions: { maxTokens: MAX_TOKENS },
    // The schema is public: introspection and "Did you mean" help those who are to build on it.
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // Given here so that Apollo does not look for it in the environment.
    nodeEnv: 'production',
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: (message: unknown) => log.warn({}, String(message)),
      error: (message: unknown) => log.error({}, String(message)),
    },
    plugins: [
      toAnswerPlugin(log, metrics),
      // Nothing is to be sent to anyone, whatever APOLLO_… variables the machine has.
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
    ],
  });
}

function toApp(): FastifyInstance {
  return fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    // A client's own id is kept when it is one: it is repeated in a header and in the log.
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
    requestTimeout: 60_000,
    return503OnClosing: false,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: answerBrokenAddress,
  });
}

async function runSwap(
  service: SchemaInService,
  metrics: GatewayMetrics,
  subschemas: GatewayOptions['subschemas'],
  whole: GatewayOptions['whole'],
): Promise<void> {
  try {
    await service.replace(subschemas, whole);
    metrics.recordSwap('swapped');
  } catch (error) {
    metrics.recordSwap('refused');
    throw error;
  }
}

/** Fastify stops accepting and waits for what is in flight; what takes longer than the drain time is cut. */
async function runClose(app: FastifyInstance, drainMs: number): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), drainMs);
  try {
    await app.close();
  } finally {
    clearTimeout(timer);
  }
}
