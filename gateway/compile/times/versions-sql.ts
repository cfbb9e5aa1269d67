// The versions of a type's rows that counted at an instant, as a table: each key at most once, as in the table of today.
import { KNOWN_TO, OWN, toHistoryName, toStoredColumns, toTableName } from '../../../store/columns.ts';
import { quoteIdentifier, quoteList } from '../../../store/sql-identifiers.ts';
import type { CatalogType } from '../catalog.ts';

/**
 * `at` is an expression. A version counts from `_known_from` on, until the instant at which the next one was known. A tombstone
 * is a version too: its `_gone_at` is never later than its `_known_from`, so "not gone" means at that instant what it means
 * today. Both halves have the same columns and no other clause, so that PostgreSQL looks into each by its own indexes.
 */
export function toVersionsSql({ unit, type }: CatalogType, at: string): string {
  const columns = quoteList(toStoredColumns(type).map(({ column }) => column));
  const known = `${quoteIdentifier(OWN.knownFrom)} <= ${at}`;
  const standing = `select ${columns} from ${toTableName(unit, type.name)} where ${known}`;
  const replaced = `select ${columns} from ${toHistoryName(unit, type.name)} where ${known} and ${quoteIdentifier(KNOWN_TO)} > ${at}`;
  return `(${standing} union all ${replaced})`;
}
