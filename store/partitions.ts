// Months of a partitioned table: their names, bounds and SQL. Used by the migration (months ahead) and by the writer (a
// month that a page needs). Rows that came before their month's partition lie in the default one and move with it. Pure.
import { quoteIdentifier, toShortName } from './sql-identifiers.ts';

/** `2026-04`: a calendar month, UTC. */
export type Month = string;

export function toMonth(instant: number | string): Month {
  return new Date(instant).toISOString().slice(0, 7);
}

/** The month `count` months later. */
export function addMonths(month: Month, count: number): Month {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return toMonth(Date.UTC(year, number - 1 + count, 1));
}

/** All months from one to another, both included. */
export function toMonths(from: Month, to: Month): readonly Month[] {
  const months: Month[] = [];
  for (let month = from; month <= to; month = addMonths(month, 1)) months.push(month);
  return months;
}

/** Unquoted. No type can give this name: in a type's table name no digit follows `_`. */
export function toPartitionName(table: string, month: Month): string {
  return toShortName(`${table}_${month.replace('-', '_')}`);
}

/** Unquoted. */
export function toDefaultPartitionName(table: string): string {
  return toShortName(`${table}__default`);
}

export function toDefaultPartitionSql(unit: string, table: string): string {
  const name = `${quoteIdentifier(unit)}.${quoteIdentifier(toDefaultPartitionName(table))}`;
  return `CREATE TABLE ${name} PARTITION OF ${quoteIdentifier(unit)}.${quoteIdentifier(table)} DEFAULT`;
}

/**
 * Makes one month's partition; to be run in one transaction. The lock keeps writers away between the move out of the
 * default partition and the attaching, or a row written in between would make it fail.
 */
export function toPartitionSql(unit: string, table: string, month: Month): readonly string[] {
  const schema = quoteIdentifier(unit);
  const parent = `${schema}.${quoteIdentifier(table)}`;
  const rest = `${schema}.${quoteIdentifier(toDefaultPartitionName(table))}`;
  const part = `${schema}.${quoteIdentifier(toPartitionName(table, month))}`;
  const from = `'${month}-01T00:00:00Z'`;
  const to = `'${addMonths(month, 1)}-01T00:00:00Z'`;
  return [
    `LOCK TABLE ${parent} IN ACCESS EXCLUSIVE MODE`,
    `CREATE TABLE ${part} (LIKE ${parent} INCLUDING DEFAULTS)`,
    // Parent, default and new partition have their columns in one order: later columns are added to all of them at once.
    `WITH moved AS (DELETE FROM ${rest} WHERE _observed_at >= ${from} AND _observed_at < ${to} RETURNING *) INSERT INTO ${part} SELECT * FROM moved`,
    `ALTER TABLE ${parent} ATTACH PARTITION ${part} FOR VALUES FROM (${from}) TO (${to})`,
  ];
}
