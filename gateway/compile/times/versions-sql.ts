// The versions of a type's rows that counted at an instant, as a table: each key at most once, as in the table of today.
import { KNOWN_TO, OWN, toHistoryName, toStoredColumns, toTableName } from '../../../store/columns.ts';
import { quoteIdentifier, quoteList } from '../../../store/sql-identifiers.ts';
import type { CatalogType } from '../catalog.ts';

/**
 * `at` is an expression. A version counts from `_known_from` on, until the instant at which the next one was known. A tombstone
 * is a version too: its `_gone_at` is never later than its `_known_from`, so "not gone" means at that instant what it means
 * today.
 *
 * What a version must fulfil stands around both halves, not in them: so PostgreSQL looks into each by its own indexes and
 * reads both in their order (a latest reading then costs one step in each, not a look at all of a thing's readings).
 */
export function toVersionsSql({ unit, type }: CatalogType, at: string): string {
  const columns = quoteList(toStoredColumns(type).map(({ column }) => column));
  const [from, to] = [quoteIdentifier(OWN.knownFrom), quoteIdentifier(KNOWN_TO)];
  const standing = `select ${columns}, null::timestamptz as ${to} from ${toTableName(unit, type.name)}`;
  const replaced = `select ${columns}, ${to} from ${toHistoryName(unit, type.name)}`;
  return `(select ${columns} from (${standing} union all ${replaced}) v where v.${from} <= ${at} and (v.${to} is null or v.${to} > ${at}))`;
}
