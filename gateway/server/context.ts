// The context of an operation as the server makes it: beside what the units read, the way that the operation took.

import type { OperationContext } from '../subschema/contract.ts';
import type { PlanReport } from '../whole/contract.ts';

export type ServerContext = OperationContext & {
  readonly spent: { statements: number };
  /** Whether the client asked for `extensions.plan`. */
  readonly isPlanAsked: boolean;
  /** Written where the operation is executed; null until then. */
  way: Omit<PlanReport, 'statements'> | null;
};
