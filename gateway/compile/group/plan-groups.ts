// The plan of an aggregate: its arguments are checked here, before any statement runs, and what is selected of a group finds
// its part of the key or its function.
import { GraphQLError } from 'graphql';
import type { Catalog, CatalogType } from '../catalog.ts';
import { toFault } from '../fault.ts';
import { PAGE_CAP } from '../paging.ts';
import type { GroupField, GroupsNode, MeasureField, Nothing } from '../plan.ts';
import { type RowBudget, takeRows } from '../row-budget.ts';
import type { Selected } from '../selection.ts';
import { bind, type Conditions, orFault, Refused, toLooked } from '../where/conditions.ts';
import { planWhere } from '../where/plan-where.ts';
import type { GroupTerm } from './group-node.ts';
import { type Fn, FUNCTIONS } from './measures.ts';
import { planGroupOrder } from './plan-group-order.ts';
import { planHaving } from './plan-having.ts';
import { type PlanDivision, planKeyFields, planKeys, toPath } from './plan-key.ts';

/** Groups of an aggregate that does not say `first`. */
export const GROUPS = 100;

/** The part of a planning that aggregates use. */
export type GroupPlanning = Conditions & {
  readonly catalog: Catalog;
  readonly faults: Map<Selected, GraphQLError>;
  readonly reads: Map<Selected, readonly string[]>;
  readonly budget: RowBudget;
  lists: number;
  parents: number;
};

/** Groups of rows of `type`; `list` names the list of which they are. */
export function planGroups(
  type: CatalogType,
  list: string,
  asked: Selected,
  planning: GroupPlanning,
  planDivision: PlanDivision,
): GroupsNode | Nothing {
  const { key, args } = asked;
  const [planned, looked] = toLooked(planning, () => planArguments(type, args, planning));
  if (planned instanceof GraphQLError) return planNothing(asked, planned, planning);
  const { parents } = planning;
  const rows = parents * (planned.keys.length === 0 ? Math.min(1, planned.limit) : planned.limit);
  const excess = takeRows(planning.budget, asked, rows, planning.catalog);
  if (excess !== null) return planNothing(asked, excess, planning);
  planning.lists += 1;
  const slot = planning.lists;
  planning.values.set(`limit${slot}`, planned.limit);
  planning.types.add(type.type.name);
  planning.reads.set(asked, [type.type.name, ...looked]);
  planning.parents = rows;
  const fields = asked.fields.map((one) => planField(type, one, planned.keys, planning, planDivision));
  planning.parents = parents;
  const { where, keys, having, order } = planned;
  return { kind: 'groups', key, type: type.type.name, list, slot, where, keys, having, order, fields };
}

type Arguments = Pick<GroupsNode, 'where' | 'keys' | 'having' | 'order'> & { readonly limit: number };

function planArguments(
  type: CatalogType,
  args: Selected['args'],
  planning: GroupPlanning,
): Arguments | GraphQLError {
  const where = planWhere(type, args.where, planning);
  if (where instanceof GraphQLError) return where;
  return orFault(() => {
    const keys = planKeys(type, args.groupBy, planning);
    const having = planHaving(type, args.having, planning);
    const order = planGroupOrder(type, args.orderBy, keys.map(toPath), planning);
    return { where, keys, having, order, limit: toLimit(args.first) };
  });
}

function toLimit(first: unknown): number {
  if (first === null || first === undefined) return GROUPS;
  if (typeof first === 'number' && first >= 0 && first <= PAGE_CAP) return first;
  throw new Refused('HUB_QUERY_LIMIT', `Argument "first" must be 0 to ${PAGE_CAP}, but got: ${first}`);
}

function planNothing(asked: Selected, fault: GraphQLError, planning: GroupPlanning): Nothing {
  planning.faults.set(asked, fault);
  return { kind: 'nothing', key: asked.key };
}

function planField(
  type: CatalogType,
  asked: Selected,
  keys: readonly GroupTerm[],
  planning: GroupPlanning,
  planDivision: PlanDivision,
): GroupField {
  const { key, name } = asked;
  if (asked.fault !== null) return planNothing(asked, asked.fault, planning);
  if (name === 'group') {
    const fields = keys.length === 0 ? null : planKeyFields(asked, keys.map(toPath), planDivision);
    return { kind: 'key', key, fields };
  }
  if (!(name in FUNCTIONS)) return { kind: 'leaf', key, name };
  const fn = name as Fn;
  const share = fn === 'percentile' ? Number(asked.args.p) : 0;
  if (!(share >= 0 && share <= 1)) {
    const message = `Argument "p" of "${key}" must be 0 to 1, but got: ${share}`;
    return planNothing(asked, toFault('HUB_QUERY_LIMIT', message), planning);
  }
  const slot = fn === 'percentile' ? bind(planning, share) : '';
  const fields = asked.fields.map((one) => planMeasure(type, fn, slot, one, planning));
  return { kind: 'measures', key, of: fn, fields };
}

function planMeasure(
  type: CatalogType,
  fn: Fn,
  slot: string,
  asked: Selected,
  planning: GroupPlanning,
): MeasureField {
  const { key, name } = asked;
  const field = type.fields.get(name);
  if (field?.kind !== 'value') return { kind: 'leaf', key, name };
  if (planning.isMasked(field.field, type.type)) {
    const message = `"${fn}.${name}" is over a field that you may not see unmasked.`;
    return planNothing(asked, toFault('HUB_QUERY_MASKED', message), planning);
  }
  const measured = fn === 'percentile' ? { of: fn, field: name, slot } : { of: fn, field: name };
  return { kind: 'measure', key, measured };
}
