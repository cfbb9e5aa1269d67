// The seam between a unit's part of the graph and the stitching: SDL with stitching directives, and an executor that
// is not graphql-js. `gateway/stitch` takes a list of these and knows nothing of how they answer.
import type { ExecutionRequest, ExecutionResult } from '@graphql-tools/utils';
import type { DataClass, Freshness, Via } from '../../schema/provenance.ts';

/** Who asks. Made from the request's key (or the loopback address) before anything runs; every operation has one. */
export type Viewer = {
  readonly id: string;
  readonly kind: 'local' | 'key';
  /** Classes that this viewer may see unmasked. `personal` is in nobody's list until rights exist. */
  readonly classes: readonly DataClass[];
};

/** One line of `extensions.sources`: a unit that the answer touched. */
export type SourceReport = {
  readonly unit: string;
  readonly status: 'OK' | 'DEGRADED' | 'DOWN';
  readonly via: Via | null;
  readonly freshness: Freshness | null;
  /** Seconds since the oldest of the touched types was complete; null when never. */
  readonly ageSeconds: number | null;
  readonly milliseconds: number;
  readonly requests: number;
  readonly rows: number;
};

/** The context of one operation. A fresh object per request: loaders are keyed by it. */
export type OperationContext = {
  readonly viewer: Viewer;
  readonly requestId: string;
  /** Wall clock of the operation, milliseconds, UTC: one `now` for all its statements. */
  readonly now: number;
  readonly signal: AbortSignal;
  /** Filled by the executors; several requests to one unit become one line. */
  readonly sources: SourceReport[];
  /** What the operation has cost so far, where somebody wants to know. */
  readonly spent?: { statements: number };
};

export type SubschemaExecutor = (
  request: ExecutionRequest<Record<string, unknown>, OperationContext>,
) => Promise<ExecutionResult>;

export type Subschema = {
  readonly name: string;
  /** SDL with `@merge(keyField: …)` on the lookup fields, whose names begin with `_`. */
  readonly typeDefs: string;
  readonly executor: SubschemaExecutor;
};
