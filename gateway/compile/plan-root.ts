// The plan of a root field: one row by id, all rows of a type, or one of the hidden batch lookups that merging asks.
import { GraphQLError } from 'graphql';
import type { Field, UnitType } from '../../connectors/kit/manifest/model.ts';
import type { Divisions } from '../../schema/divisions/divisions.ts';
import type { Catalog, CatalogType } from './catalog.ts';
import { type DivisionRanges, toLookupRanges } from './division-ranges.ts';
import { toFault } from './fault.ts';
import { toAggregate, toChangesRoot, toLookup, toPlural, toSingular } from './names.ts';
import { toOwnKey } from './own-key.ts';
import type { Planned, RootPlan } from './plan.ts';
import { planDivision, planList, planRootGroups, planRow, planStubFields } from './plan-row.ts';
import type { Planning } from './planning.ts';
import type { RowBudget } from './row-budget.ts';
import type { Selected } from './selection.ts';
import { planChanges } from './times/plan-changes.ts';
import { planMoment } from './times/plan-times.ts';

export type PlanInput = {
  readonly catalog: Catalog;
  readonly cursorKey: Buffer;
  readonly isMasked: (field: Field, type: UnitType) => boolean;
  readonly divisions: Divisions;
  /** Of all divisions; made once. */
  readonly ranges: DivisionRanges;
  /** Wall clock of the operation, UTC. */
  readonly now: string;
  /** Shared by the root fields of one request. */
  readonly budget: RowBudget;
};

/** What a root field asks of the store, or the fault that stands in its place. */
export function planRoot(asked: Selected, input: PlanInput): Planned | GraphQLError {
  if (asked.fault !== null) return asked.fault;
  const planning = toPlanning(input);
  const plan = planKind(asked, input, planning);
  if (plan instanceof GraphQLError) return plan;
  addRanges(planning, input.ranges);
  return { plan, ...planning };
}

/** Planning before its first field. */
export function toPlanning(input: PlanInput): Planning {
  return {
    catalog: input.catalog,
    cursorKey: input.cursorKey,
    isMasked: input.isMasked,
    divisions: input.divisions,
    conditions: 0,
    values: new Map<string, unknown>([
      ['now', input.now],
      ['cursorKey', input.cursorKey],
    ]),
    types: new Set(),
    moment: null,
    moments: new Map(),
    faults: new Map(),
    reads: new Map(),
    divisionLists: false,
    lists: 0,
    parents: 1,
    budget: input.budget,
    whole: null,
  };
}

function planKind(asked: Selected, input: PlanInput, planning: Planning): RootPlan | GraphQLError {
  const unit = input.catalog.unit?.unit ?? '';
  if (asked.name === toLookup(unit, 'Division')) {
    const codes = asked.args.codes as readonly string[];
    setRanges(planning, 0, toLookupRanges(codes, input.divisions));
    planning.parents = codes.length;
    return { kind: 'divisions', slot: 0, fields: planDivision(asked.fields, planning) };
  }
  for (const type of input.catalog.types.values()) {
    const plan = planTypeRoot(type, asked, planning, 0);
    if (plan !== null) return plan;
  }
  for (const type of input.catalog.added.values()) {
    if (asked.name !== toLookup(unit, type.type.name)) continue;
    bindKeys(type, asked, planning, 0);
    const fields = planStubFields(type, asked.fields, planning);
    return { kind: 'stubs', slot: 0, type: type.type.name, fields };
  }
  return toFault('HUB_QUERY_INVALID', `${unit} has no root field ${asked.name}.`);
}

/** Null where the root field is not one of this type's. */
export function planTypeRoot(
  type: CatalogType,
  asked: Selected,
  planning: Planning,
  slot: number,
): RootPlan | GraphQLError | null {
  const { name } = type.type;
  if (asked.name === toPlural(name)) {
    const list = planList(type, 'list', asked, planning);
    if (list.kind === 'list') return { kind: 'all', type: name, list };
    return planning.faults.get(asked) ?? null;
  }
  if (asked.name === toChangesRoot(name)) {
    planning.whole?.refuse('PAST', asked);
    return planChanges(type, asked, planning);
  }
  if (asked.name === toAggregate(toPlural(name))) {
    const groups = planRootGroups(type, asked, planning);
    if (groups.kind === 'groups') return { kind: 'groups', type: name, groups };
    return planning.faults.get(asked) ?? null;
  }
  if (asked.name === toSingular(name)) {
    const moment = planMoment(asked, planning);
    if (moment instanceof GraphQLError) return moment;
    if (moment !== null) planning.whole?.refuse('PAST', asked);
    planning.moment = moment;
    planning.reads.set(asked, [name]);
    planning.values.set(`key${slot}`, toOwnKey(type, asked.args.id));
    const fields = planRow(type, asked.fields, planning);
    planning.moment = null;
    return { kind: 'one', slot, type: name, asOf: moment?.slot ?? null, fields };
  }
  if (asked.name === toLookup(type.unit, name)) {
    bindKeys(type, asked, planning, slot);
    return { kind: 'lookup', slot, type: name, fields: planRow(type, asked.fields, planning) };
  }
  return null;
}

function bindKeys(type: CatalogType, { args }: Selected, planning: Planning, slot: number): void {
  const ids = args.ids as readonly unknown[];
  planning.values.set(
    `keys${slot}`,
    ids.map((id) => toOwnKey(type, id)),
  );
  planning.parents = ids.length;
}

/** Binds the divisions of a root field. */
export function setRanges(planning: Planning, slot: number, ranges: DivisionRanges): void {
  planning.values.set(`codes${slot}`, ranges.codes);
  planning.values.set(`los${slot}`, ranges.los);
  planning.values.set(`his${slot}`, ranges.his);
}

/** A division below a row is known only while the statement runs: where it has lists, the ranges of all divisions go along. */
export function addRanges(planning: Planning, ranges: DivisionRanges): void {
  if (!planning.divisionLists) return;
  planning.values.set('divisionCodes', ranges.codes);
  planning.values.set('divisionLos', ranges.los);
  planning.values.set('divisionHis', ranges.his);
}
