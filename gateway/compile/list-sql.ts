// A connection in SQL: one page by keyset, one row more than asked to know whether it goes on, and JSON made of the rows
// that count. Unless they are ordered otherwise things go by key, readings and events by time and key, ascending.

import type { CatalogType } from './catalog.ts';
import { toCursorOf, toCursorSql } from './cursor.ts';
import { toInDivision } from './division-sql.ts';
import type { Draft } from './draft.ts';
import { toBucketSql } from './group/bucket.ts';
import { type JsonPair, type JsonSql, toFixed, toNullable, toObject, toSql } from './json-sql.ts';
import { toConnectionName, toEdgeName } from './names.ts';
import { type OrderPart, toBeyond, toCursorText, toOrderBy, toOrderParts } from './order/order-sql.ts';
import { toOrderMark } from './order/plan-order.ts';
import { toArrayJson, toPageRowSql } from './page-sql.ts';
import type { EdgeField, Leaf, ListField, ListNode, RowNode } from './plan.ts';
import { toLinkColumn } from './row-columns.ts';
import { toTextJson } from './value-sql.ts';
import { toWhereSql } from './where/where-sql.ts';

/** Which rows a list is over: all of the type, those that name a row by a link, or those in a division. */
export type ListScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'by'; readonly link: string; readonly key: string }
  | { readonly kind: 'division'; readonly lo: string; readonly hi: string };

/** JSON of a row of `type` that stands under `alias`. */
export type RowJson = (type: CatalogType, fields: readonly RowNode[], alias: string) => JsonSql;

type List = {
  readonly node: ListNode;
  readonly type: CatalogType;
  readonly scope: ListScope;
  readonly draft: Draft;
  readonly toRow: RowJson;
};

/** The connection object, only what is asked of it: no count without `totalCount`, no page where nothing of it shows. */
export function toListJson(list: List): JsonSql {
  const { node, draft } = list;
  const [row, page] = [draft.alias(), draft.alias()];
  const columns: string[] = [];
  const pairs = node.fields.map(
    (field): JsonPair => ({ key: field.key, value: toFieldJson(list, field, { row, page, columns }) }),
  );
  const json = toSql(toObject(pairs));
  if (node.fields.every((field) => field.kind === 'leaf')) return { sql: json };
  const limit = draft.bind(`limit${node.slot}`, 'int');
  const numbered = `select ${row}.*, row_number() over (order by ${toOrder(list, row)}) as _n from (${toPageSql(list)}) ${row}`;
  const all = toPageRowSql({ numbered, row, page, limit, columns, forward: node.page.forward });
  return { sql: `(select ${json} from (${all}) ${page})` };
}

type Parts = { readonly row: string; readonly page: string; readonly columns: string[] };

function toFieldJson(list: List, field: ListField, parts: Parts): JsonSql {
  const { row, page, columns } = parts;
  switch (field.kind) {
    case 'nodes':
      return toArrayJson(`${page}.${toColumn(columns, toSql(list.toRow(list.type, field.fields, row)))}`);
    case 'edges': {
      const edge = toObject(field.fields.map((one) => ({ key: one.key, value: toEdgeJson(list, one, row) })));
      return toArrayJson(`${page}.${toColumn(columns, toSql(edge))}`);
    }
    case 'pageInfo': {
      const toCursors = (): string => `${page}.${toColumn(columns, toCursor(list, row))}`;
      return toObject(
        field.leaves.map((leaf) => ({ key: leaf.key, value: toPageInfo(list, leaf, page, toCursors) })),
      );
    }
    case 'leaf':
      if (field.name === 'totalCount') return { sql: toCountSql(list) };
      return toFixed(toConnectionName(list.type.type.name));
  }
}

// The same expression asked under two aliases is computed once.
function toColumn(columns: string[], expression: string): string {
  if (!columns.includes(expression)) columns.push(expression);
  return `c${columns.indexOf(expression)}`;
}

function toEdgeJson(list: List, field: EdgeField, row: string): JsonSql {
  if (field.kind === 'node') return list.toRow(list.type, field.fields, row);
  if (field.name === 'cursor') return toTextJson(toCursor(list, row));
  return toFixed(toEdgeName(list.type.type.name));
}

function toPageInfo(list: List, leaf: Leaf, page: string, toCursors: () => string): JsonSql {
  const { forward, after, before } = list.node.page;
  switch (leaf.name) {
    case 'hasNextPage':
      return toBoolean(forward ? `${page}.more` : null, before === null ? null : toExistsSql(list, 'before'));
    case 'hasPreviousPage':
      return toBoolean(forward ? null : `${page}.more`, after === null ? null : toExistsSql(list, 'after'));
    case 'startCursor':
      return toTextJson(`(${toCursors()})[1]`);
    case 'endCursor':
      return toTextJson(`(${toCursors()})[cardinality(${toCursors()})]`);
    default:
      return toFixed('PageInfo');
  }
}

function toBoolean(...conditions: (string | null)[]): JsonSql {
  const known = conditions.filter((condition) => condition !== null);
  if (known.length === 0) return toFixed(false);
  return toNullable(`to_json(${known.join(' or ')})::text`);
}

function toCursor(list: List, row: string): string {
  const head = JSON.stringify(toCursorOf(list.type, list.node.list, toOrderMark(list.node.order))).slice(
    0,
    -1,
  );
  const parts = toParts(list).map(
    (part) => `',' || coalesce(to_json(${toCursorText(part, row)})::text, 'null')`,
  );
  return toCursorSql(`'${head}' || ${parts.join(' || ')} || ']'`, list.draft.bind('cursorKey', 'bytea'));
}

function toParts({ type, node, draft }: List): readonly OrderPart[] {
  return toOrderParts(type, node.order, draft);
}

function toOrder(list: List, alias: string): string {
  return toOrderBy(toParts(list), alias, list.node.page.forward);
}

/** The rows behind the cursor `edge`, or, `far`, those on it and on its far side. */
function toKeyset(list: List, alias: string, edge: 'after' | 'before', far = false): string {
  const { node, draft } = list;
  const nulls = node.page[edge] ?? [];
  const bind = (index: number, cast: string): string => draft.bind(`${edge}${node.slot}.${index}`, cast);
  const after = (edge === 'after') !== far;
  return toBeyond(toParts(list), alias, { nulls, bind }, { after, at: far });
}

/** The rows of the page and one more, in the direction of reading. */
function toPageSql(list: List): string {
  const { node, draft } = list;
  const limit = `${draft.bind(`limit${node.slot}`, 'int')} + 1`;
  const row = draft.alias();
  const between = (['after', 'before'] as const).flatMap((edge) =>
    node.page[edge] === null ? [] : [toKeyset(list, row, edge)],
  );
  const tail = ` order by ${toOrder(list, row)} limit ${limit}`;
  return toRowsSql(list, row, `${row}.*`, between, tail);
}

function toCountSql(list: List): string {
  const row = list.draft.alias();
  return `(${toRowsSql(list, row, 'count(*)::text', [], null)})`;
}

/** Whether a row stands at the cursor or on its far side: then the list goes on in that direction. */
function toExistsSql(list: List, edge: 'after' | 'before'): string {
  const row = list.draft.alias();
  return `exists (${toRowsSql(list, row, '1', [toKeyset(list, row, edge, true)], null)})`;
}

/** Rows of the list that are not gone. `tail` orders and cuts them; without it they are counted or looked for. */
function toRowsSql(
  list: List,
  row: string,
  what: string,
  more: readonly string[],
  tail: string | null,
): string {
  const { type, scope, draft, node } = list;
  const asked = node.where === null ? [] : [toWhereSql(type, node.where, row, draft)];
  const alive = [...toAlive(list, row), ...asked, ...more];
  if (node.bucket) {
    const behind = more.length === 0 ? '' : ` where ${more.join(' and ')}`;
    return `select ${what} from (${toNewestSql(list)}) ${row}${behind}${tail ?? ''}`;
  }
  const byThing = tail === null ? null : toRowsByThing(list, row, alive, tail);
  if (byThing !== null) return byThing;
  const where = [...toScopeSql(type, scope, row, draft), ...alive];
  return `select ${what} from ${draft.tableOf(type)} ${row} where ${where.join(' and ')}${tail ?? ''}`;
}

/** The conditions that a row stands in a list at all: it is not gone, and known since then. */
function toAlive({ node, draft }: List, row: string): readonly string[] {
  const living = `${row}._gone_at is null`;
  if (!node.changedSince) return [living];
  return [living, `${row}._known_from > ${draft.bind(`changedSince${node.slot}`, 'timestamptz')}`];
}

/** The condition that the row stands in the scope; none where the scope is all rows. */
export function toScopeSql(
  type: CatalogType,
  scope: ListScope,
  row: string,
  draft: Draft,
): readonly string[] {
  if (scope.kind === 'by') return [`${toLinkColumn(row, scope.link)} = ${scope.key}`];
  return scope.kind === 'division' ? [toInDivision(type, row, scope.lo, scope.hi, draft)] : [];
}

/** Of each thing's readings in a bucket the newest one; of two at the same time that of the greater key, as for the latest. */
function toNewestSql(list: List): string {
  const { type, scope, draft, node } = list;
  const row = draft.alias();
  const where = [...toScopeSql(type, scope, row, draft), ...toAlive(list, row)];
  if (node.where !== null) where.push(toWhereSql(type, node.where, row, draft));
  const time = `${row}._observed_at`;
  const start = toBucketSql(time, type.zone, draft.bind(`bucket${node.slot}`, 'float8'));
  const each = [...(type.type.of === null ? [] : [toLinkColumn(row, type.type.of)]), start].join(', ');
  return `select distinct on (${each}) ${row}.* from ${draft.tableOf(type)} ${row} where ${where.join(' and ')} order by ${each}, ${time} desc, ${row}._key desc`;
}

/**
 * Readings of many things are taken thing by thing, each through its index on (thing, time), then ordered and cut as a
 * whole: a page costs as many short index scans as there are things, however long the table is.
 */
function toRowsByThing(list: List, row: string, alive: readonly string[], tail: string): string | null {
  const { type, scope, draft } = list;
  const thing = type.thingBy;
  if (thing === null || scope.kind === 'by' || list.node.order.length > 0) return null;
  // Only where no reading can be missed: each has its thing, and it lies where its thing lies.
  const { divisionBy } = type;
  const isComplete =
    scope.kind === 'all' ? thing.sure : divisionBy?.always === true && divisionBy.by === thing.by;
  if (!isComplete) return null;
  const parent = draft.alias();
  const where = [`${toLinkColumn(row, thing.by)} = ${parent}._key`, ...alive].join(' and ');
  const there =
    scope.kind === 'all' ? '' : ` where ${toInDivision(thing.to, parent, scope.lo, scope.hi, draft)}`;
  const each = `select ${row}.* from ${draft.tableOf(type)} ${row} where ${where}${tail}`;
  // All things there ever were stand in the table of today; where they lay is asked as of the list's instant.
  const things = (scope.kind === 'all' ? draft.at(null) : draft).tableOf(thing.to);
  return `select ${row}.* from ${things} ${parent} cross join lateral (${each}) ${row}${there}${tail}`;
}
