// The select list of a statement: each expression once, under an alias of ours, so that neither the case of the
// database nor two names for one column matter; and back from a row to the record with the asker's names.
import type { ColumnShape, RawValue, SourceRecord } from '../../kit/contract.ts';
import { findColumn } from './catalogue.ts';
import type { Table } from './catalogue-rows.ts';
import type { Speech } from './filter.ts';
import { toRawValue } from './value.ts';

export type Selection = {
  /** `expression as alias` for each. */
  readonly list: readonly string[];
  toRecord(row: { readonly [alias: string]: unknown }): SourceRecord;
  /** Values of `extra`, in order. */
  toExtras(row: { readonly [alias: string]: unknown }): readonly RawValue[];
};

/** `names` become the record; `extra` are expressions wanted beside it (positions, keys). */
export function planSelection(
  table: Table,
  names: readonly string[],
  extra: readonly { readonly column: ColumnShape; readonly select: string }[],
  speech: Speech,
): Selection {
  const aliases = new Map<string, string>();
  const toAlias = (expression: string) => {
    const alias = aliases.get(expression) ?? `c${aliases.size}`;
    aliases.set(expression, alias);
    return alias;
  };
  const fields = names.map((name) => {
    const column = findColumn(table, name, speech.place);
    return { name, column, alias: toAlias(speech.dialect.read(column, speech.quote(column.name))) };
  });
  const extras = extra.map(({ column, select }) => ({ column, alias: toAlias(select) }));
  return {
    list: [...aliases].map(([expression, alias]) => `${expression} as ${speech.quote(alias)}`),
    // Once a row of every page: nothing is made on the way.
    toRecord: (row) => {
      const record: { [column: string]: RawValue } = {};
      for (const { name, column, alias } of fields) record[name] = toRawValue(column, row[alias]);
      return record;
    },
    toExtras: (row) => extras.map(({ column, alias }) => toRawValue(column, row[alias])),
  };
}

export function toTableName(table: Table, quote: Speech['quote']): string {
  return `${quote(table.schema)}.${quote(table.table)}`;
}
