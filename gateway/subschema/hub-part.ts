// The seam inside the hub's own subschema: what spans units comes in parts (divisions, units, entities), each with its SDL
// and what answers its root fields; graphql-js executes them together.
import type { ReadStatement, ReadStore } from '../../store/contract.ts';
import type { OperationContext } from './contract.ts';
import { runWithin } from './deadline.ts';

export type HubPart = {
  /** Types, and the part's fields as `extend type Query`. */
  readonly typeDefs: string;
  /** By root field: a function of its arguments and the OperationContext. */
  readonly rootValue: { readonly [field: string]: unknown };
};

/** One statement for one operation; rejects with HUB_STORE_… and HUB_UNIT_TIMEOUT. */
export type HubRead = <Row extends Record<string, unknown>>(
  statement: ReadStatement,
  context: OperationContext,
) => Promise<readonly Row[]>;

// Shorter than the stitching's patience with the whole request (10 s): a store that hangs must not take the divisions along.
const DEADLINE_MS = 8000;

export function toHubRead(reader: ReadStore, deadlineMs = DEADLINE_MS): HubRead {
  return <Row extends Record<string, unknown>>(statement: ReadStatement, context: OperationContext) => {
    if (context.spent !== undefined) context.spent.statements += 1;
    return runWithin(deadlineMs, context.signal, (signal) => reader.read<Row>(statement, { signal }));
  };
}
