// A page's rows of one type into the type's table, `merge: row`: one statement writes what is new or changed, moves what it
// replaces to the history, and leaves equal content alone. Pure text; commit-page.ts binds the page's values.
import { toPlacesSql } from '../changes/divisions.ts';
import { isScoped, KNOWN_TO, OWN, toIdentityColumns } from '../columns.ts';
import { quoteIdentifier, quoteList } from '../sql-identifiers.ts';
import { DELETED } from './stage.ts';
import type { TypePlan } from './unit-plan.ts';

/**
 * Binds of a merge, in order: $1 now, $2 run, $3 manifest, $4 received at, $5 version, $6 when a replayed page was last
 * seen in the source and $7 by which run (null for any other page), and for partitioned tables $8 and $9, the page's first
 * and last time, by which months that the page does not touch are left out. Rows that are bound come behind (bound-rows.ts).
 */
export const PAGE_BINDS: { readonly [column: string]: string } = {
  [OWN.run]: '$2::bigint',
  [OWN.manifest]: '$3::text',
  [OWN.receivedAt]: '$4::timestamptz',
  [OWN.version]: '$5::bigint',
};

/** What a merge answers: rows that were not there, rows that changed, how many of both are tombstones, how many more rows live than before, and where. */
export type MergeCounts = {
  readonly inserted: string;
  readonly inserted_gone: string;
  readonly updated: string;
  readonly updated_gone: string;
  readonly living: string;
  /** Of a form that adds no rows: those that there was no row for. */
  readonly ignored: string;
  /** See toChangedDivisions. */
  readonly divisions: readonly (string | null)[];
};

/** `source`: what the rows are read from, the staging table or what bound-rows.ts makes of binds. */
export function toRowMergeSql(plan: TypePlan, source: string): string {
  const columns = plan.columns.map((column) => column.column);
  // What an earlier form no longer has may still stand in a later one: a row is gone when no form has it. A deletion that
  // the earlier form's own mark has said stands.
  const gone = `t.${OWN.goneAt} IS NOT NULL AND NOT s.${DELETED}`;
  const mayWrite =
    plan.type.deletes.column === null ? `(s._form <= t._form OR (${gone}))` : 's._form <= t._form';
  const changed = `${mayWrite} AND (${toDifference(plan)})`;
  const set = columns
    .filter((column) => !toIdentityColumns(plan.type).includes(column))
    .map((column) => `${quoteIdentifier(column)} = ${toNewValue(column)}`);
  const fresh = columns.map((column) => FRESH[column] ?? toNewValue(column));
  return toMergeStatement(plan, source, { changed, set, fresh, adds: true });
}

/** Where a new row differs from one that is replaced. */
const FRESH: { readonly [column: string]: string } = {
  [OWN.knownFrom]: '$1::timestamptz',
  [OWN.scope]: 's._scope',
};

export type MergeParts = {
  /** When the staged row `s` replaces the standing row `t` of its key. */
  readonly changed: string;
  readonly set: readonly string[];
  /** Values of a new row, in the order of the plan's columns. */
  readonly fresh: readonly string[];
  /** False: a row that is not there, or is gone, is left so. */
  readonly adds: boolean;
};

/**
 * Staged rows meet the standing ones once (`s`); what follows reads that. All parts see one snapshot: `hist` takes what
 * stood before, whatever `upd` does. A record of which nothing counts but its source's digest differs (a column that maps
 * to the same, a digest made anew) leaves no version: `seen` puts the digest right.
 */
export function toMergeStatement(plan: TypePlan, source: string, parts: MergeParts): string {
  const columns = plan.columns.map((column) => column.column);
  const names = quoteList(columns);
  const places = toPlacesSql(plan.unit, plan.type);
  return `WITH s AS MATERIALIZED (
    SELECT s.*, t._key IS NULL AS _is_new, t._gone_at IS NOT NULL AS _was_gone, coalesce((${parts.changed}) AND ${NOT_OVERTAKEN}${parts.adds ? '' : ' AND t._gone_at IS NULL'}, false) AS _is_changed,
      t._digest AS _standing_digest, ${places.of('t', '_was')}
    FROM ${source} s LEFT JOIN ${plan.table} t ON ${toMatch(plan)}
  ), hist AS (
    INSERT INTO ${plan.history} (${names}, ${KNOWN_TO})
    SELECT ${quoteList(columns, 't.')}, greatest($1::timestamptz, t._known_from) FROM ${plan.table} t JOIN s ON ${toMatch(plan)} WHERE s._is_changed
  ), upd AS (
    UPDATE ${plan.table} t SET ${parts.set.join(', ')} FROM s WHERE ${toMatch(plan)} AND s._is_changed RETURNING t._gone_at, s._was_gone, ${places.of('t')}, s._was_place, s._was_via
  ), seen AS (
    UPDATE ${plan.table} t SET _digest = s._digest FROM s
    WHERE ${toMatch(plan)} AND NOT s._is_new AND NOT s._is_changed AND s._digest <> coalesce(s._standing_digest, 0) AND s._form = t._form
  ), ins AS (
    INSERT INTO ${plan.table} AS t (${names}) SELECT ${parts.fresh.join(', ')} FROM s WHERE s._is_new${parts.adds ? '' : ' AND false'} RETURNING t._gone_at, ${places.of('t')}
  ), places AS (
    SELECT _place, _via FROM ins UNION SELECT _place, _via FROM upd UNION SELECT _was_place, _was_via FROM upd
  )
  SELECT (SELECT count(*) FROM ins) AS inserted, (SELECT count(_gone_at) FROM ins) AS inserted_gone,
    (SELECT count(*) FROM upd) AS updated, (SELECT count(_gone_at) FROM upd) AS updated_gone,
    (SELECT count(*) FILTER (WHERE _gone_at IS NULL) FROM ins)
      + (SELECT count(*) FILTER (WHERE _was_gone AND _gone_at IS NULL) - count(*) FILTER (WHERE NOT _was_gone AND _gone_at IS NOT NULL) FROM upd) AS living,
    ${parts.adds ? '0' : '(SELECT count(*) FROM s WHERE s._is_new OR s._was_gone)'} AS ignored,
    ${places.list('places')} AS divisions`;
}

// A record that waited must not put its row back to what it was: the source may have corrected or deleted it meanwhile.
// Runs tell what came later; times do within one run, since they are one worker's.
const NOT_OVERTAKEN = `CASE WHEN $6::timestamptz IS NULL THEN true
  WHEN t._run <> $7::bigint THEN t._run < $7::bigint
  ELSE greatest(t._received_at, t._gone_at) <= $6::timestamptz END`;

/** The standing row of a staged one. */
export function toMatch(plan: TypePlan): string {
  if (!plan.partitioned) return 't._key = s._key';
  return 't._key = s._key AND t._observed_at = s._observed_at AND t._observed_at BETWEEN $8::timestamptz AND $9::timestamptz';
}

// Content that differs, a form that takes over, a row that goes or comes back, a lookup that now finds another target, a row
// that came with another part's list.
function toDifference(plan: TypePlan): string {
  const lookups = plan.type.links.filter((link) => link.on.some((on) => on.over === 'unique'));
  const links = plan.columns
    .filter((column) => lookups.some((link) => link.name === column.link))
    .map((column) => quoteIdentifier(column.column));
  return [
    's._hash <> t._hash',
    's._form < t._form',
    `(t._gone_at IS NULL) = s.${DELETED}`,
    ...links.map((column) => `t.${column} IS DISTINCT FROM s.${column}`),
    ...(isScoped(plan.type) ? ['coalesce(s._scope, t._scope) IS DISTINCT FROM t._scope'] : []),
  ].join(' OR ');
}

// Clocks of two workers may differ: a version never begins before the one that it replaces.
function toNewValue(column: string): string {
  if (column === OWN.knownFrom) return 'greatest($1::timestamptz, t._known_from)';
  // A record that is replayed no longer says which list it came with.
  if (column === OWN.scope) return 'coalesce(s._scope, t._scope)';
  if (column === OWN.goneAt) return `CASE WHEN s.${DELETED} THEN $1::timestamptz END`;
  return PAGE_BINDS[column] ?? `s.${quoteIdentifier(column)}`;
}
