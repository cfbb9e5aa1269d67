// What a client's `orderBy` says of groups becomes terms: a count, a measured value or a part of the key.
import type { CatalogType } from '../catalog.ts';
import { toOrderTerms } from '../order/plan-order.ts';
import { type Conditions, type Given, Refused } from '../where/conditions.ts';
import type { GroupOrder } from './group-node.ts';
import { toMeasured } from './plan-having.ts';
import { toOnlyPart } from './plan-key.ts';

/** The terms in their order; `paths` are the parts of the key. Throws Refused. */
export function planGroupOrder(
  type: CatalogType,
  orderBy: unknown,
  paths: readonly string[],
  conditions: Conditions,
): readonly GroupOrder[] {
  return toOrderTerms(orderBy).map((one, index) =>
    planTerm(type, one, `orderBy[${index}]`, paths, conditions),
  );
}

function planTerm(
  type: CatalogType,
  given: Given,
  place: string,
  paths: readonly string[],
  conditions: Conditions,
): GroupOrder {
  const [name, value] = toOnlyPart(given, place);
  if (name === 'count') return { by: { of: 'count' }, desc: value === 'DESC' };
  if (name === 'group') return planPart(value as Given, `${place}.group`, [], paths);
  const [field, direction] = toOnlyPart(value as Given, `${place}.${name}`);
  const by = toMeasured(type, name, field, `${place}.${name}.${field}`, conditions);
  return { by, desc: direction === 'DESC' };
}

function planPart(given: Given, place: string, via: readonly string[], paths: readonly string[]): GroupOrder {
  const [name, value] = toOnlyPart(given, place);
  const path = [...via, name];
  if (typeof value !== 'string') return planPart(value as Given, `${place}.${name}`, path, paths);
  const term = paths.indexOf(path.join('.'));
  if (term < 0)
    throw new Refused('HUB_QUERY_INVALID', `Argument "${place}.${name}" is no part of "groupBy".`);
  return { by: { term }, desc: value === 'DESC' };
}
