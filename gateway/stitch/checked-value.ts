// The shape check of one value in a unit's answer. Stitching turns what it does not understand into null without a
// word; here it becomes an error at its place.
import {
  type FieldNode,
  type GraphQLLeafType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { toMarked } from '../../schema/scalars/masked-text.ts';
import type { Asked } from './selection.ts';
import { toAnswerError } from './unit-error.ts';

/** Where the check stands; `place` is the field as people write it (`Division.hydroStations`). */
export type Checking = { readonly asked: Asked; readonly unit: string; readonly place: string };

/** The value, objects and lists corrected in place; or a GraphQLError when it does not fit its type. */
export function toCheckedValue(
  checking: Checking,
  type: GraphQLOutputType,
  nodes: readonly FieldNode[],
  value: unknown,
): unknown {
  const { unit, place } = checking;
  if (value instanceof Error) return value;
  if (value === undefined) return toAnswerError(unit, `${place} is missing`);
  if (isNonNullType(type))
    return value === null
      ? toAnswerError(unit, `${place} is null`)
      : toCheckedValue(checking, type.ofType, nodes, value);
  if (value === null) return null;
  if (isListType(type)) return toCheckedList(checking, type.ofType, nodes, value);
  if (isLeafType(type)) return toCheckedLeaf(checking, type, value);
  return toCheckedObject(checking, type, nodes, value);
}

// What nobody may send in, but may leave just so, is what a mask made of a value.
function toCheckedLeaf({ unit, place }: Checking, type: GraphQLLeafType, value: unknown): unknown {
  if (attempt(() => type.parseValue(value)) !== REFUSED) return value;
  if (typeof value === 'string' && attempt(() => type.serialize(value)) === value) return toMarked(value);
  return toAnswerError(unit, `${place} holds no ${type.name}`);
}

const REFUSED = Symbol('refused');

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return REFUSED;
  }
}

function toCheckedList(
  checking: Checking,
  inner: GraphQLOutputType,
  nodes: readonly FieldNode[],
  value: unknown,
): unknown {
  if (!Array.isArray(value)) return toAnswerError(checking.unit, `${checking.place} is no list`);
  const list: unknown[] = value;
  for (const [index, element] of list.entries()) {
    const checked = toCheckedValue(checking, inner, nodes, element);
    if (checked !== element) list[index] = checked;
  }
  return list;
}

function toCheckedObject(
  checking: Checking,
  type: GraphQLNamedType,
  nodes: readonly FieldNode[],
  value: unknown,
): unknown {
  const { asked, unit, place } = checking;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return toAnswerError(unit, `${place} is no object`);
  const row = value as Record<string, unknown>;
  const runtime = isObjectType(type) ? type : toRuntimeType(asked, type, row.__typename);
  if (runtime === null) return toAnswerError(unit, `${place} does not say which type it is`);
  for (const [key, fields] of asked.below(runtime, nodes)) {
    const name = fields[0]?.name.value ?? '';
    const field = runtime.getFields()[name];
    const before = Object.hasOwn(row, key) ? row[key] : undefined;
    if (field === undefined) {
      if (name === '__typename' && before !== runtime.name) row[key] = runtime.name;
      continue;
    }
    const after = toCheckedValue(
      { asked, unit, place: `${runtime.name}.${name}` },
      field.type,
      fields,
      before,
    );
    if (after !== before) row[key] = after;
  }
  return row;
}

function toRuntimeType(asked: Asked, type: GraphQLNamedType, typename: unknown): GraphQLObjectType | null {
  const named = typeof typename === 'string' ? asked.schema.getType(typename) : undefined;
  return isObjectType(named) && isAbstractType(type) && asked.schema.isSubType(type, named) ? named : null;
}
