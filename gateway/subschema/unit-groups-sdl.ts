// Aggregates as SDL: how the rows of every type of a unit are grouped, which groups are shown, and what is measured of them.
// Keys lead to rows of other units as conditions do, so two units that speak of one type define its key alike.
import type { Field } from '../../connectors/kit/manifest/model.ts';
import type { CatalogType } from '../compile/catalog.ts';
import { COMPARED, type Fn, FUNCTIONS, toMeasuredFields } from '../compile/group/measures.ts';
import { GROUPS } from '../compile/group/plan-groups.ts';
import { type MeasuredPart, toGroupsName, toWhereName } from '../compile/names.ts';
import { isOrdering, isOrderingWay } from '../compile/order/plan-order.ts';
import { PAGE_CAP } from '../compile/paging.ts';
import { toRowOf } from '../compile/where/plan-where.ts';

const SHARED = /* GraphQL */ `
"Level of an administrative division (GB/T 2260)."
enum DivisionLevel { CITY COUNTY TOWN VILLAGE }

"The time itself, or the beginning of the bucket in which it lies: an ISO 8601 duration in whole seconds, more than PT0S and at most P366D. Buckets lie side by side from 1970-01-01 in the unit's civil time, so days begin at local midnight."
input TimeGroup { bucket: Duration }
`;

/** The definitions: keys of all types that groups can lead to (`reached`), functions of the unit's own. */
export function toGroupsSdl(own: readonly CatalogType[], reached: readonly CatalogType[]): readonly string[] {
  return [SHARED.trim(), ...reached.flatMap(toKeySdl), ...own.flatMap(toAggregateSdl)];
}

/** `riverReadingsAggregate(…): [RiverReadingAggregate]`. */
export function toGroupsField(name: string, type: CatalogType): string {
  const { label } = type.type;
  const least =
    type.minGroup > 1
      ? ` Groups of fewer than ${type.minGroup} rows are left out: they would tell of persons.`
      : '';
  const text = `${label.zh} · ${label.en}, in groups; without \`groupBy\` one group of all. \`first\`: 0 to ${PAGE_CAP}, else the first ${GROUPS}, by key unless ordered otherwise.${least}`;
  const of = (part: 'Group' | 'Having' | 'AggregateOrder' | 'Aggregate'): string =>
    toGroupsName(type.type.name, part);
  const args = [
    `where: ${toWhereName(type.type.name)}`,
    `groupBy: [${of('Group')}!]`,
    `having: ${of('Having')}`,
    `orderBy: [${of('AggregateOrder')}!]`,
    'first: Int',
  ];
  return `${JSON.stringify(text)}\n  ${name}(${args.join(', ')}): [${of('Aggregate')}]`;
}

function toKeySdl(type: CatalogType): readonly string[] {
  const name = type.type.name;
  const own = toKeyFields(type);
  const ways = [...type.fields].flatMap(([field, way]) => {
    const to = isOrderingWay(way) ? toRowOf(way) : null;
    return to === null ? [] : [{ field, to: to.type.name }];
  });
  const to = (part: 'Group' | 'GroupKey' | 'GroupOrder'): readonly string[] =>
    ways.map((way) => `${way.field}: ${toGroupsName(way.to, part)}`);
  return [
    toBlock(
      `input ${toGroupsName(name, 'Group')}`,
      [
        'id: Boolean',
        '"Rows whose division is coarser, or not known, have null."\n  division: DivisionLevel',
        ...own.map(({ name: field, graphql }) =>
          graphql.name === 'DateTime' ? `${field}: TimeGroup` : `${field}: Boolean`,
        ),
        ...to('Group'),
      ],
      'One part of the key, `true` for a field; several are given as a list.',
    ),
    toBlock(
      `type ${toGroupsName(name, 'GroupKey')}`,
      [
        'id: ID',
        'division: Division',
        ...own.map((field) => `${field.name}: ${field.graphql.name}`),
        ...to('GroupKey'),
      ],
      'What the rows of a group have in common. Null: not grouped by, or not known of these rows.',
    ),
    toBlock(
      `input ${toGroupsName(name, 'GroupOrder')}`,
      [...['id', 'division', ...own.map((field) => field.name)].map(toDirection), ...to('GroupOrder')],
      'One part of the key.',
    ),
  ];
}

/** Fields that are alike or not; others (lists, points, geometries) are no part of a key. */
function toKeyFields(type: CatalogType): readonly Field[] {
  return [...type.fields.values()].flatMap((one) =>
    one.kind === 'value' && isOrdering(one.field) ? [one.field] : [],
  );
}

const DESCRIPTIONS: { readonly [Name in Fn]: string } = {
  countDistinct: 'How many different values there are.',
  sum: 'Only of amounts: levels, angles and counters add up to nothing, and rolling amounts count the same time again and again.',
  avg: 'The mean; of angles that of the directions, from 0 up to 360.',
  min: 'The least value; text by its bytes.',
  max: 'The greatest value; text by its bytes.',
  percentile:
    'The value below which the share `p` (0 to 1) of the values lies, on the line between the two next to it; 0.5 is the median.',
};

function toAggregateSdl(type: CatalogType): readonly string[] {
  const { name } = type.type;
  const fns = toKeys(FUNCTIONS).filter((fn) => toMeasuredFields(fn, type).length > 0);
  const parts = new Map<MeasuredPart, Fn>(fns.map((fn) => [FUNCTIONS[fn], fn]));
  const measures = fns.map((fn) => {
    const args = fn === 'percentile' ? '(p: Float!)' : '';
    return `${JSON.stringify(DESCRIPTIONS[fn])}\n  ${fn}${args}: ${toGroupsName(name, FUNCTIONS[fn])}`;
  });
  const compared = COMPARED.filter((fn) => fns.includes(fn));
  const having = compared.map((fn) => `${fn}: ${toGroupsName(name, `${FUNCTIONS[fn]}Having`)}`);
  const order = compared.map((fn) => `${fn}: ${toGroupsName(name, `${FUNCTIONS[fn]}Order`)}`);
  const own = toGroupsName(name, 'Having');
  return [
    toBlock(
      `type ${toGroupsName(name, 'Aggregate')}`,
      [`"Null without \`groupBy\`."\n  group: ${toGroupsName(name, 'GroupKey')}`, 'count: Int', ...measures],
      'A group of rows. Functions leave out what is not known, and what its quality calls bad or missing.',
    ),
    ...[...parts].flatMap(([part, fn]) => toPartSdl(type, part, fn)),
    toBlock(
      `input ${own}`,
      [`and: [${own}!]`, `or: [${own}!]`, `not: ${own}`, 'count: IntFilter', ...having],
      'Which groups stand in the answer. All that is given must be fulfilled.',
    ),
    toBlock(
      `input ${toGroupsName(name, 'AggregateOrder')}`,
      [toDirection('count'), ...order, `group: ${toGroupsName(name, 'GroupOrder')}`],
      'One value; several are given as a list, the first of them counts most. The parts of the key come last.',
    ),
  ];
}

/** The fields of the functions that share this part, and how groups are chosen and ordered by them. */
function toPartSdl(type: CatalogType, part: MeasuredPart, fn: Fn): readonly string[] {
  const { name } = type.type;
  const fields = toMeasuredFields(fn, type);
  const shown = toBlock(
    `type ${toGroupsName(name, part)}`,
    fields.map(({ field, outcome }) => `${field.name}: ${outcome.scalar}`),
  );
  if (!COMPARED.some((one) => one === fn)) return [shown];
  return [
    shown,
    toBlock(
      `input ${toGroupsName(name, `${part}Having`)}`,
      fields.map(({ field, outcome }) => `${field.name}: ${outcome.filter}`),
    ),
    toBlock(
      `input ${toGroupsName(name, `${part}Order`)}`,
      fields.map(({ field }) => toDirection(field.name)),
    ),
  ];
}

function toDirection(field: string): string {
  return `${field}: OrderDirection`;
}

function toBlock(head: string, lines: readonly string[], description: string | null = null): string {
  const above = description === null ? '' : `${JSON.stringify(description)}\n`;
  return `${above}${head} {\n  ${lines.join('\n  ')}\n}`;
}

function toKeys<Key extends string>(record: { readonly [Name in Key]: unknown }): readonly Key[] {
  return Object.keys(record) as Key[];
}
