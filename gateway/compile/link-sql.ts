// One other row that a row leads to: a link's target, its latest reading, its single inverse, the row that counts now, what lies nearest. Within
// the unit it is read in the same statement; of another unit only the id is given, and merging fills in the rest, unless the
// statement is of the whole hub.
import { type CatalogType, findLocation, type Nearest } from './catalog.ts';
import { toMetresSql } from './distance-sql.ts';
import type { Draft } from './draft.ts';
import { type JsonSql, NULL_JSON, toFixed, toNullable, toObject, toSql, toText } from './json-sql.ts';
import type { RowJson } from './list-sql.ts';
import { toMark } from './marks.ts';
import type { Leaf, RowNode } from './plan.ts';
import { toIdSql, toLinkColumn, toPointColumns } from './row-columns.ts';
import { toTextJson } from './value-sql.ts';
import { toLinkedRows } from './where/linked-rows.ts';

type StubNode = Extract<RowNode, { kind: 'stub' }>;
type OtherRowNode = Extract<RowNode, { kind: 'row' }>;
type FarNode = Extract<RowNode, { kind: 'far' }>;

/** A row of another unit: `{ id }`, null where the link is empty or nothing is near. */
export function toStubJson(type: CatalogType, node: StubNode, alias: string, draft: Draft): JsonSql {
  const field = type.fields.get(node.name);
  if (field?.kind === 'stub' || field?.kind === 'link') {
    const key = toLinkColumn(alias, field.link.name);
    const to = field.kind === 'stub' ? field.to : { unit: field.to.unit, type: field.to.type.name };
    const stub = toStub(to, node.leaves, key);
    return { sql: `case when ${key} is null then 'null' else ${stub} end` };
  }
  if (field?.kind !== 'nearest' || field.row === null) return NULL_JSON;
  const row = draft.alias();
  const nearest = toNearestSql(type, field.row, field.nearest, { alias, row, draft });
  if (nearest === null) return NULL_JSON;
  return toNullable(`(select ${toStub(field.nearest, node.leaves, `${row}._key`)} ${nearest})`);
}

function toStub(
  to: { readonly unit: string; readonly type: string },
  leaves: readonly Leaf[],
  key: string,
): string {
  const pairs = leaves.map((leaf) => ({
    key: leaf.key,
    value: leaf.name === 'id' ? toTextJson(toIdSql(to.unit, to.type, key)) : toFixed(to.type),
  }));
  return toSql(toObject(pairs));
}

/** One row of this unit. What is gone is no answer. */
export function toOtherRowJson(
  type: CatalogType,
  node: OtherRowNode,
  alias: string,
  draft: Draft,
  toRow: RowJson,
): JsonSql {
  const field = type.fields.get(node.name);
  const row = draft.alias();
  const json = (to: CatalogType): string => toSql(toRow(to, node.fields, row));
  switch (field?.kind) {
    case 'link':
    case 'latest':
    case 'single':
    case 'current': {
      const to = field.kind === 'link' ? field.to : field.type;
      return toNullable(`(select ${json(to)} from ${toLinkedRows(field, to, alias, row, draft)} limit 1)`);
    }
    case 'nearest': {
      if (field.row === null) return NULL_JSON;
      const nearest = toNearestSql(type, field.row, field.nearest, { alias, row, draft });
      return nearest === null ? NULL_JSON : toNullable(`(select ${json(field.row)} ${nearest})`);
    }
    default:
      return NULL_JSON;
  }
}

/**
 * One row of another unit, as merging would fill it in: where the link names no living row, its id stands and the rest is
 * null.
 */
export function toFarRowJson(
  type: CatalogType,
  node: FarNode,
  alias: string,
  draft: Draft,
  toRow: RowJson,
): JsonSql {
  const field = type.fields.get(node.name);
  const row = draft.alias();
  const reached: JsonSql = { fixed: toMark('h', node.hop) };
  if (field?.kind === 'link') {
    const key = toLinkColumn(alias, field.link.name);
    const json = toSql(toRow(field.to, node.fields, row));
    const there = `(select ${json} from ${toLinkedRows(field, field.to, alias, row, draft)} limit 1)`;
    const either = { sql: `coalesce(${there}, ${toSql(toDangling(field.to, node.fields, key))})` };
    return { sql: `case when ${key} is null then 'null' else ${toSql(toText([reached, either]))} end` };
  }
  if (field?.kind !== 'nearest' || field.row === null) return NULL_JSON;
  const nearest = toNearestSql(type, field.row, field.nearest, { alias, row, draft });
  if (nearest === null) return NULL_JSON;
  const json = toSql(toText([reached, toRow(field.row, node.fields, row)]));
  return toNullable(`(select ${json} ${nearest})`);
}

function toDangling(to: CatalogType, fields: readonly RowNode[], key: string): JsonSql {
  const toValue = (node: RowNode): JsonSql => {
    // What must not be null is a fault, and this statement gives none.
    if (node.kind === 'source') return { fixed: toMark('x', 0) };
    if (node.kind !== 'leaf') return NULL_JSON;
    if (node.name === 'id') return toTextJson(toIdSql(to.unit, to.type.name, key));
    return node.name === '__typename' ? toFixed(to.type.name) : { fixed: toMark('x', 0) };
  };
  return toObject(fields.map((node) => ({ key: node.key, value: toValue(node) })));
}

// A degree of latitude is never shorter: the box keeps all that the circle may hold.
const DEGREE_METRES = 110_500;

/** `from … where … order by … limit 1`: the row that lies nearest to the row `alias`, on a sphere; a box comes first. */
function toNearestSql(
  type: CatalogType,
  to: CatalogType,
  { maxMetres }: Nearest,
  { alias, row, draft }: { readonly alias: string; readonly row: string; readonly draft: Draft },
): string | null {
  const [own, its] = [findLocation(type.type), findLocation(to.type)];
  if (own === null || its === null) return null;
  const [from, there] = [toPointColumns(alias, own.name), toPointColumns(row, its.name)];
  const metres = toMetresSql(from, there);
  const degrees = maxMetres / DEGREE_METRES;
  const box = `abs(${there.lat} - ${from.lat}) <= ${degrees} and abs(${there.lon} - ${from.lon}) <= ${degrees} / cos(radians(${from.lat}))`;
  // A row of the same type is nearest to itself.
  const other =
    to.unit === type.unit && to.type.name === type.type.name ? `${row}._key <> ${alias}._key and ` : '';
  const where = `${other}${row}._gone_at is null and ${box} and ${metres} <= ${maxMetres}`;
  return `from ${draft.tableOf(to)} ${row} where ${where} order by ${metres}, ${row}._key limit 1`;
}
