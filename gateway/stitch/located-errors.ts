// The wrapper around every unit's executor: whatever the executor does, stitching gets data, with each error standing
// in its place. So one unit can fail without nulling another's fields, and paths and codes stay exact.
import type { GraphQLError, GraphQLSchema } from 'graphql';
import type { OperationContext, SubschemaExecutor } from '../subschema/contract.ts';
import { addSourceReport } from '../subschema/source-report.ts';
import { type Answering, toFailedData, toLocatedData } from './answer.ts';
import { toLookups } from './lookups.ts';
import { isBeyondPlaces } from './place-limit.ts';
import { toAsked } from './selection.ts';
import { toUnitError } from './unit-error.ts';

/** An error that a unit sent beside data that is complete: it has no place in the answer. */
export type StrayError = { readonly unit: string; readonly error: GraphQLError };

/**
 * Wraps an executor so that it never rejects and never lists errors: they stand in its data (stitching.md). A unit that
 * failed as a whole is reported as DOWN in the operation's sources; an executor that rejects has not reported itself.
 */
export function withLocatedErrors(
  executor: SubschemaExecutor,
  unit: string,
  schema: GraphQLSchema,
  onStray: (stray: StrayError) => void = () => undefined,
): SubschemaExecutor {
  const answering: Answering = {
    unit,
    lookups: toLookups(schema),
    onStray: (error) => onStray({ unit, error }),
  };
  return async (request) => {
    const asked = toAsked(schema, request.document, request.variables ?? {});
    if (asked === null) return { errors: [toUnitError(new TypeError('no operation in the document'), unit)] };
    if (isBeyondPlaces(asked, answering.lookups, request)) return new Promise(() => undefined);
    const started = performance.now();
    try {
      const result: unknown = await executor(request);
      if (!hasData(result) && !request.context?.sources.some((line) => line.unit === unit))
        reportDown(request.context, unit, performance.now() - started);
      return { data: toLocatedData(asked, answering, result) };
    } catch (error) {
      reportDown(request.context, unit, performance.now() - started);
      return { data: toFailedData(asked, answering, toUnitError(error, unit)) };
    }
  };
}

function hasData(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'data' in result && result.data != null;
}

function reportDown(context: OperationContext | undefined, unit: string, milliseconds: number): void {
  if (context === undefined) return;
  addSourceReport(context.sources, {
    unit,
    status: 'DOWN',
    via: null,
    freshness: null,
    ageSeconds: null,
    milliseconds: Math.round(milliseconds),
    requests: 1,
    rows: 0,
  });
}
