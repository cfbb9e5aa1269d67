// What a client's `orderBy` says becomes terms; every list has a total order, so its key always comes last.
import type { GraphQLError } from 'graphql';
import type { Field } from '../../../connectors/kit/manifest/model.ts';
import { toSqlType } from '../../../store/columns.ts';
import type { CatalogType, GraphField } from '../catalog.ts';
import { type Conditions, type Given, orFault, Refused, toMembers, toOnly } from '../where/conditions.ts';
import { toMasked, toRowOf } from '../where/plan-where.ts';

/** Fields that one list may be ordered by. */
const TERM_CAP = 8;

/** `via`: the links, latest readings or single inverses that lead to the row whose field orders; `id` stands for its key. */
export type OrderTerm = { readonly via: readonly string[]; readonly field: string; readonly desc: boolean };

/** The terms in their order; empty for the list's own order. A GraphQLError (HUB_QUERY_INVALID, _LIMIT, _MASKED) for what cannot order. */
export function planOrder(
  type: CatalogType,
  orderBy: unknown,
  conditions: Conditions,
): readonly OrderTerm[] | GraphQLError {
  return orFault(() =>
    toOrderTerms(orderBy).map((one, index) => planTerm(type, one, `orderBy[${index}]`, [], conditions)),
  );
}

/** What `orderBy` says, of rows as of groups. Throws Refused where it names too many fields. */
export function toOrderTerms(orderBy: unknown): readonly Given[] {
  return toMembers('orderBy', orderBy, TERM_CAP, 'fields');
}

function planTerm(
  type: CatalogType,
  given: Given,
  place: string,
  via: readonly string[],
  conditions: Conditions,
): OrderTerm {
  const [name, value] = toOnly(given, place, 'The order of several is that of the list.');
  if (typeof value === 'string')
    return { via, field: toOrdering(type, name, place, conditions), desc: value === 'DESC' };
  const field = type.fields.get(name);
  const to = field === undefined ? null : toRowOf(field);
  if (to === null) throw new Refused('HUB_QUERY_INVALID', `Argument "${place}.${name}" cannot order.`);
  conditions.types.add(to.type.name);
  return planTerm(to, value as Given, `${place}.${name}`, [...via, name], conditions);
}

function toOrdering(type: CatalogType, name: string, place: string, { isMasked }: Conditions): string {
  const field = type.fields.get(name);
  if (field?.kind === 'value' && isMasked(field.field, type.type)) throw toMasked(`${place}.${name}`);
  return name;
}

/** Whether rows can be ordered by a field. */
export function isOrdering(field: Field): boolean {
  return !field.graphql.list && !NO_ORDER.has(field.graphql.name) && toSqlType(field) !== 'point';
}

const NO_ORDER: ReadonlySet<string> = new Set(['GeoJSON', 'Division']);

/** Whether rows can be ordered by a field of the row that this field leads to. */
export function isOrderingWay(field: GraphField): boolean {
  return field.kind !== 'list' && toRowOf(field) !== null;
}

/** The order as one word: it marks the cursors of a list, so that one of another order is refused. Empty for the list's own. */
export function toOrderMark(terms: readonly OrderTerm[]): string {
  return terms.map(({ via, field, desc }) => `${desc ? '-' : ''}${[...via, field].join('.')}`).join(',');
}
