// The schema that answers right now, handed to Apollo Server through its gateway interface. A new one replaces it
// between two requests; operations that have begun keep the one they were validated against.

import type { ApolloServerOptions } from '@apollo/server';
import { GraphQLError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { ERRORS } from '../../schema/errors.ts';
import { type StitchedSchema, stitchInSteps } from '../stitch/stitched-schema.ts';
import type { Subschema } from '../subschema/contract.ts';
import type { StoreOptions } from '../subschema/store-options.ts';
import { openTurns } from '../subschema/turns.ts';
import type { ServerContext } from './context.ts';
import { type Doors, runThroughDoors, toDoors } from './doors.ts';
import type { GatewayOptions } from './options.ts';

type GatewayInterface = NonNullable<ApolloServerOptions<ServerContext>['gateway']>;
type LoadListener = Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0];

export type SchemaInService = {
  readonly gateway: GatewayInterface;
  /**
   * Composes, a turn of the event loop for each step, and puts into service, whole; rejects with HUB_SCHEMA_CONFLICT and
   * changes nothing when that fails. Of two at once the later call counts.
   */
  replace(subschemas: readonly Subschema[], whole?: StoreOptions): Promise<void>;
};

/** Composes the first schema; throws HUB_SCHEMA_CONFLICT when the subschemas do not fit together. */
export function openSchemaInService(
  options: Pick<GatewayOptions, 'subschemas' | 'whole' | 'doors' | 'deadlineMs' | 'log'>,
): SchemaInService {
  const stitch = (subschemas: readonly Subschema[]) =>
    stitchInSteps(subschemas, {
      ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }),
      onStray: ({ unit, error }) =>
        options.log.warn(
          { unit, code: error.extensions.code, err: error.originalError ?? error },
          'stray error',
        ),
    });
  const open = (stitched: StitchedSchema, whole: StoreOptions | undefined): Doors =>
    toDoors(stitched, options.doors === 'STITCHED' ? undefined : whole, options.log);
  const steps = stitch(options.subschemas);
  let first = steps.next();
  while (first.done !== true) first = steps.next();
  let current = open(first.value, options.whole);
  let calls = 0;
  const bySchema = new WeakMap<GraphQLSchema, Doors>();
  const listeners = new Set<LoadListener>();
  const announce = (listener: LoadListener): void => {
    const { schema } = current.stitched;
    bySchema.set(schema, current);
    listener({ apiSchema: schema, coreSupergraphSdl: '' });
  };

  return {
    gateway: {
      onSchemaLoadOrUpdate(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      async load() {
        listeners.forEach(announce);
        return {
          // `schema` is the one that this operation was validated against, also when another has come since.
          executor: async ({ schema, document, operation, request, context }) => {
            const refusal = operation === undefined ? null : toRefusal(schema, operation);
            if (refusal !== null) return { errors: [refusal] };
            return runThroughDoors(bySchema.get(schema) ?? current, {
              document,
              operationName: request.operationName,
              variables: request.variables ?? {},
              context: context as ServerContext,
            });
          },
        };
      },
      async stop() {
        listeners.clear();
      },
    },
    async replace(subschemas, whole) {
      calls += 1;
      const call = calls;
      const turn = openTurns();
      const composing = stitch(subschemas);
      let step = composing.next();
      while (step.done !== true) {
        await turn();
        step = composing.next();
      }
      await turn();
      const doors = open(step.value, whole);
      await turn();
      if (call !== calls) return;
      current = doors;
      listeners.forEach(announce);
    },
  };
}

/** graphql-js validates a mutation against a schema without mutations, and only then finds nothing to execute. */
function toRefusal(schema: GraphQLSchema, operation: OperationDefinitionNode): GraphQLError | null {
  const kind = operation.operation;
  if (kind !== 'subscription' && schema.getRootType(kind) != null) return null;
  const extensions = { code: 'HUB_QUERY_INVALID', http: { status: ERRORS.HUB_QUERY_INVALID.status } };
  return new GraphQLError(`This address takes no ${kind}s.`, { nodes: operation, extensions });
}
