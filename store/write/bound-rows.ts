// A page of few rows comes to its merge as binds, one list a column. No COPY and no staging table: a session that has touched one
// of its temporary tables empties all of them when it commits, which costs a small page more than all else (with eighty tables
// about 30 ms). The statement has a name, so that a session reads it once.
import { quoteIdentifier, toDigest, toShortName } from '../sql-identifiers.ts';
import { fromCopyField } from './copy-text.ts';
import { DELETED, type Stage, type StagedRow } from './stage.ts';
import type { TypePlan } from './unit-plan.ts';

/** A page's rows of one type up to which they are bound, unless a store is told otherwise. */
export const MOST_BOUND = 200;

/** Binds of a merge before its rows: see PAGE_BINDS. */
const PAGE_BIND_COUNT = { plain: 7, partitioned: 9 };

/** What a merge reads its rows from instead of the staging table: the same columns, of the same types. */
export function toBoundSource(plan: TypePlan, { columns }: Stage): string {
  const before = plan.partitioned ? PAGE_BIND_COUNT.partitioned : PAGE_BIND_COUNT.plain;
  const lists = [...columns.map((_column, at) => at), columns.length].map(
    (at) => `$${before + 1 + at}::text[]`,
  );
  const names = lists.map((_list, at) => `c${at}`);
  const typed = columns.map(({ column, sqlType, stored }, at) => {
    const collate = stored.collate === null ? '' : ` COLLATE "${stored.collate}"`;
    return `c${at}::${sqlType}${collate} AS ${quoteIdentifier(column)}`;
  });
  const deleted = `c${columns.length}::bool AS ${DELETED}`;
  return `(SELECT ${[...typed, deleted].join(', ')} FROM unnest(${lists.join(', ')}) AS u(${names.join(', ')}))`;
}

/** A list for each column of the stage, and one that says which rows the source has deleted. */
export function toBoundLists(
  { columns }: Stage,
  rows: readonly StagedRow[],
): readonly (readonly (string | null)[])[] {
  const lists: (string | null)[][] = Array.from({ length: columns.length + 1 }, () => []);
  for (const { line, ready } of rows) {
    const fields = line.split('\t');
    for (const [at, field] of fields.entries()) lists[at]?.push(fromCopyField(field));
    lists[columns.length]?.push(ready.row.deleted ? 't' : 'f');
  }
  return lists;
}

/** Under which a session keeps a statement; another text has another name. */
export function toStatementName(plan: TypePlan, text: string): string {
  return toShortName(`${plan.unit}.${plan.type.name} ${toDigest(text)}`);
}
