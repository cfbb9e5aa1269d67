// readMany(): as many statements as the dialect's limits ask for, and one answer a key, in key order.
import type { Knex } from 'knex';
import { HubError } from '../../../schema/errors.ts';
import type { ColumnShape, KeyAnswer, Literal, ReadManyRequest, SourceRecord } from '../../kit/contract.ts';
import { findColumn } from './catalogue.ts';
import type { Table } from './catalogue-rows.ts';
import type { Dialect } from './dialects/dialect.ts';
import type { Speech } from './filter.ts';
import { type Fragment, join, toList } from './fragment.ts';
import { toComparable, toKeyText } from './literal.ts';
import { planSelection, toTableName } from './selection.ts';

/** Longer statements than this gain nothing and keep the department's database busy for longer. */
const MOST_KEYS = 5_000;
/** Parameters that a statement has besides its keys. */
const RESERVE = 10;

type Row = { readonly [alias: string]: unknown };
export type ReadManyPlan = {
  readonly queries: readonly Knex.QueryBuilder[];
  /** `answers` has the rows of each query. */
  toAnswers(answers: readonly (readonly Row[])[]): readonly KeyAnswer[];
};

type AskedKey = { readonly id: string; readonly condition: Fragment };

export function planReadMany(table: Table, request: ReadManyRequest, speech: Speech, db: Knex): ReadManyPlan {
  const by = request.by.map((name) => findColumn(table, name, speech.place));
  const ids = request.keys.map((key) => toId(by, key, speech));
  const chunks = chunk(toAskedKeys(by, request.keys, ids, speech), toChunkLength(by.length, speech.dialect));
  const extra = by.map((column) => ({
    column,
    select: speech.dialect.read(column, speech.quote(column.name)),
  }));
  const selection = planSelection(table, request.columns, extra, speech);
  const queries = chunks.map((keys) => {
    const condition = toCondition(by, keys, speech);
    return db
      .select(selection.list.map((item) => db.raw(item)))
      .from(db.raw(toTableName(table, speech.quote)))
      .whereRaw(condition.sql, [...condition.binds]);
  });
  return {
    queries,
    toAnswers: (answers) => {
      const found = new Map<string, SourceRecord[]>();
      for (const [index, rows] of answers.entries()) {
        // A generous collation may bring rows of keys that another chunk asks for.
        const own = new Set(chunks[index]?.map((key) => key.id));
        for (const row of rows) {
          const id = toId(by, selection.toExtras(row), speech);
          if (id === null || !own.has(id)) continue;
          found.set(id, [...(found.get(id) ?? []), selection.toRecord(row)]);
        }
      }
      return ids.map((id) => toAnswer(id === null ? [] : (found.get(id) ?? []), table, speech));
    },
  };
}

function toAnswer(records: readonly SourceRecord[], table: Table, { place }: Speech): KeyAnswer {
  if (records.length <= 1) return records[0] ?? null;
  return new HubError(
    'HUB_MAP_EXTEND_MANY',
    `${place.unit}.${place.source}: "${table.name}" has ${records.length} rows for one key`,
    { place: { ...place, object: table.name } },
  );
}

/** A key's identity in both directions; null when a part is missing or cannot stand in its column. */
function toId(
  by: readonly ColumnShape[],
  values: readonly Parameters<typeof toKeyText>[1][],
  speech: Speech,
): string | null {
  if (values.length !== by.length)
    throw new HubError('HUB_INTERNAL', `a key must have ${by.length} values, but got: ${values.length}`);
  const parts = by.map((column, index) => toKeyText(column.kind, values[index] ?? null, speech.zone));
  return parts.includes(null) ? null : JSON.stringify(parts);
}

/** Every key that can exist, once; one with blanks at its end also without them. */
function toAskedKeys(
  by: readonly ColumnShape[],
  keys: readonly (readonly Literal[])[],
  ids: readonly (string | null)[],
  speech: Speech,
): readonly AskedKey[] {
  const asked = new Map<string, AskedKey>();
  for (const [index, id] of ids.entries()) {
    const key = keys[index] ?? [];
    const bare = key.map((part) => (typeof part === 'string' ? part.trimEnd() : part));
    for (const form of [bare, key]) {
      const name = JSON.stringify(form);
      if (id === null || asked.has(name)) continue;
      const binds = by.map((column, at) => {
        const value = toComparable(column.kind, form[at] ?? null, speech.zone);
        return value === null ? null : speech.dialect.bind(column, value);
      });
      const parts = binds.filter((bind) => bind !== null);
      if (parts.length === by.length) asked.set(name, { id, condition: toEquals(by, parts, speech) });
    }
  }
  return [...asked.values()];
}

/** For one column only its bind, for `in (…)`; for several `(a = ? and b = ?)`, which every dialect understands. */
function toEquals(by: readonly ColumnShape[], binds: readonly Fragment[], speech: Speech): Fragment {
  const [only] = binds;
  if (binds.length === 1 && only !== undefined) return only;
  const parts = binds.map((bind, index) => {
    const column = by[index];
    const sql = column === undefined ? '' : speech.dialect.compare(column, speech.quote(column.name));
    return { sql: `${sql} = ${bind.sql}`, binds: bind.binds };
  });
  return join(parts, ' and ');
}

function toCondition(by: readonly ColumnShape[], keys: readonly AskedKey[], speech: Speech): Fragment {
  const conditions = keys.map((key) => key.condition);
  const [column] = by;
  if (by.length !== 1 || column === undefined) return join(conditions, ' or ', '1 = 0');
  const list = toList(conditions);
  return {
    sql: `${speech.dialect.compare(column, speech.quote(column.name))} in ${list.sql}`,
    binds: list.binds,
  };
}

/** Keys a statement: within the list's length, the parameters and our own ceiling. */
export function toChunkLength(width: number, dialect: Dialect): number {
  const byParameters = Math.floor((dialect.maxParameters - RESERVE) / Math.max(width, 1));
  const byList = width === 1 ? dialect.maxList : Math.ceil(MOST_KEYS / 10);
  return Math.max(1, Math.min(MOST_KEYS, byList, byParameters));
}

function chunk<T>(items: readonly T[], length: number): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / length);
  return Array.from({ length: count }, (_, index) => items.slice(index * length, (index + 1) * length));
}
