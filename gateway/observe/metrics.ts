// What the gateway counts for Prometheus, in a registry of its own. Labels are closed lists: operation kinds, codes of
// the error table, unit names; never a query's text, a key or an id.
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { isErrorCode } from '../../schema/errors.ts';
import type { ChangeListener } from '../../store/changes/contract.ts';
import type { SourceReport } from '../subschema/contract.ts';
import type { PlanReport } from '../whole/contract.ts';

export type OperationKind = 'query' | 'mutation' | 'subscription' | 'unknown';

/** One answered operation. */
export type Answered = {
  readonly kind: OperationKind;
  readonly seconds: number;
  /** One entry an error, by its code. */
  readonly codes: readonly string[];
  readonly sources: readonly SourceReport[];
  /** The way that it took; null where it was not executed. */
  readonly way: Pick<PlanReport, 'door' | 'reason'> | null;
};

export type GatewayMetrics = {
  readonly contentType: string;
  recordOperation(answered: Answered): void;
  /** An error that was answered before GraphQL began. */
  recordRefusal(code: string): void;
  recordSwap(outcome: 'swapped' | 'refused'): void;
  /** A commit that was heard of; `caught-up` where it was not told. */
  readonly recordChange: ChangeListener;
  print(): Promise<string>;
  close(): void;
};

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Opens the counters of one gateway, those of the process (memory, event loop lag) among them. */
export function openMetrics(): GatewayMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const operations = new Counter({
    name: 'hub_operations_total',
    help: 'GraphQL operations answered, by kind and whether errors were among the answer.',
    labelNames: ['operation', 'outcome'] as const,
    registers,
  });
  const durations = new Histogram({
    name: 'hub_operation_duration_seconds',
    help: 'Time from the arrival of an operation to its answer.',
    labelNames: ['operation'] as const,
    buckets: SECONDS,
    registers,
  });
  const doors = new Counter({
    name: 'hub_operation_doors_total',
    help: 'Operations by the door that answered, WHOLE with one statement or STITCHED, and why it was not WHOLE.',
    labelNames: ['door', 'reason'] as const,
    registers,
  });
  const errors = new Counter({
    name: 'hub_errors_total',
    help: 'Errors in answers, by code.',
    labelNames: ['code'] as const,
    registers,
  });
  const unitRequests = new Counter({
    name: 'hub_unit_requests_total',
    help: 'Requests of operations to units, by the status of the unit in that operation.',
    labelNames: ['unit', 'status'] as const,
    registers,
  });
  const unitSeconds = new Counter({
    name: 'hub_unit_request_seconds_total',
    help: 'Time spent on requests to units.',
    labelNames: ['unit', 'status'] as const,
    registers,
  });
  const swaps = new Counter({
    name: 'hub_schema_swaps_total',
    help: 'New schemas: swapped in, or refused because units did not fit together.',
    labelNames: ['outcome'] as const,
    registers,
  });
  const changes = new Counter({
    name: 'hub_changes_total',
    help: 'Commits heard of, by unit: told, or caught up by comparing versions because what was told may have been lost.',
    labelNames: ['unit', 'heard'] as const,
    registers,
  });
  const countError = (code: string): void => errors.inc({ code: isErrorCode(code) ? code : 'OTHER' });
  return {
    contentType: registry.contentType,
    recordOperation({ kind, seconds, codes, sources, way }) {
      operations.inc({ operation: kind, outcome: codes.length === 0 ? 'ok' : 'errors' });
      durations.observe({ operation: kind }, seconds);
      codes.forEach(countError);
      if (way !== null) doors.inc({ door: way.door, reason: way.reason ?? 'NONE' });
      for (const { unit, status, requests, milliseconds } of sources) {
        unitRequests.inc({ unit, status }, requests);
        unitSeconds.inc({ unit, status }, milliseconds / 1000);
      }
    },
    recordRefusal: countError,
    recordSwap: (outcome) => swaps.inc({ outcome }),
    recordChange: ({ unit }, heard) => changes.inc({ unit, heard }),
    print: () => registry.metrics(),
    close: () => registry.clear(),
  };
}
