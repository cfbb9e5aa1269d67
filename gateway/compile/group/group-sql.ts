// Groups in SQL: the rows with the columns that count, the groups of them with what is measured, the page of groups in its
// total order, and JSON made of each.
import type { CatalogType } from '../catalog.ts';
import type { Draft } from '../draft.ts';
import { type JsonPair, type JsonSql, NULL_JSON, toFixed, toObject, toSql } from '../json-sql.ts';
import { type ListScope, toScopeSql } from '../list-sql.ts';
import { toGroupsName } from '../names.ts';
import type { GroupField, GroupsNode, MeasureField } from '../plan.ts';
import { toLinkColumn } from '../row-columns.ts';
import { toLogicSql } from '../where/logic.ts';
import { toOperatorSql, toWhereSql } from '../where/where-sql.ts';
import type { GroupTerm, HavingNode, Measured } from './group-node.ts';
import { type DivisionJson, toKeyJson, toTermSql } from './key-sql.ts';
import { toAggregateSql, toMeasuredValue, toMeasureJson, toMeasureSql, toOutcomeOf } from './measure-sql.ts';
import { FUNCTIONS } from './measures.ts';

type Groups = {
  readonly node: GroupsNode;
  readonly type: CatalogType;
  readonly scope: ListScope;
  readonly draft: Draft;
  readonly toDivision: DivisionJson;
};

/** Columns that the levels of the statement hand on: each expression once. */
type Columns = {
  readonly row: string;
  readonly part: string;
  readonly group: string;
  readonly values: string[];
  readonly aggregates: string[];
  /** Which functions look at which of the values. */
  readonly uses: { readonly value: number; readonly of: Measured['of'] }[];
};

/** The list of groups; `count` rows are in each. Groups that are too small to be shown are left out, one of no row is none of them. */
export function toGroupsJson(groups: Groups): JsonSql {
  const { node, type, draft } = groups;
  const columns: Columns = {
    row: draft.alias(),
    part: draft.alias(),
    group: draft.alias(),
    values: [],
    aggregates: [],
    uses: [],
  };
  const { group } = columns;
  const json = toSql(toGroupJson(groups, columns));
  const shown = node.having === null ? [] : [toHavingSql(groups, node.having, columns)];
  if (type.minGroup > 1) shown.push(`(${group}.n = 0 or ${group}.n >= ${type.minGroup})`);
  const order = toOrder(groups, columns);
  const numbered = order === '' ? '1' : `row_number() over (order by ${order})`;
  const where = shown.length === 0 ? '' : ` where ${shown.join(' and ')}`;
  const tail = order === '' ? '' : ` order by ${order}`;
  const limit = draft.bind(`limit${node.slot}`, 'int');
  const page = `select ${group}.*, ${numbered} as place from (${toGroupedSql(groups, columns)}) ${group}${where}${tail} limit ${limit}`;
  return {
    sql: `(select '[' || coalesce(string_agg(${json}, ',' order by ${group}.place), '') || ']' from (${page}) ${group})`,
  };
}

/** All groups: `n` rows each, the parts of the key as k0, k1 …, the aggregates as a0, a1 …. */
function toGroupedSql(groups: Groups, columns: Columns): string {
  const { node } = groups;
  const { part, aggregates } = columns;
  const folds = toFolds(groups, columns);
  const rows = folds === null ? toRowsSql(groups, columns) : toFoldedSql(groups, columns, folds);
  const count = folds === null ? 'count(*)' : `sum(${part}.n)::bigint`;
  const keys = node.keys.map((_term, index) => `${part}.k${index}`);
  const measured = aggregates.map((aggregate, index) => `${aggregate} as a${index}`);
  const by = keys.length === 0 ? '' : ` group by ${keys.join(', ')}`;
  return `select ${[`${count} as n`, ...keys, ...measured].join(', ')} from (${rows}) ${part}${by}`;
}

/** The rows: the parts of the key as k0, k1 …, the values as v0, v1 …. */
function toRowsSql(groups: Groups, { row, values }: Columns): string {
  const { node, type, draft } = groups;
  const parts = node.keys.map((term, index) => `${toTermSql(type, term, row, draft)} as k${index}`);
  const columns = [...parts, ...values.map((value, index) => `${value} as v${index}`)];
  return `select ${columns.join(', ')} from ${toSourceSql(groups, row)}`;
}

function toSourceSql({ node, type, scope, draft }: Groups, row: string): string {
  const where = [...toScopeSql(type, scope, row, draft), `${row}._gone_at is null`];
  if (node.where !== null) where.push(toWhereSql(type, node.where, row, draft));
  return `${draft.tableOf(type)} ${row} where ${where.join(' and ')}`;
}

/**
 * How each of the values is taken together before the divisions are read: null where that cannot be, or saves nothing. Of
 * a million readings of 660 things in 85 hours 56,000 are left, and a division is read for each of those.
 */
function toFolds({ node, type }: Groups, { values, uses }: Columns): readonly ('min' | 'max')[] | null {
  if (type.divisionBy?.always !== true || !node.keys.some((term) => isByLink(term))) return null;
  const folds = values.flatMap((_value, index) => {
    const [of, ...others] = new Set(uses.filter(({ value }) => value === index).map((use) => use.of));
    return (of === 'min' || of === 'max') && others.length === 0 ? [of] : [];
  });
  return folds.length === values.length ? folds : null;
}

/** A part of the key that is the same for all rows of one link. */
function isByLink(term: GroupTerm): boolean {
  return term.kind === 'division' && term.via.length === 0;
}

/** As toRowsSql, with `n`: the rows of one link that are alike in the rest of the key are one. */
function toFoldedSql(groups: Groups, { row, values }: Columns, folds: readonly string[]): string {
  const { node, type, draft } = groups;
  if (type.divisionBy === null) throw new RangeError(`${type.type.name} has its own division`);
  const [inner, fold] = [draft.alias(), draft.alias()];
  const link = toLinkColumn(row, type.divisionBy.by);
  const kept = toLinkColumn(inner, type.divisionBy.by);
  const own = node.keys.flatMap((term, index) => (isByLink(term) ? [] : [{ term, index }]));
  const parts = own.map(({ term, index }) => `${toTermSql(type, term, row, draft)} as k${index}`);
  const measured = values.map((value, index) => `${value} as v${index}`);
  const rows = `select ${[link, ...parts, ...measured].join(', ')} from ${toSourceSql(groups, row)}`;
  const by = [kept, ...own.map(({ index }) => `${inner}.k${index}`)];
  const folded = folds.map((of, index) => `${of}(${inner}.v${index}) as v${index}`);
  const few = `select ${[...by, 'count(*) as n', ...folded].join(', ')} from (${rows}) ${inner} group by ${by.join(', ')}`;
  const keys = node.keys.map((term, index) =>
    isByLink(term) ? `${toTermSql(type, term, fold, draft)} as k${index}` : `${fold}.k${index}`,
  );
  const told = [`${fold}.n`, ...keys, ...values.map((_value, index) => `${fold}.v${index}`)];
  return `select ${told.join(', ')} from (${few}) ${fold}`;
}

/** The expression of what is measured of the group. */
function toColumn(groups: Groups, measured: Measured, columns: Columns): string {
  const { type, draft } = groups;
  const { group, part, row } = columns;
  if (measured.of === 'count') return `${group}.n`;
  const value = toPosition(columns.values, toMeasuredValue(type, measured.field, row));
  columns.uses.push({ value, of: measured.of });
  const aggregate = toAggregateSql(type, measured, `${part}.v${value}`, draft);
  const column = `${group}.a${toPosition(columns.aggregates, aggregate)}`;
  return toMeasureSql(type, measured, column, draft);
}

function toPosition(list: string[], expression: string): number {
  if (!list.includes(expression)) list.push(expression);
  return list.indexOf(expression);
}

function toGroupJson(groups: Groups, columns: Columns): JsonSql {
  return toObject(
    groups.node.fields.map(
      (field): JsonPair => ({ key: field.key, value: toFieldJson(groups, field, columns) }),
    ),
  );
}

function toFieldJson(groups: Groups, field: GroupField, columns: Columns): JsonSql {
  const { type, node, toDivision } = groups;
  switch (field.kind) {
    case 'nothing':
      return NULL_JSON;
    case 'leaf':
      if (field.name === 'count') return { sql: `${columns.group}.n::text` };
      return toFixed(toGroupsName(type.type.name, 'Aggregate'));
    case 'key': {
      const toColumnOf = (term: number): string => `${columns.group}.k${term}`;
      if (field.fields === null) return NULL_JSON;
      return toKeyJson(type, field.fields, { terms: node.keys, toColumn: toColumnOf, toDivision });
    }
    case 'measures':
      return toObject(
        field.fields.map((one) => ({ key: one.key, value: toMeasuredJson(groups, field.of, one, columns) })),
      );
  }
}

function toMeasuredJson(
  groups: Groups,
  fn: keyof typeof FUNCTIONS,
  field: MeasureField,
  columns: Columns,
): JsonSql {
  if (field.kind === 'nothing') return NULL_JSON;
  if (field.kind === 'leaf') return toFixed(toGroupsName(groups.type.type.name, FUNCTIONS[fn]));
  return toMeasureJson(groups.type, field.measured, toColumn(groups, field.measured, columns));
}

/** The condition on a group. */
function toHavingSql(groups: Groups, node: HavingNode, columns: Columns): string {
  const below = (of: HavingNode): string => toHavingSql(groups, of, columns);
  switch (node.kind) {
    case 'all':
    case 'any':
    case 'not':
      return toLogicSql(node, below);
    case 'test': {
      const { over, test } = node;
      if (test.kind === 'all') return 'true';
      const value = toColumn(groups, over, columns);
      if (test.kind === 'isNull') return `${value} is ${test.yes ? '' : 'not '}null`;
      if (test.kind !== 'compare') return 'false';
      return toOperatorSql(test, value, toOutcomeOf(groups.type, over).sqlType, groups.draft);
    }
  }
}

/** The total order of the groups: what was asked, then the parts of the key. Empty where there is one group only. */
function toOrder(groups: Groups, columns: Columns): string {
  const { node } = groups;
  const asked = node.order.map(({ by, desc }) => {
    const value = 'term' in by ? `${columns.group}.k${by.term}` : toColumn(groups, by, columns);
    return `${value}${desc ? ' desc' : ''}`;
  });
  return [...asked, ...node.keys.map((_term, index) => `${columns.group}.k${index}`)].join(', ');
}
