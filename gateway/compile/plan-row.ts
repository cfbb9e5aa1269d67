// The second step of the compiler: what is asked of a row, a list or a division becomes a plan. Values leave the tree
// here and become named binds.
import { GraphQLError } from 'graphql';
import type { Field, UnitType } from '../../connectors/kit/manifest/model.ts';
import { type CatalogType, findAdded, findLocation, type RowsField } from './catalog.ts';
import { toCursorOf } from './cursor.ts';
import { planBucket } from './group/bucket.ts';
import { planGroups } from './group/plan-groups.ts';
import { toPlural } from './names.ts';
import { planOrder, toOrderMark } from './order/plan-order.ts';
import { toPage } from './paging.ts';
import type { DivisionField, EdgeField, GroupsNode, ListField, ListNode, Nothing, RowNode } from './plan.ts';
import { planAdded, planDivisionOfAll, planFar } from './plan-far.ts';
import { isKnown, isStub, toLeaf, toLeaves } from './plan-stub.ts';
import type { Planning } from './planning.ts';
import { takeRows } from './row-budget.ts';
import type { Selected } from './selection.ts';
import { planMoment, toBound } from './times/plan-times.ts';
import { toLooked } from './where/conditions.ts';
import { planWhere } from './where/plan-where.ts';

/** What is asked of a row of `type`. */
export function planRow(type: CatalogType, asked: readonly Selected[], planning: Planning): RowNode[] {
  planning.types.add(type.type.name);
  return asked.map((selected) => planField(type, selected, planning));
}

function planField(type: CatalogType, asked: Selected, planning: Planning): RowNode {
  const { key, name } = asked;
  if (asked.fault !== null) return planNothing(asked, asked.fault, planning);
  const added = findAdded(type, name);
  if (added !== null) return planAdded(added.type, asked, planning, () => planRows(added, asked, planning));
  const field = type.fields.get(name);
  switch (field?.kind) {
    case 'value': {
      const masked = planning.isMasked(field.field, type.type);
      if (field.field.graphql.name === 'Division') {
        return { kind: 'divisions', key, name, masked, fields: planBelowRow(asked, planning) };
      }
      return { kind: 'value', key, name, masked, leaves: toLeaves(asked.fields) };
    }
    case 'location':
      return {
        kind: 'location',
        key,
        name,
        masked: isLocationMasked(type, planning),
        leaves: toLeaves(asked.fields),
      };
    case 'source':
      return planSource(type, asked, planning);
    case 'division':
      return { kind: 'division', key, fields: planBelowRow(asked, planning) };
    case 'stub':
      return planStub(field.row, asked, planning);
    case 'nearest':
      if (field.row === null || (field.nearest.unit !== type.unit && planning.whole === null)) {
        return planStub(field.row, asked, planning);
      }
      return planOtherRow(type, field.row, asked, planning);
    case 'link':
      return planOtherRow(type, field.to, asked, planning);
    case 'list':
    case 'groups':
    case 'latest':
    case 'single':
    case 'current':
      return planRows(field, asked, planning);
    case 'id':
    case 'divisionBasis':
      return { kind: 'leaf', key, name };
    case undefined:
      // `__typename`, or a field that some other part of the graph adds to this type.
      if (name !== '__typename') planning.whole?.refuse('FIELD', asked);
      return { kind: 'leaf', key, name };
  }
}

function planRows(field: RowsField, asked: Selected, planning: Planning): RowNode {
  const { kind, type } = field;
  if (kind === 'list') return planList(type, asked.name, asked, planning);
  if (kind !== 'groups') return planNearRow(type, asked, planning);
  return planGroups(type, asked.name, asked, planning, (below) => planBelowRow(below, planning));
}

function planOtherRow(type: CatalogType, to: CatalogType, asked: Selected, planning: Planning): RowNode {
  if (planning.whole === null || to.unit === type.unit) return planNearRow(to, asked, planning);
  if (isStub(to, asked.fields)) return planStub(to, asked, planning);
  return planFar(to, asked, planning, planning.whole, planRow);
}

function planStub(to: CatalogType | null, asked: Selected, planning: Planning): RowNode {
  const { key, name, fields } = asked;
  return {
    kind: 'stub',
    key,
    name,
    fields: to === null ? toLeaves(fields) : planStubFields(to, fields, planning),
  };
}

/** What is asked of a stub; its type counts as untouched. */
export function planStubFields(
  type: CatalogType,
  asked: readonly Selected[],
  planning: Planning,
): readonly RowNode[] {
  return asked.map((one) => (isKnown(one) ? toLeaf(one) : planField(type, one, planning)));
}

function planNearRow(to: CatalogType, asked: Selected, planning: Planning): RowNode {
  const excess = takeRows(planning.budget, asked, planning.parents, planning.catalog);
  if (excess !== null) return planNothing(asked, excess, planning);
  planning.reads.set(asked, [to.type.name]);
  return { kind: 'row', key: asked.key, name: asked.name, fields: planRow(to, asked.fields, planning) };
}

function planNothing(asked: Selected, fault: GraphQLError, planning: Planning): Nothing {
  planning.faults.set(asked, fault);
  return { kind: 'nothing', key: asked.key };
}

function isLocationMasked(type: CatalogType, planning: Planning): boolean {
  const own = findLocation(type.type);
  if (own !== null) return planning.isMasked(own, type.type);
  return type.locationBy !== null && isLocationMasked(type.locationBy.to, planning);
}

function planSource(type: CatalogType, asked: Selected, planning: Planning): RowNode {
  // The native key repeats the key's columns: where one of them is masked, it is too.
  const masked = type.type.fields.some(
    (field) => isInKey(type.type, field) && planning.isMasked(field, type.type),
  );
  for (const one of asked.fields) if (one.name === 'unit') planning.whole?.checkUnit(one);
  const fields = asked.fields.map(({ key, name, fields: below }) =>
    name === 'unit'
      ? { kind: 'unit' as const, key, leaves: toLeaves(below) }
      : { kind: 'leaf' as const, key, name },
  );
  return { kind: 'source', key: asked.key, masked, fields };
}

function isInKey(type: UnitType, field: Field): boolean {
  if (type.key.includes(field.name)) return true;
  const links = type.links.filter((link) => type.key.includes(link.name));
  return links.some((link) => link.on.some((on) => on.pairs.some((pair) => pair.own === field.name)));
}

function planBelowRow(asked: Selected, planning: Planning): DivisionField[] {
  const fields = planDivision(asked.fields, planning);
  if (fields.some((one) => one.kind === 'list' || one.kind === 'groups')) planning.divisionLists = true;
  return fields;
}

/** What is asked of a division: its code and the lists of this unit's types in it. */
export function planDivision(asked: readonly Selected[], planning: Planning): DivisionField[] {
  const planOne = (selected: Selected): DivisionField => {
    const { key, name, fault } = selected;
    if (fault !== null) return planNothing(selected, fault, planning);
    const type = planning.catalog.listed.get(name);
    if (type === undefined) return { kind: 'leaf', key, name };
    return name === toPlural(type.type.name)
      ? planList(type, 'list', selected, planning)
      : planRootGroups(type, selected, planning);
  };
  if (planning.whole === null) return asked.map(planOne);
  return planDivisionOfAll(asked, planning, planning.whole, planOne);
}

/** Groups of all rows of a type, or of those in a division. */
export function planRootGroups(type: CatalogType, asked: Selected, planning: Planning): GroupsNode | Nothing {
  return planGroups(type, 'list', asked, planning, (below) => planBelowRow(below, planning));
}

/** A connection; its paging arguments are checked here, before any statement runs. `list` marks its cursors. */
export function planList(
  type: CatalogType,
  list: string,
  asked: Selected,
  planning: Planning,
): ListNode | Nothing {
  const moment = planMoment(asked, planning);
  if (moment instanceof GraphQLError) return planNothing(asked, moment, planning);
  if (moment !== null) planning.whole?.refuse('PAST', asked);
  const [where, inWhere] = toLooked(planning, () => planWhere(type, asked.args.where, planning));
  if (where instanceof GraphQLError) return planNothing(asked, where, planning);
  const [order, inOrder] = toLooked(planning, () => planOrder(type, asked.args.orderBy, planning));
  if (order instanceof GraphQLError) return planNothing(asked, order, planning);
  const page = toPage(asked.args, toCursorOf(type, list, toOrderMark(order)), planning.cursorKey);
  if (page instanceof GraphQLError) return planNothing(asked, page, planning);
  const bucket = planBucket(asked.args.bucket);
  if (bucket instanceof GraphQLError) return planNothing(asked, bucket, planning);
  const { parents, moment: outer } = planning;
  const rows = parents * page.limit;
  const excess = takeRows(planning.budget, asked, rows, planning.catalog);
  if (excess !== null) return planNothing(asked, excess, planning);
  planning.lists += 1;
  planning.types.add(type.type.name);
  planning.reads.set(asked, [type.type.name, ...inWhere, ...inOrder]);
  const slot = planning.lists;
  planning.values.set(`limit${slot}`, page.limit);
  planning.values.set(`bucket${slot}`, bucket);
  for (const [edge, values] of Object.entries({ after: page.after, before: page.before })) {
    values?.forEach((value, index) => {
      planning.values.set(`${edge}${slot}.${index}`, value);
    });
  }
  const changedSince = asked.args.changedSince ?? null;
  if (changedSince !== null) planning.values.set(`changedSince${slot}`, toBound(String(changedSince)));
  planning.parents = rows;
  planning.moment = moment;
  const fields = asked.fields.map((one) => planListField(type, one, planning));
  planning.parents = parents;
  planning.moment = outer;
  return {
    kind: 'list',
    key: asked.key,
    type: type.type.name,
    list,
    slot,
    page: { forward: page.forward, after: toNulls(page.after), before: toNulls(page.before) },
    asOf: moment?.slot ?? null,
    changedSince: changedSince !== null,
    where,
    order,
    bucket: bucket !== null,
    fields,
  };
}

function toNulls(values: readonly (string | null)[] | null): readonly boolean[] | null {
  return values?.map((value) => value === null) ?? null;
}

function planListField(type: CatalogType, asked: Selected, planning: Planning): ListField {
  const { key, name, fields } = asked;
  if (name === 'nodes') return { kind: 'nodes', key, fields: planRow(type, fields, planning) };
  if (name === 'pageInfo') return { kind: 'pageInfo', key, leaves: toLeaves(fields) };
  if (name === 'edges') {
    return { kind: 'edges', key, fields: fields.map((one) => planEdgeField(type, one, planning)) };
  }
  return { kind: 'leaf', key, name };
}

function planEdgeField(type: CatalogType, asked: Selected, planning: Planning): EdgeField {
  const { key, name } = asked;
  if (name === 'node') return { kind: 'node', key, fields: planRow(type, asked.fields, planning) };
  return { kind: 'leaf', key, name };
}
