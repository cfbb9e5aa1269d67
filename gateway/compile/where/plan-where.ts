// What a client's `where` says becomes a plan: values leave it and become named binds, and whatever cannot be answered is a
// fault that names the argument.
import type { GraphQLError } from 'graphql';
import type { Field } from '../../../connectors/kit/manifest/model.ts';
import { isSoundText } from '../../../store/write/copy-text.ts';
import { type CatalogType, findLocation, type GraphField } from '../catalog.ts';
import { toOwnKey } from '../own-key.ts';
import {
  bind,
  type Conditions,
  count,
  type Given,
  orFault,
  planCounted,
  Refused,
  toList,
  toStated,
} from './conditions.ts';
import { planLogic } from './logic.ts';
import { ID_OPERATORS, type Operator, toFilter } from './operators.ts';
import { planArea } from './plan-area.ts';
import type { WhereNode } from './where-node.ts';

/** Values that one `in` may have. */
export const VALUE_CAP = 10_000;

/**
 * The plan of `where`, an input object as GraphQL coerced it; null where it says nothing. A GraphQLError for what cannot be
 * answered: HUB_QUERY_INVALID, HUB_QUERY_LIMIT, HUB_QUERY_MASKED.
 */
export function planWhere(
  type: CatalogType,
  where: unknown,
  conditions: Conditions,
): WhereNode | null | GraphQLError {
  if (where === null || where === undefined) return null;
  const plan = () => planAll(type, where as Given, 'where', conditions);
  const node = orFault(() => planCounted('where', conditions, plan));
  return 'kind' in node && node.kind === 'all' && node.of.length === 0 ? null : node;
}

function planAll(type: CatalogType, given: Given, place: string, conditions: Conditions): WhereNode {
  const of = toStated(given).flatMap(([name, value]) =>
    planOne(type, name, value, `${place}.${name}`, conditions),
  );
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind: 'all', of };
}

function planOne(
  type: CatalogType,
  name: string,
  value: unknown,
  place: string,
  conditions: Conditions,
): readonly WhereNode[] {
  const below = (one: unknown, at: string): WhereNode => planAll(type, one as Given, at, conditions);
  const joined = planLogic(name, value, place, below);
  if (joined !== null) return joined;
  switch (name) {
    case 'id':
      return planId(type, value as Given, place, conditions);
    case 'near':
    case 'within':
      if (name === 'near' || (value as Given).polygon != null) assertPlaceIsSeen(type, place, conditions);
      return planArea(name, value as Given, place, conditions);
    default:
      return planField(type, name, value as Given, place, conditions);
  }
}

function planField(
  type: CatalogType,
  name: string,
  given: Given,
  place: string,
  conditions: Conditions,
): WhereNode[] {
  const field = type.fields.get(name);
  if (field === undefined) throw new Refused('HUB_QUERY_INVALID', `Argument "${place}" names no field.`);
  if (field.kind === 'value') return planValue(type, field.field, given, place, conditions);
  const to = toRowOf(field);
  if (to === null) throw new Refused('HUB_QUERY_INVALID', `Argument "${place}" cannot be asked.`);
  conditions.types.add(to.type.name);
  count(conditions);
  if (field.kind !== 'list') return [{ kind: 'row', field: name, of: planAll(to, given, place, conditions) }];
  return (['some', 'none'] as const).flatMap((kind) => {
    const of = given[kind];
    if (of === null || of === undefined) return [];
    return [{ kind, field: name, of: planAll(to, of as Given, `${place}.${kind}`, conditions) }];
  });
}

/** The type of the row, or rows, that a field leads to and that conditions and orders may look at. */
export function toRowOf(field: GraphField): CatalogType | null {
  switch (field.kind) {
    case 'link':
      return field.to;
    case 'stub':
      return field.row;
    case 'latest':
    case 'single':
    case 'current':
    case 'list':
      return field.type;
    default:
      return null;
  }
}

function planValue(
  type: CatalogType,
  field: Field,
  given: Given,
  place: string,
  conditions: Conditions,
): WhereNode[] {
  const filter = toFilter(field);
  if (filter === null) throw new Refused('HUB_QUERY_INVALID', `Argument "${place}" cannot be asked.`);
  assertSeen(type, field, place, conditions);
  return Object.entries(given).map(([operator, operand]) =>
    planOperator(field.name, operator as Operator, operand, `${place}.${operator}`, conditions),
  );
}

/** A condition on what is masked would tell it, one question after the other. */
function assertSeen(type: CatalogType, field: Field, place: string, { isMasked }: Conditions): void {
  if (isMasked(field, type.type)) throw toMasked(place);
}

export function toMasked(place: string): Refused {
  return new Refused(
    'HUB_QUERY_MASKED',
    `Argument "${place}" is over a field that you may not see unmasked.`,
  );
}

function assertPlaceIsSeen(type: CatalogType, place: string, conditions: Conditions): void {
  const own = findLocation(type.type);
  if (own !== null) assertSeen(type, own, place, conditions);
  else if (type.locationBy !== null) assertPlaceIsSeen(type.locationBy.to, place, conditions);
}

/** The condition that one operator asks of a value; `place` names its argument. Throws Refused. */
export function planOperator(
  field: string,
  operator: Operator,
  operand: unknown,
  place: string,
  conditions: Conditions,
): WhereNode {
  if (operand === null || operand === undefined)
    throw new Refused('HUB_QUERY_INVALID', `Argument "${place}" must not be null: use "isNull".`);
  if (operator === 'isNull') {
    count(conditions);
    return { kind: 'isNull', field, yes: operand === true };
  }
  const operands = toOperands(operator, operand, place);
  // No stored text holds NUL or half a surrogate pair, and PostgreSQL would refuse the question.
  const sound = operands.filter((one) => typeof one !== 'string' || isSoundText(one));
  if (operator !== 'in' && sound.length < operands.length)
    return operator === 'ne' ? { kind: 'all', of: [] } : { kind: 'never' };
  if (operator === 'in') return { kind: 'compare', field, operator, slots: [bind(conditions, sound)] };
  return { kind: 'compare', field, operator, slots: sound.map((one) => bind(conditions, one)) };
}

function toOperands(operator: Operator, operand: unknown, place: string): readonly unknown[] {
  if (operator !== 'in' && operator !== 'between') return [toBound(operand)];
  const list = toList(operand).map(toBound);
  if (operator === 'between' && list.length !== 2)
    throw new Refused(
      'HUB_QUERY_INVALID',
      `Argument "${place}" must be a list of two, [from, to], but has: ${list.length}`,
    );
  if (list.length > VALUE_CAP)
    throw new Refused(
      'HUB_QUERY_LIMIT',
      `Argument "${place}" must have at most ${VALUE_CAP} values, but has: ${list.length}`,
    );
  return list;
}

/** Numbers as text: the statement casts them, and no digit is lost on the way. */
function toBound(value: unknown): unknown {
  return typeof value === 'boolean' ? value : String(value);
}

function planId(type: CatalogType, given: Given, place: string, conditions: Conditions): WhereNode[] {
  return ID_OPERATORS.flatMap((operator): WhereNode[] => {
    if (!(operator in given)) return [];
    const operand = given[operator];
    if (operand === null || operand === undefined)
      throw new Refused('HUB_QUERY_INVALID', `Argument "${place}.${operator}" must not be null.`);
    const keys = toOperands(operator, operand, `${place}.${operator}`)
      .map((id) => toOwnKey(type, id))
      .filter((key) => key !== null);
    if (operator === 'in') return [{ kind: 'id', operator, slot: bind(conditions, keys) }];
    const [key] = keys;
    if (key === undefined) return operator === 'ne' ? [] : [{ kind: 'never' }];
    return [{ kind: 'id', operator: operator as 'eq' | 'ne', slot: bind(conditions, key) }];
  });
}
