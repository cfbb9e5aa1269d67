// A unit's answer made safe for stitching: every fault stands in the data where null would, as an error without path.
// Stitching loses list indices and codes of errors that come beside the data; graphql-js locates those in it exactly.
import { type FieldNode, GraphQLError, isNonNullType } from 'graphql';
import { toCheckedValue } from './checked-value.ts';
import { type Lookup, toKeys } from './lookups.ts';
import type { Asked } from './selection.ts';
import { toAnswerError, toGoneError, toUnitError } from './unit-error.ts';

export type Data = Record<string, unknown>;

/** Who answered, and where errors go that have no place in the data. */
export type Answering = {
  readonly unit: string;
  readonly lookups: ReadonlyMap<string, Lookup>;
  readonly onStray: (error: GraphQLError) => void;
};

/** The data of a request that has no answer at all: the error in every field that was asked for. */
export function toFailedData(asked: Asked, answering: Answering, error: GraphQLError): Data {
  const data: Data = {};
  for (const [key, nodes] of asked.root) data[key] = toFailedRoot(asked, answering, nodes, error);
  return data;
}

/**
 * The data of an answer, its errors placed and its shape checked against what was asked: a missing field, a list where
 * an object belongs, a code that no enum knows become HUB_UNIT_ANSWER at their place instead of a silent null.
 */
export function toLocatedData(asked: Asked, answering: Answering, result: unknown): Data {
  const { unit } = answering;
  if (!isRecord(result)) return toFailedData(asked, answering, toAnswerError(unit, 'no GraphQL result'));
  const errors = Array.isArray(result.errors) ? result.errors : [];
  const given = result.data;
  if (!isRecord(given)) {
    const first = errors[0];
    const fault =
      first === undefined ? toAnswerError(unit, 'neither data nor errors') : toUnitError(first, unit);
    return toFailedData(asked, answering, fault);
  }
  for (const error of errors) placeError(asked, answering, given, error);

  const data: Data = {};
  for (const [key, nodes] of asked.root) {
    const value = Object.hasOwn(given, key) ? given[key] : undefined;
    data[key] = toCheckedRoot(asked, answering, nodes, value);
  }
  return data;
}

function toCheckedRoot(
  asked: Asked,
  answering: Answering,
  nodes: readonly FieldNode[],
  value: unknown,
): unknown {
  const { unit } = answering;
  const name = nodes[0]?.name.value ?? '';
  const rootType = asked.schema.getRootType(asked.operation.operation);
  const field = rootType?.getFields()[name];
  if (field === undefined) return name === '__typename' ? rootType?.name : value;
  const checked = toCheckedValue({ asked, unit, place: name }, field.type, nodes, value);
  if (checked instanceof GraphQLError) return toFailedRoot(asked, answering, nodes, checked);

  const lookup = answering.lookups.get(name);
  const keys =
    lookup === undefined || nodes[0] === undefined ? null : toKeys(lookup, nodes[0], asked.variables);
  if (lookup === undefined || keys === null || !Array.isArray(checked)) return checked;
  // Answers are matched to keys by position: one too few and every row after it would belong to another key.
  if (checked.length !== keys.length) {
    const fault = toAnswerError(unit, `${checked.length} rows for ${keys.length} keys in ${name}`);
    return toFailedRoot(asked, answering, nodes, fault);
  }
  return checked.map((row, index) => {
    if (row instanceof GraphQLError) return toFailedRow(asked, lookup, nodes, keys[index], row);
    return row === null ? toGoneRow(asked, answering, lookup, nodes, keys[index]) : row;
  });
}

/**
 * A row that its unit does not have, though another one names it: nothing is known of it but its key. Left to itself graphql-js
 * would find null where the schema has none, and tell of a fault of the hub's.
 */
function toGoneRow(
  asked: Asked,
  { unit }: Answering,
  lookup: Lookup,
  nodes: readonly FieldNode[],
  key: unknown,
): Data {
  const row = toFailedRow(asked, lookup, nodes, key, toGoneError(unit, lookup.type.name));
  const fields = lookup.type.getFields();
  for (const [responseKey, [node]] of asked.below(lookup.type, nodes))
    if (row[responseKey] instanceof GraphQLError && !isNonNullType(fields[node?.name.value ?? '']?.type))
      row[responseKey] = null;
  return row;
}

/** A lookup's answer is shared by all places that asked for one of its keys: each gets the error in each of its fields. */
function toFailedRoot(
  asked: Asked,
  answering: Answering,
  nodes: readonly FieldNode[],
  error: GraphQLError,
): unknown {
  const node = nodes[0];
  if (node?.name.value === '__typename')
    return asked.schema.getRootType(asked.operation.operation)?.name ?? null;
  const lookup = answering.lookups.get(node?.name.value ?? '');
  const keys = lookup === undefined || node === undefined ? null : toKeys(lookup, node, asked.variables);
  if (lookup === undefined || keys === null) return error;
  return keys.map((key) => toFailedRow(asked, lookup, nodes, key, error));
}

function toFailedRow(
  asked: Asked,
  lookup: Lookup,
  nodes: readonly FieldNode[],
  key: unknown,
  error: GraphQLError,
): Data {
  const row: Data = {};
  for (const [responseKey, fields] of asked.below(lookup.type, nodes)) {
    const name = fields[0]?.name.value;
    // What stitching knows already must stay: an error here would overwrite the key that other units are asked by.
    if (name === '__typename') row[responseKey] = lookup.type.name;
    else row[responseKey] = name === lookup.keyField ? key : error;
  }
  return row;
}

/** Puts an error on the first null of its path; one without path stands in every root field that has no value. */
function placeError(asked: Asked, answering: Answering, data: Data, cause: unknown): void {
  const error = toUnitError(cause, answering.unit);
  const path = isRecord(cause) || cause instanceof Error ? (cause as { path?: unknown }).path : undefined;
  if (!Array.isArray(path) || path.length === 0) {
    const empty = [...asked.root.keys()].filter((key) => !Object.hasOwn(data, key) || data[key] == null);
    for (const key of empty) data[key] = error;
    if (empty.length === 0) answering.onStray(error);
    return;
  }
  if (!placeAt(data, path, error)) answering.onStray(error);
}

function placeAt(data: Data, path: readonly unknown[], error: GraphQLError): boolean {
  let holder: Data = data;
  for (const step of path) {
    const key = String(step);
    const value = Object.hasOwn(holder, key) ? holder[key] : undefined;
    // The first error of a place stays: a second one would say less about the same null.
    if (value instanceof Error) return true;
    if (value === null || value === undefined) {
      if (key === '__proto__') return false;
      holder[key] = error;
      return true;
    }
    if (typeof value !== 'object') return false;
    holder = value as Data;
  }
  return false;
}

function isRecord(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
