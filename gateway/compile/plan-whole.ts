// The plan of a whole operation: all its roots at once, with one set of binds. What does not lie in the store or in the
// hub's memory is refused, and stitching answers.
import { GraphQLError } from 'graphql';
import { toLookupRanges } from './division-ranges.ts';
import type { Planned, RootPlan, WholePlan } from './plan.ts';
import { isEntityRoot, planEntityRoot } from './plan-entities.ts';
import { isOfHub, planInHop, toFragment, toHop, toWholePlanning } from './plan-far.ts';
import { addRanges, type PlanInput, planTypeRoot, setRanges, toPlanning } from './plan-root.ts';
import { planDivision } from './plan-row.ts';
import type { Fragment, Hop, Planning, Refusal, WholePlanning } from './planning.ts';
import type { Selected } from './selection.ts';

/** `types`: all that are read, of whatever unit; `looked`: those that must have been loaded, whatever hop is reached. */
export type WholePlanned = Pick<Planned, 'values' | 'types'> & {
  readonly looked: ReadonlySet<string>;
  readonly plan: WholePlan;
  readonly hops: readonly Hop[];
  readonly fragments: readonly Fragment[];
};

type Root = WholePlan['roots'][number];

/** One plan for all roots. Any fault of an argument or of the budget refuses it: this plan answers only what has none. */
export function planWhole(roots: readonly Selected[], input: PlanInput): WholePlanned | Refusal {
  const whole = toWholePlanning(input.divisions);
  const planning: Planning = { ...toPlanning(input), whole };
  const plan = { roots: roots.map((asked, slot) => planAnyRoot(asked, input, planning, whole, slot)) };
  const [fault] = planning.faults.keys();
  if (fault !== undefined) whole.refuse('FAULT', fault);
  if (whole.refusal !== null) return whole.refusal;
  addRanges(planning, input.ranges);
  const { values } = planning;
  const { hops, fragments, looked } = whole;
  const types = new Set([...hops.flatMap((hop) => [...hop.types]), ...looked]);
  return { plan, values, types, looked, hops, fragments };
}

function planAnyRoot(
  asked: Selected,
  input: PlanInput,
  planning: Planning,
  whole: WholePlanning,
  slot: number,
): Root {
  const { key, name } = asked;
  if (asked.fault !== null) whole.refuse('FAULT', asked);
  if (asked.fault !== null || name === '__typename') return { kind: 'leaf', key, name };
  const isDivision = name === 'division' || name === 'divisions';
  if (name === 'viewer' || (isDivision && asked.fields.every(isOfHub))) {
    return { kind: 'hub', key, fragment: toFragment(whole, 'OPERATION', asked) };
  }
  const planRootOf = isDivision ? planDivisions : isEntityRoot(asked) ? planEntityRoot : planUnitRoot;
  const plan = planRootOf(asked, input, planning, whole, slot);
  if (plan === null) return { kind: 'leaf', key, name };
  return { kind: 'store', key, plan };
}

function planDivisions(
  asked: Selected,
  input: PlanInput,
  planning: Planning,
  whole: WholePlanning,
  slot: number,
): RootPlan {
  const { code, level } = asked.args;
  const { divisions } = input;
  // A former code means its successor, and shows that one's.
  const codes =
    asked.name === 'division'
      ? [divisions.find(String(code))?.code ?? String(code)]
      : divisions.all.filter((one) => level == null || one.level === level).map((one) => one.code);
  setRanges(planning, slot, toLookupRanges(codes, divisions));
  planning.parents = codes.length;
  whole.places = codes;
  const fields = planDivision(asked.fields, planning);
  whole.places = null;
  planning.parents = 1;
  return { kind: asked.name === 'division' ? 'division' : 'divisions', slot, fields };
}

function planUnitRoot(
  asked: Selected,
  input: PlanInput,
  planning: Planning,
  whole: WholePlanning,
  slot: number,
): RootPlan | null {
  for (const type of input.catalog.types.values()) {
    const plan = planInHop(toHop(whole, type.unit, true), planning, whole, () =>
      planTypeRoot(type, asked, planning, slot),
    );
    if (plan === null) {
      whole.hops.pop();
      continue;
    }
    if (!(plan instanceof GraphQLError)) return plan;
    whole.refuse('FAULT', asked);
    return null;
  }
  whole.refuse('ROOT', asked);
  return null;
}
