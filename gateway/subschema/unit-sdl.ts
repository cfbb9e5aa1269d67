// A unit's part of the graph as SDL: the shared vocabulary, the types derived from its manifest, and around them the
// generated root fields, connections, readings of things, inverses, stubs and merge lookups (design §4).
import { stitchingDirectives } from '@graphql-tools/stitching-directives';
import { toUnitSdl } from '../../connectors/kit/manifest/derive-sdl.ts';
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import { VOCABULARY_SDL } from '../../schema/sdl.ts';
import { type Catalog, type CatalogType, findAdded, type GraphField } from '../compile/catalog.ts';
import {
  toAggregate,
  toConnectionName,
  toEdgeName,
  toLookup,
  toOrderName,
  toPlural,
  toSingular,
  toWhereName,
} from '../compile/names.ts';
import { PAGE_CAP, PAGE_ROWS } from '../compile/paging.ts';
import { toCatalog } from '../compile/to-catalog.ts';
import { AS_OF_ARGUMENT, TIMES_ARGUMENTS, toChangesField, toChangesTypes } from './times-sdl.ts';
import { toGroupsField, toGroupsSdl } from './unit-groups-sdl.ts';
import { toHubEnums, toInputsSdl, toReached } from './unit-inputs-sdl.ts';

/** The arguments of a list of rows of this type. */
function toArguments({ type: { name, role } }: CatalogType): string {
  const bucket = role === 'reading' ? ', bucket: Duration' : '';
  return `(where: ${toWhereName(name)}, orderBy: [${toOrderName(name)}!], first: Int, after: String, last: Int, before: String, ${TIMES_ARGUMENTS}${bucket})`;
}

/** The SDL of a unit's subschema; `units` are all units of the hub. Throws HUB_MANIFEST_INVALID when names collide. */
export function toUnitSubschemaSdl(unit: Unit, units: readonly Unit[] = [unit]): string {
  return toCatalogSdl(unit, toCatalog(unit, units));
}

/**
 * The SDL of a unit's subschema, made along its catalogue. Lists, connections and links are nullable, so that one unit cannot
 * null an answer of the city; lookups begin with `_` and are hidden after stitching.
 */
export function toCatalogSdl(unit: Unit, catalog: Catalog): string {
  const types = [...catalog.types.values()];
  const reached = toReached(catalog);
  return [
    VOCABULARY_SDL.trim(),
    stitchingDirectives().allStitchingDirectivesTypeDefs,
    toUnitSdl(unit).trim(),
    ...toHubEnums(reached),
    ...toInputsSdl(catalog, reached),
    ...toGroupsSdl(types, reached),
    ...types.map(toExtension).filter((text) => text !== ''),
    ...types.map(toConnection),
    ...types.map(toChangesTypes),
    ...toStubs(catalog),
    'type Unit { code: ID! }',
    toDivision(types),
    toQuery(unit, catalog),
    '',
  ].join('\n\n');
}

/** Readings of a thing and inverse links: what other types of the unit add to this one. Other units print what they add. */
function toExtension(type: CatalogType): string {
  const own = [...type.fields].filter(([name]) => findAdded(type, name) === null);
  const lines = own.flatMap(([name, field]) => toRowsLines(name, field));
  return lines.length === 0 ? '' : `extend type ${type.type.name} {\n  ${lines.join('\n  ')}\n}`;
}

function toRowsLines(name: string, field: GraphField): string[] {
  if (field.kind === 'list') {
    const rows = `${name}${toArguments(field.type)}: ${toConnectionName(field.type.type.name)}`;
    return [`${toListDescription(field.type)}${rows}`];
  }
  if (field.kind === 'groups') return [toGroupsField(name, field.type)];
  if (field.kind === 'latest') return [`"The newest of them."\n  ${name}: ${field.type.type.name}`];
  if (field.kind === 'current')
    return [`"The one that counts now, or at the instant of asOf."\n  ${name}: ${field.type.type.name}`];
  return field.kind === 'single' ? [`${name}: ${field.type.type.name}`] : [];
}

function toConnection({ type }: CatalogType): string {
  const connection = toConnectionName(type.name);
  const edge = toEdgeName(type.name);
  return [
    `type ${connection} {\n  edges: [${edge}]\n  nodes: [${type.name}]\n  pageInfo: PageInfo!\n  totalCount: Int\n}`,
    `type ${edge} {\n  cursor: String!\n  node: ${type.name}\n}`,
  ].join('\n\n');
}

/** Types of other units that links lead to: here only their id is known and what these links add, merging fills in the rest. */
function toStubs(catalog: Catalog): string[] {
  const { added } = catalog;
  const names = new Set(added.keys());
  for (const { fields } of catalog.types.values()) {
    for (const field of fields.values()) {
      if (field.kind === 'stub') names.add(field.to.type);
      if (field.kind === 'nearest' && field.nearest.unit !== catalog.unit?.unit)
        names.add(field.nearest.type);
    }
  }
  return [...names].sort().map((name) => {
    const lines = [...(added.get(name)?.fields ?? [])].flatMap(([field, way]) => toRowsLines(field, way));
    return `type ${name} {\n  ${['id: ID!', ...lines].join('\n  ')}\n}`;
  });
}

function toDivision(types: readonly CatalogType[]): string {
  const lists = types.flatMap((type) => [
    `${toListDescription(type)}${toPlural(type.type.name)}${toArguments(type)}: ${toConnectionName(type.type.name)}`,
    toGroupsField(toAggregate(toPlural(type.type.name)), type),
  ]);
  return `type Division {\n  code: ID!\n  ${lists.join('\n  ')}\n}`;
}

function toQuery(unit: Unit, catalog: Catalog): string {
  const types = [...catalog.types.values()];
  const asked = types.flatMap((type) => {
    const { name, label } = type.type;
    return [
      `${toDescription(`${label.zh} · ${label.en}, by id.`)}${toSingular(name)}(id: ID!, ${AS_OF_ARGUMENT}): ${name}`,
      `${toListDescription(type)}${toPlural(name)}${toArguments(type)}: ${toConnectionName(name)}`,
      toChangesField(type),
      toGroupsField(toAggregate(toPlural(name)), type),
    ];
  });
  const lookups = [...types, ...catalog.added.values()].map(
    ({ type }) => `${toLookup(unit.unit, type.name)}(ids: [ID!]!): [${type.name}]! @merge(keyField: "id")`,
  );
  // `keyField` alone: with @key on the type as well the subschema would be asked twice.
  const divisions = `${toLookup(unit.unit, 'Division')}(codes: [ID!]!): [Division]! @merge(keyField: "code")`;
  return `type Query {\n  ${[...asked, ...lookups, divisions].join('\n  ')}\n}`;
}

function toListDescription({ type }: CatalogType): string {
  const order =
    type.role === 'thing' ? 'by key' : 'oldest first; without `orderBy`, `last: n` gives the newest n';
  const bucket =
    type.role === 'reading'
      ? " `bucket`: of each thing's readings in so long a time only the newest, as in TimeGroup."
      : '';
  return toDescription(
    `${type.label.zh} · ${type.label.en}, ${order}. \`first\` or \`last\`: 0 to ${PAGE_CAP}; neither: the first ${PAGE_ROWS}.${bucket}`,
  );
}

function toDescription(text: string): string {
  return `${JSON.stringify(text)}\n  `;
}
