// The plan of `node`, `nodes` and `nearby` in an operation of the whole hub: rows of any unit, by id or by place. The type of an
// id is known before anything is read; that of a row nearby is not, so there is a case for each type of which something is asked.
import { isHubError } from '../../schema/errors.ts';
import { parseId } from '../../schema/identity.ts';
import type { CatalogType } from './catalog.ts';
import { toNearbyValues } from './nearby-sql.ts';
import { toOwnKey } from './own-key.ts';
import type { EntityCase, NearbyField, RootPlan } from './plan.ts';
import { planInHop, toHop } from './plan-far.ts';
import { type NearbyArgs, toAround } from './plan-nearby.ts';
import type { PlanInput } from './plan-root.ts';
import { planRow, planStubFields } from './plan-row.ts';
import { isKnown, isStub, toLeaf } from './plan-stub.ts';
import type { Planning, WholePlanning } from './planning.ts';
import { type RowBudget, takeRows } from './row-budget.ts';
import type { Selected } from './selection.ts';

/** Entities that one operation may have looked for, by all its fields together: ids by `node` and `nodes`, rows by `nearby`. */
export const ENTITY_CAP = 1000;

/** Fields of all cases of an operation: what is asked of anything is written once for each type, and a statement has its length. */
const CASED_CAP = 10_000;

const ROOTS: readonly string[] = ['node', 'nodes', 'nearby'];

export function isEntityRoot({ name }: Selected): boolean {
  return ROOTS.includes(name);
}

/** What is asked of rows of any unit; null where it is refused. */
export function planEntityRoot(
  asked: Selected,
  input: PlanInput,
  planning: Planning,
  whole: WholePlanning,
  slot: number,
): RootPlan | null {
  if (asked.name === 'nearby') return planNearby(asked, input, planning, whole, slot);
  const { id, ids } = asked.args;
  const texts = asked.name === 'node' ? [String(id)] : (ids as readonly unknown[]).map(String);
  takeEntities(asked, texts.length, whole);
  const keys = texts.map((text) => toKnownKey(text, input));
  planning.values.set(
    `keys${slot}`,
    keys.map((known) => known?.key ?? null),
  );
  planning.values.set(
    `types${slot}`,
    keys.map((known) => known?.type.type.name ?? null),
  );
  // In one order, whatever the client's: so that the same types are the same statement.
  const types = new Map(
    keys.flatMap((known) => (known === null ? [] : [[known.type.type.name, known.type]])),
  );
  const sorted = [...types.keys()].sort().flatMap((name) => types.get(name) ?? []);
  for (const { type } of sorted) whole.looked.add(type.name);
  const cases = sorted.map((type) => {
    const { length } = keys.filter((known) => known?.type === type);
    return planCase(type, asked, length, planning, whole);
  });
  return { kind: 'entities', slot, listed: asked.name === 'nodes', cases };
}

type KnownKey = { readonly type: CatalogType; readonly key: string };

// What is no id of a type of the hub is nobody's, and null.
function toKnownKey(text: string, { catalog }: PlanInput): KnownKey | null {
  const type = catalog.types.get(parseId(text)?.type ?? '');
  const key = type === undefined ? null : toOwnKey(type, text);
  return type === undefined || key === null ? null : { type, key };
}

function planNearby(
  asked: Selected,
  { catalog, isMasked }: PlanInput,
  planning: Planning,
  whole: WholePlanning,
  slot: number,
): RootPlan | null {
  try {
    const around = toAround(asked.args as NearbyArgs, catalog.units, isMasked);
    takeEntities(asked, Math.max(1, around.limit), whole);
    for (const [name, value] of toNearbyValues(around, slot)) planning.values.set(name, value);
    const types = around.types.flatMap(({ type }) => catalog.types.get(type.name) ?? []);
    const fields = asked.fields.map((field): NearbyField => {
      if (field.name !== 'entity') return toLeaf(field);
      const cases = planEither(types, planning.budget, (type) =>
        planCase(type, field, around.limit, planning, whole),
      );
      return { kind: 'entity', key: field.key, cases };
    });
    return { kind: 'nearby', slot, types: types.map(({ type }) => type.name), fields };
  } catch (error) {
    if (!isHubError(error)) throw error;
    whole.refuse('FAULT', asked);
    return null;
  }
}

// A row is of one type: all of them together could bring no more than the most costly one.
function planEither(
  types: readonly CatalogType[],
  budget: RowBudget,
  planOne: (type: CatalogType) => EntityCase,
): readonly EntityCase[] {
  const { left } = budget;
  let least = left;
  const cases = types.map((type) => {
    budget.left = left;
    const one = planOne(type);
    least = Math.min(least, budget.left);
    return one;
  });
  budget.left = least;
  return cases;
}

function takeEntities(asked: Selected, count: number, whole: WholePlanning): void {
  whole.entities += count;
  if (whole.entities > ENTITY_CAP) whole.refuse('FAULT', asked);
}

function planCase(
  type: CatalogType,
  asked: Selected,
  count: number,
  planning: Planning,
  whole: WholePlanning,
): EntityCase {
  const { name } = type.type;
  const fields = asked.fieldsOf(name);
  const leaves = fields.map(toLeaf);
  // The hub itself knows ids: the unit stays untouched.
  if (fields.every(isKnown)) return { type: name, hop: null, fields: leaves };
  whole.cased += countFields(fields);
  if (whole.cased > CASED_CAP) {
    whole.refuse('FIELD', asked);
    return { type: name, hop: null, fields: [] };
  }
  const { parents } = planning;
  planning.parents = count;
  const planned = isStub(type, fields)
    ? { type: name, hop: null, fields: planStubFields(type, fields, planning) }
    : planRead(type, { ...asked, type: name, fields }, planning, whole);
  planning.parents = parents;
  return planned;
}

function planRead(type: CatalogType, asked: Selected, planning: Planning, whole: WholePlanning): EntityCase {
  const { name } = type.type;
  const excess = takeRows(planning.budget, asked, planning.parents, planning.catalog);
  if (excess !== null) {
    planning.faults.set(asked, excess);
    return { type: name, hop: null, fields: [] };
  }
  const hop = toHop(whole, type.unit);
  const fields = planInHop(hop, planning, whole, () => {
    planning.reads.set(asked, [name]);
    return planRow(type, asked.fields, planning);
  });
  return { type: name, hop: hop.index, fields };
}

function countFields(fields: readonly Selected[]): number {
  return fields.reduce((sum, field) => sum + 1 + countFields(field.fields), 0);
}
