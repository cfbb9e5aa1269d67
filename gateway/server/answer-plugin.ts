// Apollo plugin on every operation: logs what the client is not told, adds the touched units to the answer, counts.
import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { GatewayLog } from '../observe/log.ts';
import type { GatewayMetrics } from '../observe/metrics.ts';
import { toHiddenFault } from '../policy/use-error-codes.ts';
import type { PlanReport } from '../whole/contract.ts';
import type { ServerContext } from './context.ts';

export function toAnswerPlugin(log: GatewayLog, metrics: GatewayMetrics): ApolloServerPlugin<ServerContext> {
  return {
    async invalidRequestWasReceived() {
      metrics.recordRefusal('HUB_REQUEST_INVALID');
    },
    async requestDidStart() {
      const started = performance.now();
      return {
        async didEncounterErrors({ errors, contextValue }) {
          for (const error of errors) logHidden(log, error, contextValue.requestId);
        },
        async willSendResponse({ response, contextValue, operation }) {
          const { body } = response;
          if (body.kind !== 'single') return;
          const { singleResult } = body;
          const { sources, requestId } = contextValue;
          if (singleResult.errors !== undefined)
            singleResult.errors = singleResult.errors.map((error) => withRequestId(error, requestId));
          if (sources.length > 0) singleResult.extensions = { ...singleResult.extensions, sources };
          const plan = toPlanReport(contextValue);
          if (plan !== null) singleResult.extensions = { ...singleResult.extensions, plan };
          metrics.recordOperation({
            kind: operation?.operation ?? 'unknown',
            seconds: (performance.now() - started) / 1000,
            codes: (singleResult.errors ?? []).map(({ extensions }) => String(extensions?.code)),
            sources,
            way: contextValue.way,
          });
        },
      };
    },
  };
}

/** Only for who asked, and only where the operation was executed. */
function toPlanReport({ isPlanAsked, way, spent }: ServerContext): PlanReport | null {
  if (!isPlanAsked || way === null) return null;
  const { rows, ...rest } = way;
  return { ...rest, statements: spent.statements, ...(rows === undefined ? {} : { rows }) };
}

function logHidden(log: GatewayLog, error: GraphQLError, requestId: string): void {
  const fault = toHiddenFault(error);
  if (fault === null) return;
  const { code, unit } = error.extensions;
  log.error(
    { err: fault, requestId, path: error.path?.join('.'), code, unit },
    'an operation met a hidden fault',
  );
}

/** Only faults of the hub itself need it: their message says nothing else. */
function withRequestId(error: GraphQLFormattedError, requestId: string): GraphQLFormattedError {
  if (error.extensions?.code !== 'HUB_INTERNAL') return error;
  return { ...error, extensions: { ...error.extensions, requestId } };
}
