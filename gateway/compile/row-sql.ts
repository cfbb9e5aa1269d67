// A row in SQL: every field that is asked of it becomes JSON text, in the asked order. Links and readings are scalar
// subqueries over the same statement, so the number of parents never shows in the number of statements.
import type { Field } from '../../connectors/kit/manifest/model.ts';
import { type Catalog, type CatalogType, findLocation } from './catalog.ts';
import { toDivisionJson, toDivisionOf, toDivisionsJson } from './division-json.ts';
import { toBasisSql, toDivisionSql, toThroughLink } from './division-sql.ts';
import { type Draft, toDraft } from './draft.ts';
import { toGroupsJson } from './group/group-sql.ts';
import {
  type JsonPair,
  type JsonSql,
  NULL_JSON,
  toFixed,
  toNullable,
  toObject,
  toSql,
  toText,
} from './json-sql.ts';
import { toFarRowJson, toOtherRowJson, toStubJson } from './link-sql.ts';
import { toListJson } from './list-sql.ts';
import { toMark } from './marks.ts';
import type { Leaf, RowNode } from './plan.ts';
import { toIdSql } from './row-columns.ts';
import { toSourceJson } from './source-sql.ts';
import { toKnownEnumJson, toPointJson, toTextJson, toValueJson } from './value-sql.ts';
import type { Writing } from './writing.ts';

/** Begins a statement; whether rows are marked (marks.ts). */
export function toWriting(catalog: Catalog, marked: boolean, draft: Draft = toDraft()): Writing {
  const writing: Writing = {
    catalog,
    draft,
    marked,
    at: (asOf) => (asOf === draft.asOf ? writing : toWriting(catalog, marked, draft.at(asOf))),
    toRow: (type, fields, alias) => toRowJson(writing, type, fields, alias),
    toNode: (type, node, alias) => toNodeJson(writing, type, node, alias),
  };
  return writing;
}

/** The JSON object of the row `alias`. */
function toRowJson(writing: Writing, type: CatalogType, fields: readonly RowNode[], alias: string): JsonSql {
  const json = toObject(
    fields.map((node): JsonPair => ({ key: node.key, value: toNodeJson(writing, type, node, alias) })),
  );
  if (!writing.marked) return json;
  const unit = writing.catalog.units.findIndex((one) => one.unit === type.unit);
  return toText([{ fixed: toMark('r', unit) }, json]);
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
      const json = toValueJson(field, node.masked, alias);
      const known = writing.catalog.enums.get(field.graphql.name);
      if (!writing.marked || node.masked || !field.graphql.isEnum || known === undefined) return json;
      // A word that the manifest no longer has is a fault at its place, and a statement of the whole hub gives none.
      return toKnownEnumJson(field, known, alias, json, { fixed: toMark('x', 0) });
    }
    case 'location':
      return toLocationJson(writing, type, node.leaves, node.masked, alias);
    case 'source':
      return toSourceJson(
        { type, unit: writing.catalog.units.find((one) => one.unit === type.unit) },
        node.fields,
        node.masked,
        alias,
        writing.draft,
      );
    case 'division':
      return toDivisionJson(
        writing,
        node.fields,
        `select ${toDivisionSql(type, alias, writing.draft)} as code`,
      );
    case 'divisions':
      if (node.masked) return NULL_JSON;
      return toDivisionsJson(writing, findField(type, node.name), node.fields, alias);
    case 'stub':
      return toStubJson(writing, type, node, alias);
    case 'row':
      return toOtherRowJson(writing, type, node, alias);
    case 'far':
      return toFarRowJson(writing, type, node, alias);
    case 'added':
      return toText([{ fixed: toMark('h', node.hop) }, toNodeJson(writing, type, node.of, alias)]);
    case 'list': {
      const field = type.fields.get(node.list);
      if (field?.kind !== 'list') return NULL_JSON;
      const scope = { kind: 'by' as const, link: field.by, key: `${alias}._key` };
      const { draft, toRow } = writing.at(node.asOf);
      return toListJson({ node, type: field.type, scope, draft, toRow });
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
