// Which groups stand in the answer: `having` becomes a plan, and a measured value is found by the words of an input.
import type { CatalogType } from '../catalog.ts';
import { type Conditions, type Given, planCounted, Refused, toStated } from '../where/conditions.ts';
import { planLogic } from '../where/logic.ts';
import type { Operator } from '../where/operators.ts';
import { planOperator, toMasked } from '../where/plan-where.ts';
import type { HavingNode, Measured } from './group-node.ts';
import { COMPARED } from './measures.ts';

/** The plan of `having`; null where it says nothing. Throws Refused. */
export function planHaving(type: CatalogType, having: unknown, conditions: Conditions): HavingNode | null {
  if (having === null || having === undefined) return null;
  return planCounted('having', conditions, () => planAll(type, having as Given, 'having', conditions));
}

function planAll(type: CatalogType, given: Given, place: string, conditions: Conditions): HavingNode {
  const of = toStated(given).flatMap(([name, value]) =>
    planOne(type, name, value, `${place}.${name}`, conditions),
  );
  return { kind: 'all', of };
}

function planOne(
  type: CatalogType,
  name: string,
  value: unknown,
  place: string,
  conditions: Conditions,
): readonly HavingNode[] {
  const below = (one: unknown, at: string): HavingNode => planAll(type, one as Given, at, conditions);
  const joined = planLogic(name, value, place, below);
  if (joined !== null) return joined;
  switch (name) {
    case 'count':
      return planTests({ of: 'count' }, value as Given, place, conditions);
    default:
      return toStated(value as Given).flatMap(([field, filter]) => {
        const over = toMeasured(type, name, field, `${place}.${field}`, conditions);
        return planTests(over, filter as Given, `${place}.${field}`, conditions);
      });
  }
}

function planTests(
  over: Measured,
  filter: Given,
  place: string,
  conditions: Conditions,
): readonly HavingNode[] {
  return Object.entries(filter).map(([operator, operand]) => {
    const test = planOperator('', operator as Operator, operand, `${place}.${operator}`, conditions);
    return { kind: 'test', over, test };
  });
}

/** The value of a function over a field. Throws Refused where there is none, and where the field is masked. */
export function toMeasured(
  type: CatalogType,
  name: string,
  fieldName: string,
  place: string,
  { isMasked }: Conditions,
): Measured {
  const fn = COMPARED.find((one) => one === name);
  const field = type.fields.get(fieldName);
  if (fn === undefined || field?.kind !== 'value')
    throw new Refused('HUB_QUERY_INVALID', `Argument "${place}" cannot be asked.`);
  if (isMasked(field.field, type.type)) throw toMasked(place);
  return { of: fn, field: fieldName };
}
