// From a statement's JSON text to the data that stitching gets: parsed afresh, with faults standing where null would,
// and the rows counted on the way.
import type { GraphQLError } from 'graphql';
import { toFreshFault } from '../compile/fault.ts';
import type { Selected } from '../compile/selection.ts';

/** The fault that stands at every place of this field, if any. */
export type FaultAt = (selected: Selected) => GraphQLError | null;

/** Writes faults into `data`, which must be fresh: the answer is annotated in place. */
export function toAnswer(data: unknown, asked: Selected, faultAt: FaultAt): unknown {
  const fault = faultAt(asked);
  if (fault !== null) return toFreshFault(fault);
  if (asked.fields.length === 0) return data;
  for (const item of Array.isArray(data) ? data : [data]) {
    if (!isObject(item)) continue;
    for (const field of asked.fields) item[field.key] = toAnswer(item[field.key], field, faultAt);
  }
  return data;
}

/**
 * A batch lookup that cannot be answered: for each key an object whose every selected field is the fault, so that each
 * place in the answer gets its own error with its exact path. The key itself is known and stays.
 */
export function toFaultyBatch(
  asked: Selected,
  keyField: 'id' | 'code',
  keys: readonly unknown[],
  fault: GraphQLError,
): unknown[] {
  const toValue = (field: Selected, key: unknown): unknown => {
    if (field.name === '__typename') return asked.type;
    return field.name === keyField ? key : toFreshFault(fault);
  };
  // An alias may be `__proto__`: entries become own properties, whatever their name.
  return keys.map((key) => Object.fromEntries(asked.fields.map((field) => [field.key, toValue(field, key)])));
}

/** Rows of the unit's types that stand in the answer. */
export function countRows(data: unknown, asked: Selected, isRow: (type: string) => boolean): number {
  if (data instanceof Error || asked.fields.length === 0) return 0;
  let rows = 0;
  for (const item of Array.isArray(data) ? data : [data]) {
    if (!isObject(item)) continue;
    if (isRow(asked.type)) rows += 1;
    for (const field of asked.fields) rows += countRows(item[field.key], field, isRow);
  }
  return rows;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Error);
}
