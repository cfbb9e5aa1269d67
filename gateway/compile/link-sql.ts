// One other row that a row leads to: a link's target, its latest reading, its single inverse, the row that counts now, what lies nearest. Within
// the unit it is read in the same statement; of another unit only the id is given, and merging fills in the rest, unless the
// statement is of the whole hub.
import { type CatalogType, findLocation, type Nearest } from './catalog.ts';
import { toMetresSql } from './distance-sql.ts';
import type { Draft } from './draft.ts';
import { type JsonSql, NULL_JSON, toFixed, toNullable, toObject, toSql, toText } from './json-sql.ts';
import { toMark } from './marks.ts';
import type { RowNode } from './plan.ts';
import { toIdSql, toLinkColumn, toPointColumns } from './row-columns.ts';
import { toTextJson } from './value-sql.ts';
import { toLinkedRows } from './where/linked-rows.ts';
import type { Writing } from './writing.ts';

type StubNode = Extract<RowNode, { kind: 'stub' }>;
type OtherRowNode = Extract<RowNode, { kind: 'row' }>;
type FarNode = Extract<RowNode, { kind: 'far' }>;

/** A row of another unit that is not read: `{ id }` and what names it; null where the link is empty or nothing is near. */
export function toStubJson(writing: Writing, type: CatalogType, node: StubNode, alias: string): JsonSql {
  const { draft } = writing;
  const field = type.fields.get(node.name);
  if (field?.kind === 'stub' || field?.kind === 'link') {
    const key = toLinkColumn(alias, field.link.name);
    const [to, row] = field.kind === 'stub' ? [field.to, field.row] : [toName(field.to), field.to];
    const stub = toKeyedJson(node.fields, key, draft, (one, at) => toStubField(writing, to, row, one, at));
    return { sql: `case when ${key} is null then 'null' else ${toSql(stub)} end` };
  }
  if (field?.kind !== 'nearest' || field.row === null) return NULL_JSON;
  const { nearest, row: to } = field;
  const row = draft.alias();
  const rows = toNearestSql(type, to, nearest, { alias, row, draft });
  if (rows === null) return NULL_JSON;
  const stub = toObject(
    node.fields.map((one) => ({ key: one.key, value: toStubField(writing, nearest, to, one, row) })),
  );
  return toNullable(`(select ${toSql(stub)} ${rows})`);
}

type TypeName = { readonly unit: string; readonly type: string };

function toName({ unit, type }: CatalogType): TypeName {
  return { unit, type: type.name };
}

/** What is asked of a row of which only the key is known, as `_key` of `alias`. */
export function toStubField(
  writing: Writing,
  to: TypeName,
  type: CatalogType | null,
  node: RowNode,
  alias: string,
): JsonSql {
  if (node.kind !== 'leaf') return type === null ? NULL_JSON : writing.toNode(type, node, alias);
  return node.name === 'id' ? toTextJson(toIdSql(to.unit, to.type, `${alias}._key`)) : toFixed(to.type);
}

/** The object of a row of which only the key is known: what names it is found as if the row stood under an alias. */
function toKeyedJson(
  nodes: readonly RowNode[],
  key: string,
  draft: Draft,
  toField: (node: RowNode, alias: string) => JsonSql,
): JsonSql {
  const at = draft.alias();
  const json = toSql(toObject(nodes.map((node) => ({ key: node.key, value: toField(node, at) }))));
  return { sql: `(select ${json} from (select ${key} as _key) ${at})` };
}

/** One row of this unit. What is gone is no answer. */
export function toOtherRowJson(
  { draft, toRow }: Writing,
  type: CatalogType,
  node: OtherRowNode,
  alias: string,
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
 * One row of another unit, as merging would fill it in: where the link names no living row, its id stands with what names it,
 * and the rest is null.
 */
export function toFarRowJson(writing: Writing, type: CatalogType, node: FarNode, alias: string): JsonSql {
  const { draft, toRow } = writing;
  const field = type.fields.get(node.name);
  const row = draft.alias();
  const reached: JsonSql = { fixed: toMark('h', node.hop) };
  if (field?.kind === 'link') {
    const { to } = field;
    const key = toLinkColumn(alias, field.link.name);
    const json = toSql(toRow(to, node.fields, row));
    const there = `(select ${json} from ${toLinkedRows(field, to, alias, row, draft)} limit 1)`;
    const gone = toKeyedJson(node.fields, key, draft, (one, at) => toGoneField(writing, to, one, at));
    const either = { sql: `coalesce(${there}, ${toSql(gone)})` };
    return { sql: `case when ${key} is null then 'null' else ${toSql(toText([reached, either]))} end` };
  }
  if (field?.kind !== 'nearest' || field.row === null) return NULL_JSON;
  const nearest = toNearestSql(type, field.row, field.nearest, { alias, row, draft });
  if (nearest === null) return NULL_JSON;
  const json = toSql(toText([reached, toRow(field.row, node.fields, row)]));
  return toNullable(`(select ${json} ${nearest})`);
}

function toGoneField(writing: Writing, to: CatalogType, node: RowNode, alias: string): JsonSql {
  const isKnown = node.kind === 'leaf' && (node.name === 'id' || node.name === '__typename');
  if (isKnown || node.kind === 'added') return toStubField(writing, toName(to), to, node, alias);
  // What must not be null is a fault, and this statement gives none.
  return node.kind === 'leaf' || node.kind === 'source' ? { fixed: toMark('x', 0) } : NULL_JSON;
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
