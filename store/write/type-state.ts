// hub.type_state: a type's version, and when it was last complete. Its row is also the lock under which a type is written:
// versions become visible in their order, and what was replaced is known for certain.
import type pg from 'pg';
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import type { ErrorCode } from '../../schema/errors.ts';
import { CHANGE_CHANNEL, type Change } from '../changes/contract.ts';
import type { FeedKey } from '../contract.ts';
import { toFeedMatch, toFeedValues } from './lease.ts';
import { toTypesOfFeed } from './unit-plan.ts';

/** Locks these types until the transaction ends, in one order everywhere, and answers their versions. */
export async function lockTypes(
  client: pg.PoolClient,
  unit: string,
  types: readonly string[],
): Promise<ReadonlyMap<string, bigint>> {
  if (types.length === 0) return new Map();
  const { rows } = await client.query<{ type: string; version: string }>(
    'SELECT type, version FROM hub.type_state WHERE unit = $1 AND type = ANY($2::text[]) ORDER BY type FOR UPDATE',
    [unit, types],
  );
  return new Map(rows.map((row) => [row.type, BigInt(row.version)]));
}

/**
 * `landed`: how many of its rows are new or changed; `living`: how many more rows live than before, less where rows went;
 * `divisions`: where, anywhere unless given.
 */
export type TypeChange = {
  readonly type: string;
  readonly landed: number;
  readonly living: number;
  readonly divisions?: readonly string[] | null;
};

/** The next versions of these types, told to whoever listens; `counted` is a WITH of its own. Binds: those of toVersionBinds, from `$first` on. */
export function toVersionSql(first: number): { readonly counted: string; readonly told: string } {
  const [unit, ...lists] = [0, 1, 2, 3, 4].map((at) => `$${first + at}`);
  const [types, landed, living, divisions] = lists;
  return {
    counted: `counted AS (UPDATE hub.type_state t SET version = t.version + 1, rows_landed = t.rows_landed + c.landed, rows_living = t.rows_living + c.living
     FROM unnest(${types}::text[], ${landed}::bigint[], ${living}::bigint[], ${divisions}::json[]) AS c(type, landed, living, divisions) WHERE t.unit = ${unit} AND t.type = c.type
     RETURNING t.type, t.version, c.divisions)`,
    told: `SELECT type, version, divisions, pg_notify('${CHANGE_CHANNEL}', json_build_object('unit', ${unit}::text, 'type', type, 'version', version, 'divisions', divisions)::text) FROM counted`,
  };
}

export function toVersionBinds(unit: string, changes: readonly TypeChange[]): readonly unknown[] {
  return [
    unit,
    changes.map(({ type }) => type),
    changes.map(({ landed }) => landed),
    changes.map(({ living }) => living),
    changes.map(({ divisions = null }) => JSON.stringify(divisions)),
  ];
}

/** A row of what `told` answers. */
export type ToldRow = Omit<Change, 'unit' | 'version'> & { readonly version: string };

export function toChanges(unit: string, rows: readonly ToldRow[]): readonly Change[] {
  return rows.map(({ type, version, divisions }) => ({ unit, type, version: Number(version), divisions }));
}

const VERSIONS = toVersionSql(1);

/**
 * The next version of the types that a run's end has changed. To be called under lockTypes, in the transaction of the change.
 * Answers what it has notified: listeners hear it when, and only if, that commits.
 */
export async function countVersions(
  client: pg.PoolClient,
  unit: string,
  changes: readonly TypeChange[],
): Promise<readonly Change[]> {
  if (changes.length === 0) return [];
  const { rows } = await client.query<ToldRow>(`WITH ${VERSIONS.counted} ${VERSIONS.told}`, [
    ...toVersionBinds(unit, changes),
  ]);
  return toChanges(unit, rows);
}

/**
 * How a feed's run ended: `code` is null when it has succeeded; `idle` when it has, and the source had nothing to read;
 * `stopped`: types that took no part in a run that has succeeded.
 */
export type FeedEnd = {
  readonly now: string;
  readonly code: ErrorCode | null;
  readonly idle?: boolean;
  readonly stopped?: readonly string[];
};

/** What a type is stopped for. */
const STOPPED: ErrorCode = 'HUB_MAP_SHAPE';

/**
 * Writes down how this feed is, and from all feeds of each of its types how the type is: it fails while any of them does,
 * or has stopped it, since the longest-failing one. To be called under lockTypes, with the feed held.
 */
export async function markTypes(
  client: pg.PoolClient,
  unit: Unit,
  feed: FeedKey,
  { now, code, idle = false, stopped = [] }: FeedEnd,
): Promise<void> {
  // Only a run that has read says which types are stopped.
  await client.query(
    `UPDATE hub.feed f SET last_error_code = $5, failing_since = CASE WHEN $5::text IS NOT NULL THEN coalesce(f.failing_since, $6::timestamptz) END,
       stopped = CASE WHEN $5::text IS NOT NULL OR $7::boolean THEN f.stopped ELSE coalesce((
         SELECT jsonb_object_agg(t, jsonb_build_object('code', $9::text, 'since', coalesce(f.stopped -> t ->> 'since', $6::text)))
         FROM unnest($8::text[]) t), '{}') END
     WHERE ${toFeedMatch(1, 'f.')}`,
    [...toFeedValues(feed), code, now, idle, stopped, STOPPED],
  );
  const feeds = toTypesOfFeed(unit, feed).flatMap((type) =>
    type.forms.map(({ source, object, sync: { strategy } }) => [type.name, source, object, strategy]),
  );
  if (feeds.length === 0) return;
  await client.query(
    `WITH f AS (
       SELECT t.type, min(x.since) AS since, (array_agg(x.code ORDER BY x.since))[1] AS code
       FROM unnest($4::text[], $5::text[], $6::text[], $7::text[]) AS t(type, source, object, strategy)
       LEFT JOIN hub.feed f ON f.unit = $1 AND f.source = t.source AND f.object = t.object AND f.strategy = t.strategy
       LEFT JOIN LATERAL (VALUES (f.failing_since, f.last_error_code),
         ((f.stopped -> t.type ->> 'since')::timestamptz, f.stopped -> t.type ->> 'code')) AS x(since, code) ON x.since IS NOT NULL
       GROUP BY t.type)
     UPDATE hub.type_state s SET failing_since = f.since, last_error_code = coalesce($3::text, f.code),
       last_complete_at = CASE WHEN $3::text IS NULL AND NOT $8::boolean AND s.type <> ALL($9::text[])
         THEN greatest(s.last_complete_at, $2::timestamptz) ELSE s.last_complete_at END
     FROM f WHERE s.unit = $1 AND s.type = f.type`,
    [unit.unit, now, code, ...[0, 1, 2, 3].map((part) => feeds.map((parts) => parts[part])), idle, stopped],
  );
}
