// Where a field leads to, as a table: one row of a link, the newest reading, all rows of an inverse.
import type { CatalogType, GraphField } from '../catalog.ts';
import type { Draft } from '../draft.ts';
import { toLinkColumn } from '../row-columns.ts';
import { toValidSql } from '../times/valid-sql.ts';

/** The rows that a field of the row `alias` leads to, under the alias `row`. What is gone is no row. */
export function toLinkedRows(
  field: GraphField,
  to: CatalogType,
  alias: string,
  row: string,
  draft: Draft,
): string {
  const table = draft.tableOf(to);
  const living = `${row}._gone_at is null`;
  if (field.kind === 'link' || field.kind === 'stub') {
    const key = toLinkColumn(alias, field.link.name);
    return `(select ${row}.* from ${table} ${row} where ${row}._key = ${key} and ${living}) ${row}`;
  }
  if (!isOfMine(field)) return `(select ${row}.* from ${table} ${row} where false) ${row}`;
  const mine = `select ${row}.* from ${table} ${row} where ${toLinkColumn(row, field.by)} = ${alias}._key and ${living}`;
  if (field.kind === 'list') return `(${mine}) ${row}`;
  if (field.kind === 'current') {
    const valid = toValidSql(to, row, draft);
    if (valid === null) return `(${mine} and false) ${row}`;
    return `(${mine} and ${valid.counts} order by ${valid.order} limit 1) ${row}`;
  }
  const order = to.type.role === 'thing' ? `${row}._key` : `${row}._observed_at desc, ${row}._key desc`;
  return `(${mine} order by ${order} limit 1) ${row}`;
}

/** Rows that name this one by a link. */
function isOfMine(field: GraphField): field is Extract<GraphField, { readonly by: string }> {
  return 'by' in field && field.kind !== 'groups';
}
