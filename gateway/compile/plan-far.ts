// What a plan of the whole hub has beside that of one unit: rows and lists of other units, and what the hub knows by heart.
import type { Divisions } from '../../schema/divisions/divisions.ts';
import type { CatalogType } from './catalog.ts';
import { toLookupRanges } from './division-ranges.ts';
import type { DivisionField, RowNode } from './plan.ts';
import type { Fragment, Hop, Planning, WholePlanning } from './planning.ts';
import { takeRows } from './row-budget.ts';
import type { Selected } from './selection.ts';

const UNIT_NAMES: readonly string[] = ['code', 'name', 'nameEn', '__typename'];

export function toWholePlanning(divisions: Divisions): WholePlanning {
  const whole: WholePlanning = {
    hops: [],
    fragments: [],
    looked: new Set(),
    entities: 0,
    cased: 0,
    refusal: null,
    hop: null,
    divisions,
    places: null,
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
  const hop: Hop = { index: whole.hops.length, unit, types: new Set(), reads: new Map(), sure };
  whole.hops.push(hop);
  return hop;
}

export function toFragment(whole: WholePlanning, of: Fragment['of'], asked: Selected): number {
  return whole.fragments.push({ of, asked }) - 1;
}

/** Plans what is read in this hop. */
export function planInHop<Node>(hop: Hop, planning: Planning, whole: WholePlanning, plan: () => Node): Node {
  const before = { hop: whole.hop, places: whole.places, types: planning.types, reads: planning.reads };
  whole.hop = hop;
  whole.places = null;
  planning.types = hop.types;
  planning.reads = hop.reads;
  const node = plan();
  whole.hop = before.hop;
  whole.places = before.places;
  planning.types = before.types;
  planning.reads = before.reads;
  return node;
}

type PlanRow = (type: CatalogType, asked: readonly Selected[], planning: Planning) => RowNode[];

/** Rows of another unit that name this one: that unit is asked for them, whatever it finds. */
export function planAdded(
  { unit }: CatalogType,
  { key }: Selected,
  planning: Planning,
  plan: () => RowNode,
): RowNode {
  const { whole } = planning;
  if (whole === null) return plan();
  const hop = toHop(whole, unit);
  return { kind: 'added', key, hop: hop.index, of: planInHop(hop, planning, whole, plan) };
}

/** A row of another unit, of which more is asked than a stub has. */
export function planFar(
  to: CatalogType,
  asked: Selected,
  planning: Planning,
  whole: WholePlanning,
  planRow: PlanRow,
): RowNode {
  const { key, name, fields } = asked;
  const excess = takeRows(planning.budget, asked, planning.parents, planning.catalog);
  if (excess !== null) {
    planning.faults.set(asked, excess);
    return { kind: 'nothing', key };
  }
  const hop = toHop(whole, to.unit);
  return planInHop(hop, planning, whole, () => {
    planning.reads.set(asked, [to.type.name]);
    return { kind: 'far', key, name, hop: hop.index, fields: planRow(to, fields, planning) };
  });
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
    const type = planning.catalog.listed.get(selected.name);
    if (type === undefined) return planHubField(selected, planning, whole, planOne);
    if (type.unit === own) return planOne(selected);
    const hop = hops.get(type.unit) ?? toHop(whole, type.unit);
    hops.set(type.unit, hop);
    return planInHop(hop, planning, whole, () => planOne(selected));
  });
  return [...[...hops.values()].map(({ index }) => ({ kind: 'hop' as const, hop: index })), ...fields];
}

function planHubField(
  asked: Selected,
  planning: Planning,
  whole: WholePlanning,
  planOne: (selected: Selected) => DivisionField,
): DivisionField {
  if (asked.name === 'code' || asked.name === '__typename') return planOne(asked);
  if (isOfHub(asked)) return { kind: 'hub', key: asked.key, fragment: toFragment(whole, 'DIVISION', asked) };
  const { key, name } = asked;
  const { places, divisions } = whole;
  const isLink = name === 'parent' || name === 'children';
  const pairs = places === null || !isLink ? null : toPairs(name, places, divisions);
  if (places === null || !isLink || pairs === null) {
    whole.refuse('FIELD', asked);
    return { kind: 'nothing', key };
  }
  const slot = bindPairs(name, pairs, planning, divisions);
  const { parents } = planning;
  whole.places = places.flatMap((code) => toLinked(name, code, divisions));
  planning.parents = whole.places.length;
  const fields = planDivisionOfAll(asked.fields, planning, whole, planOne);
  planning.parents = parents;
  whole.places = places;
  return { kind: 'linked', way: name, key, slot, fields };
}

type Way = 'parent' | 'children';

/** A division and one that it leads to. */
type Pair = { readonly owner: string; readonly code: string };

/** Each place looks through all pairs: more than so many looks cost more than to ask division by division. */
const LOOK_CAP = 300_000;

/** Which divisions these lead to, each once; null where one statement should not look for them. */
function toPairs(way: Way, places: readonly string[], divisions: Divisions): readonly Pair[] | null {
  const pairs = [...new Set(places)].flatMap((owner) =>
    toLinked(way, owner, divisions).map((code) => ({ owner, code })),
  );
  return places.length * pairs.length > LOOK_CAP ? null : pairs;
}

function bindPairs(way: Way, pairs: readonly Pair[], planning: Planning, divisions: Divisions): number {
  planning.lists += 1;
  const slot = planning.lists;
  const { codes, los, his } = toLookupRanges(
    pairs.map(({ code }) => code),
    divisions,
  );
  const owners = pairs.map(({ owner }) => owner);
  for (const [what, values] of Object.entries({ Owners: owners, Codes: codes, Los: los, His: his }))
    planning.values.set(`${way}${what}${slot}`, values);
  return slot;
}

function toLinked(way: Way, code: string, divisions: Divisions): readonly string[] {
  if (way === 'children') return divisions.children(code).map((child) => child.code);
  const parent = divisions.find(code)?.parent ?? null;
  return parent === null ? [] : [parent];
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
