// What lists can be asked for, as SDL: `where` and `orderBy` of every type of a unit, and of every type of another unit that
// a condition can lead to. Two units that both speak of a type define its inputs from the same manifests, so they are equal.
import { type EnumTypeDefinitionNode, Kind, parse, print } from 'graphql';
import { toUnitSdl } from '../../connectors/kit/manifest/derive-sdl.ts';
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import { HUB_CODE_LISTS } from '../../schema/lists/hub-lists.ts';
import { VOCABULARY_SDL } from '../../schema/sdl.ts';
import { type Catalog, type CatalogType, hasPlace } from '../compile/catalog.ts';
import { toOrderName, toRowsWhereName, toWhereName } from '../compile/names.ts';
import { isOrdering, isOrderingWay } from '../compile/order/plan-order.ts';
import { toFilter, toFilterSdl, toSharedFilters } from '../compile/where/operators.ts';
import { toRowOf } from '../compile/where/plan-where.ts';

const SHARED = /* GraphQL */ `
"WGS84, degrees."
input PointInput { lon: Float! lat: Float! }

"Within so many kilometres along the great circle."
input NearInput { point: PointInput! radiusKm: Float! }

"One of them: a division with all that lies in it (GB/T 2260; former codes are followed), or the corners of a polygon, closed by itself. Where it crosses itself, what lies inside an odd number of times is inside."
input WithinInput { division: ID polygon: [PointInput!] }

"In a division, with all that lies in it (GB/T 2260; former codes are followed)."
input WithinDivisionInput { division: ID! }

"What is not known comes last ascending, first descending."
enum OrderDirection { ASC DESC }
`;

/** Words of a `where` that no field can have for itself. */
const WORDS = new Set(['and', 'or', 'not', 'id', 'near', 'within']);

/** The definitions, and the enums that they need beside those that the unit's own types use. */
export function toInputsSdl(catalog: Catalog, types: readonly CatalogType[]): readonly string[] {
  const enums = new Set(types.flatMap((type) => toEnumNames(type)));
  const shared = toSharedFilters();
  const lists = types.flatMap((type) => toFilters(type)).filter(({ input }) => !shared.has(input));
  const own = new Map(
    lists.map(({ input, operand, operators }) => [input, toFilterSdl(input, operand, operators)]),
  );
  return [
    SHARED.trim(),
    ...shared.values(),
    ...own.values(),
    ...toForeignEnums(enums, catalog),
    ...types.map(toWhere),
    ...types.map(toRowsWhere),
    ...types.map(toOrder),
  ];
}

/** The unit's types, and all that they lead to. */
export function toReached(catalog: Catalog): readonly CatalogType[] {
  const reached = new Map([...catalog.types.values()].map((type) => [type.type.name, type]));
  // A Map that grows while it is walked is walked to its end.
  for (const type of reached.values()) {
    for (const field of type.fields.values()) {
      const to = toRowOf(field);
      if (to !== null && !reached.has(to.type.name)) reached.set(to.type.name, to);
    }
  }
  return [...reached.values()];
}

function toFilters({ fields }: CatalogType) {
  return [...fields].flatMap(([name, field]) => {
    const filter = field.kind === 'value' && !WORDS.has(name) ? toFilter(field.field) : null;
    return filter === null ? [] : [{ name, ...filter }];
  });
}

function toEnumNames({ type }: CatalogType): readonly string[] {
  return type.fields.flatMap(({ graphql }) => (graphql.isEnum ? [graphql.name] : []));
}

function toWhere(type: CatalogType): string {
  const name = toWhereName(type.type.name);
  const ways = [...type.fields].flatMap(([field, way]) => {
    const to = toRowOf(way);
    if (to === null || WORDS.has(field)) return [];
    return `  ${field}: ${way.kind === 'list' ? toRowsWhereName(to.type.name) : toWhereName(to.type.name)}`;
  });
  return [
    '"All that is given must be fulfilled. What is not known fulfils nothing, and `not` of it holds."',
    `input ${name} {`,
    `  and: [${name}!]\n  or: [${name}!]\n  not: ${name}\n  id: IDFilter`,
    hasPlace(type) ? '  near: NearInput\n  within: WithinInput' : '  within: WithinDivisionInput',
    ...toFilters(type).map(({ name: field, input }) => `  ${field}: ${input}`),
    ...ways,
    '}',
  ].join('\n');
}

function toRowsWhere({ type }: CatalogType): string {
  const where = toWhereName(type.name);
  return `input ${toRowsWhereName(type.name)} {\n  "At least one of them."\n  some: ${where}\n  "Not one of them."\n  none: ${where}\n}`;
}

function toOrder(type: CatalogType): string {
  const fields = [...type.fields].flatMap(([name, field]) => {
    if (name === 'id') return [];
    if (field.kind === 'value') return isOrdering(field.field) ? `  ${name}: OrderDirection` : [];
    const to = toRowOf(field);
    return to !== null && isOrderingWay(field) ? `  ${name}: ${toOrderName(to.type.name)}` : [];
  });
  const name = toOrderName(type.type.name);
  return `"One field; several are given as a list, the first of them counts most."\ninput ${name} {\n  id: OrderDirection\n${fields.join('\n')}\n}`;
}

/** Enums of other units, and code lists of the hub that only they use. */
function toForeignEnums(names: ReadonlySet<string>, { unit, units }: Catalog): readonly string[] {
  const own = new Set(unit?.codes.map(({ name }) => name));
  const foreign = units
    .filter((other) => other.unit !== unit?.unit)
    .flatMap(toEnums)
    .filter(({ name }) => names.has(name.value) && !own.has(name.value));
  return [...new Map(foreign.map((node) => [node.name.value, print(node)])).values()];
}

function toEnums(unit: Unit): readonly EnumTypeDefinitionNode[] {
  const { definitions } = parse(toUnitSdl(unit), { noLocation: true });
  return definitions.flatMap((node) => (node.kind === Kind.ENUM_TYPE_DEFINITION ? [node] : []));
}

/** The hub's own code lists that these types use; the vocabulary has some already. */
export function toHubEnums(types: readonly CatalogType[]): readonly string[] {
  const used = new Set(types.flatMap((type) => toEnumNames(type)));
  return [...HUB_CODE_LISTS.values()]
    .filter(({ enumName }) => used.has(enumName) && !VOCABULARY_SDL.includes(`enum ${enumName} `))
    .map(({ enumName, values, other }) => {
      const names = new Set(values.map((value) => value.name));
      const labels = values.map((value) => `${JSON.stringify(`${value.zh} · ${value.en}`)}\n  ${value.name}`);
      if (other !== null && !names.has(other)) labels.push(other);
      return `enum ${enumName} {\n  ${labels.join('\n  ')}\n}`;
    });
}
