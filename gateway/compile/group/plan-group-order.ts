// What a client's `orderBy` says of groups becomes terms: a count, a measured value or a part of the key.
import type { CatalogType } from '../catalog.ts';
import { TERM_CAP } from '../order/plan-order.ts';
import { type Conditions, Refused } from '../where/conditions.ts';
import type { GroupOrder } from './group-node.ts';
import { toMeasured } from './plan-having.ts';
import { toOnly } from './plan-key.ts';

type Given = { readonly [name: string]: unknown };

/** The terms in their order; `paths` are the parts of the key. Throws Refused. */
export function planGroupOrder(
  type: CatalogType,
  orderBy: unknown,
  paths: readonly string[],
  conditions: Conditions,
): readonly GroupOrder[] {
  if (orderBy === null || orderBy === undefined) return [];
  const given = (Array.isArray(orderBy) ? orderBy : [orderBy]) as readonly Given[];
  if (given.length > TERM_CAP)
    throw new Refused(
      'HUB_QUERY_LIMIT',
      `Argument "orderBy" must have at most ${TERM_CAP} fields, but has: ${given.length}`,
    );
  return given.map((one, index) => planTerm(type, one, `orderBy[${index}]`, paths, conditions));
}

function planTerm(
  type: CatalogType,
  given: Given,
  place: string,
  paths: readonly string[],
  conditions: Conditions,
): GroupOrder {
  const [name, value] = toOnly(given, place);
  if (name === 'count') return { by: { of: 'count' }, desc: value === 'DESC' };
  if (name === 'group') return planPart(value as Given, `${place}.group`, [], paths);
  const [field, direction] = toOnly(value as Given, `${place}.${name}`);
  const by = toMeasured(type, name, field, `${place}.${name}.${field}`, conditions);
  return { by, desc: direction === 'DESC' };
}

function planPart(given: Given, place: string, via: readonly string[], paths: readonly string[]): GroupOrder {
  const [name, value] = toOnly(given, place);
  const path = [...via, name];
  if (typeof value !== 'string') return planPart(value as Given, `${place}.${name}`, path, paths);
  const term = paths.indexOf(path.join('.'));
  if (term < 0)
    throw new Refused('HUB_QUERY_INVALID', `Argument "${place}.${name}" is no part of "groupBy".`);
  return { by: { term }, desc: value === 'DESC' };
}
