// A row in SQL: every field that is asked of it becomes JSON text, in the asked order. Links and readings are scalar
// subqueries over the same statement, so the number of parents never shows in the number of statements.
import type { Field } from '../../connectors/kit/manifest/model.ts';
import { type Catalog, type CatalogType, findLocation } from './catalog.ts';
import { toBasisSql, toDivisionSql, toThroughLink } from './division-sql.ts';
import type { Draft } from './draft.ts';
import { toGroupsJson } from './group/group-sql.ts';
import type { DivisionJson } from './group/key-sql.ts';
import { type JsonPair, type JsonSql, NULL_JSON, toFixed, toNullable, toObject, toSql } from './json-sql.ts';
import { toOtherRowJson, toStubJson } from './link-sql.ts';
import { type RowJson, toListJson } from './list-sql.ts';
import type { DivisionField, Leaf, RowNode } from './plan.ts';
import { toFieldColumn, toIdSql } from './row-columns.ts';
import { toSourceJson } from './source-sql.ts';
import { toPointJson, toTextJson, toValueJson } from './value-sql.ts';

export type Writing = { readonly catalog: Catalog; readonly draft: Draft };

/** The JSON object of the row `alias`. */
export function toRowJson(
  writing: Writing,
  type: CatalogType,
  fields: readonly RowNode[],
  alias: string,
): JsonSql {
  return toObject(
    fields.map((node): JsonPair => ({ key: node.key, value: toNodeJson(writing, type, node, alias) })),
  );
}

function toNodeJson(writing: Writing, type: CatalogType, node: RowNode, alias: string): JsonSql {
  switch (node.kind) {
    case 'nothing':
      return NULL_JSON;
    case 'leaf':
      return toLeafJson(writing, type, node.name, alias);
    case 'value': {
      const field = findField(type, node.name);
      if (field.graphql.name === 'Point') return toPointJson(field, node.masked, node.leaves, alias);
      return toValueJson(field, node.masked, alias);
    }
    case 'location':
      return toLocationJson(writing, type, node.leaves, node.masked, alias);
    case 'source':
      return toSourceJson(type, node.fields, node.masked, alias, writing.draft);
    case 'division':
      return toDivisionJson(
        writing,
        node.fields,
        `select ${toDivisionSql(type, alias, writing.draft)} as code`,
      );
    case 'divisions':
      return node.masked ? NULL_JSON : toDivisionsJson(writing, type, node.name, node.fields, alias);
    case 'stub':
      return toStubJson(type, node, alias, writing.draft);
    case 'row':
      return toOtherRowJson(type, node, alias, writing.draft, toRowOf(writing));
    case 'list': {
      const field = type.fields.get(node.list);
      if (field?.kind !== 'list') return NULL_JSON;
      const scope = { kind: 'by' as const, link: field.by, key: `${alias}._key` };
      return toListJson({ node, type: field.type, scope, draft: writing.draft, toRow: toRowOf(writing) });
    }
    case 'groups': {
      const field = type.fields.get(node.list);
      if (field?.kind !== 'groups') return NULL_JSON;
      const scope = { kind: 'by' as const, link: field.by, key: `${alias}._key` };
      const toDivision = toDivisionOf(writing);
      return toGroupsJson({ node, type: field.type, scope, draft: writing.draft, toDivision });
    }
  }
}

/** `toRowJson` with its statement given. */
export function toRowOf(writing: Writing): RowJson {
  return (type, fields, alias) => toRowJson(writing, type, fields, alias);
}

/** The division whose code an expression gives, with its statement given. */
export function toDivisionOf(writing: Writing): DivisionJson {
  return (fields, code) => toDivisionJson(writing, fields, `select ${code} as code`);
}

function toLeafJson(writing: Writing, type: CatalogType, name: string, alias: string): JsonSql {
  switch (name) {
    case 'id':
      return toTextJson(toIdSql(type.unit, type.type.name, `${alias}._key`));
    case 'divisionBasis':
      return { sql: toBasisSql(type, alias, writing.draft) };
    default:
      return toFixed(type.type.name);
  }
}

function findField(type: CatalogType, name: string): Field {
  const field = type.type.fields.find((one) => one.name === name);
  if (field === undefined) throw new RangeError(`${type.type.name} has no field ${name}`);
  return field;
}

function toLocationJson(
  writing: Writing,
  type: CatalogType,
  leaves: readonly Leaf[],
  masked: boolean,
  alias: string,
): JsonSql {
  const own = findLocation(type.type);
  if (own !== null) return toPointJson(own, masked, leaves, alias);
  if (type.locationBy === null) return NULL_JSON;
  const through = toThroughLink(type.locationBy, alias, writing.draft, (parent, its) =>
    toSql(toLocationJson(writing, parent, leaves, masked, its)),
  );
  return toNullable(through);
}

/** The division whose code the query `codes` gives: its code and, where asked, this unit's lists in it. */
function toDivisionJson(writing: Writing, fields: readonly DivisionField[], codes: string): JsonSql {
  const { draft } = writing;
  const at = draft.alias();
  const range = draft.alias();
  const withLists = fields.some((field) => field.kind === 'list' || field.kind === 'groups');
  const toKnown = (): string =>
    `unnest(${draft.bind('divisionCodes', 'text[]')}, ${draft.bind('divisionLos', 'text[]')}, ${draft.bind('divisionHis', 'text[]')}) as ${range}(code, lo, hi)`;
  const join = withLists ? ` left join ${toKnown()} on ${range}.code = ${at}.code` : '';
  const json = toSql(toDivisionFields(writing, fields, `${at}.code`, `${range}.lo`, `${range}.hi`));
  return {
    sql: `(select case when ${at}.code is null then 'null' else ${json} end from (${codes}) ${at}${join})`,
  };
}

/** What is asked of a division, with its code and range as expressions. */
export function toDivisionFields(
  writing: Writing,
  fields: readonly DivisionField[],
  code: string,
  lo: string,
  hi: string,
): JsonSql {
  const toField = (field: DivisionField): JsonSql => {
    if (field.kind === 'nothing') return NULL_JSON;
    if (field.kind === 'leaf') {
      return field.name === 'code' ? toTextJson(code) : toFixed('Division');
    }
    const type = writing.catalog.types.get(field.type);
    if (type === undefined) return NULL_JSON;
    const scope = { kind: 'division' as const, lo, hi };
    const { draft } = writing;
    const list =
      field.kind === 'list'
        ? toListJson({ node: field, type, scope, draft, toRow: toRowOf(writing) })
        : toGroupsJson({ node: field, type, scope, draft, toDivision: toDivisionOf(writing) });
    // Of a division that the hub does not know (any more), what lies in it is not known either: null, not empty.
    return { sql: `case when ${lo} is null then 'null' else ${toSql(list)} end` };
  };
  return toObject(fields.map((field) => ({ key: field.key, value: toField(field) })));
}

function toDivisionsJson(
  writing: Writing,
  type: CatalogType,
  name: string,
  fields: readonly DivisionField[],
  alias: string,
): JsonSql {
  const column = toFieldColumn(alias, name);
  if (!findField(type, name).graphql.list) return toDivisionJson(writing, fields, `select ${column} as code`);
  const item = writing.draft.alias();
  const one = toSql(toDivisionJson(writing, fields, `select ${item}.code as code`));
  const list = `select '[' || coalesce(string_agg(${one}, ',' order by ${item}.n), '') || ']' from unnest(${column}) with ordinality as ${item}(code, n)`;
  return { sql: `case when ${column} is null then 'null' else (${list}) end` };
}
