// The two doors of one schema: an operation goes through that of the whole graph where it can, else through the stitched one. The
// client sees no difference but in time, unless it asks for `extensions.plan`.

import type { ExecutionResult } from 'graphql';
import type { GatewayLog } from '../observe/log.ts';
import { runOperation } from '../stitch/run-operation.ts';
import type { StitchedSchema } from '../stitch/stitched-schema.ts';
import type { StoreOptions } from '../subschema/store-options.ts';
import type { Question, WholeDoor } from '../whole/contract.ts';
import { toWholeDoor } from '../whole/whole-door.ts';
import type { ServerContext } from './context.ts';
import { toSplicedData } from './spliced-text.ts';

export type Doors = {
  readonly stitched: StitchedSchema;
  /** Null: every operation is stitched. */
  readonly whole: WholeDoor | null;
};

/** Both doors; what keeps that of the whole graph shut is logged and stops nothing. */
export function toDoors(stitched: StitchedSchema, options: StoreOptions | undefined, log: GatewayLog): Doors {
  if (options === undefined) return { stitched, whole: null };
  const onFailure = (error: unknown): void =>
    log.warn({ err: error }, 'the statement of a whole operation failed; it is stitched instead');
  try {
    return { stitched, whole: toWholeDoor(options, stitched.schema, onFailure) };
  } catch (error) {
    log.warn({ err: error }, 'the door of the whole graph stays shut: every operation is stitched');
    return { stitched, whole: null };
  }
}

/** Runs a validated query; the way that it took is left in the context. */
export async function runThroughDoors(
  { stitched, whole }: Doors,
  question: Question & { readonly context: ServerContext },
): Promise<ExecutionResult> {
  const { context } = question;
  const answer = await (whole?.run(question) ?? OFF);
  if (answer.kind === 'ANSWERED') {
    context.way = { door: 'WHOLE', rows: answer.rows };
    return { data: toSplicedData(answer.text) };
  }
  if (answer.kind === 'ENDED') return { errors: [answer.error] };
  const { reason, at } = answer;
  context.way = { door: 'STITCHED', reason, ...(at === null ? {} : { at }) };
  const result = await runOperation(stitched, question);
  context.way = { ...context.way, rows: context.sources.reduce((sum, { rows }) => sum + rows, 0) };
  return result;
}

const OFF = { kind: 'DECLINED', reason: 'OFF', at: null } as const;
