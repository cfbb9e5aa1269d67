// What a plan of the whole hub has beside that of one unit: rows and lists of other units, and what the hub knows by heart.
import { type CatalogType, findListed } from './catalog.ts';
import type { DivisionField, RowNode } from './plan.ts';
import type { Fragment, Hop, Planning, WholePlanning } from './planning.ts';
import { takeRows } from './row-budget.ts';
import type { Selected } from './selection.ts';

const UNIT_NAMES: readonly string[] = ['code', 'name', 'nameEn', '__typename'];

export function toWholePlanning(): WholePlanning {
  const whole: WholePlanning = {
    hops: [],
    fragments: [],
    refusal: null,
    hop: null,
    refuse(why, { name }) {
      whole.refusal ??= { why, at: name };
    },
    checkUnit({ fields }) {
      const other = fields.find(({ name }) => !UNIT_NAMES.includes(name));
      if (other !== undefined) whole.refuse('FIELD', other);
    },
  };
  return whole;
}

export function toHop(whole: WholePlanning, unit: string, sure = false): Hop {
  const hop: Hop = { index: whole.hops.length, unit, types: new Set(), sure };
  whole.hops.push(hop);
  return hop;
}

export function toFragment(whole: WholePlanning, of: Fragment['of'], asked: Selected): number {
  return whole.fragments.push({ of, asked }) - 1;
}

/** Plans what is read in this hop. */
export function planInHop<Node>(hop: Hop, planning: Planning, whole: WholePlanning, plan: () => Node): Node {
  const before = { hop: whole.hop, types: planning.types };
  whole.hop = hop;
  planning.types = hop.types;
  const node = plan();
  whole.hop = before.hop;
  planning.types = before.types;
  return node;
}

type PlanRow = (type: CatalogType, asked: readonly Selected[], planning: Planning) => RowNode[];

/** A row of another unit; its id alone is known without a look at it, and that unit stays untouched. */
export function planFar(
  to: CatalogType,
  asked: Selected,
  planning: Planning,
  whole: WholePlanning,
  planRow: PlanRow,
): RowNode {
  const { key, name, fields } = asked;
  if (fields.every((field) => field.name === 'id' || field.name === '__typename')) {
    const leaves = fields.map((field) => ({ kind: 'leaf' as const, key: field.key, name: field.name }));
    return { kind: 'stub', key, name, leaves };
  }
  const excess = takeRows(planning.budget, asked, planning.parents, planning.catalog);
  if (excess !== null) {
    planning.faults.set(asked, excess);
    return { kind: 'nothing', key };
  }
  const hop = toHop(whole, to.unit);
  planning.reads.set(asked, to.type.name);
  return planInHop(hop, planning, whole, () => ({
    kind: 'far',
    key,
    name,
    hop: hop.index,
    fields: planRow(to, fields, planning),
  }));
}

/** What is asked of a division: lists of all units' types, one hop a unit, and what the hub knows of it. */
export function planDivisionOfAll(
  asked: readonly Selected[],
  planning: Planning,
  whole: WholePlanning,
  planOne: (selected: Selected) => DivisionField,
): DivisionField[] {
  const hops = new Map<string, Hop>();
  const own = whole.hop?.unit;
  const fields = asked.map((selected): DivisionField => {
    const type = findListed(selected.name, planning.catalog);
    if (type === null) return planHubField(selected, whole, planOne);
    if (type.unit === own) return planOne(selected);
    const hop = hops.get(type.unit) ?? toHop(whole, type.unit);
    hops.set(type.unit, hop);
    return planInHop(hop, planning, whole, () => planOne(selected));
  });
  return [...[...hops.values()].map(({ index }) => ({ kind: 'hop' as const, hop: index })), ...fields];
}

function planHubField(
  asked: Selected,
  whole: WholePlanning,
  planOne: (selected: Selected) => DivisionField,
): DivisionField {
  if (asked.name === 'code' || asked.name === '__typename') return planOne(asked);
  if (!isOfHub(asked)) whole.refuse('FIELD', asked);
  return { kind: 'hub', key: asked.key, fragment: toFragment(whole, 'DIVISION', asked) };
}

/** Fields of a division that the hub knows by heart. */
const KNOWN: readonly string[] = [
  'name',
  'level',
  'population',
  'area',
  'centre',
  'boundary',
  'predecessors',
];

/** Whether the hub knows all that is asked in this field of a division, below its parent and its children too. */
export function isOfHub({ name, fields }: Selected): boolean {
  if (name === 'parent' || name === 'children') return fields.every(isOfHub);
  return name === 'code' || name === '__typename' || KNOWN.includes(name);
}
