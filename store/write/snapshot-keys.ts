// What a snapshot has seen, kept until its run ends (a resumed snapshot goes on where a dead one was), and what becomes of
// the rows that it has not seen: tombstones, unless there would be too many of them.
import type pg from 'pg';
import type { SourceRecord } from '../../connectors/kit/contract.ts';
import { toMillis } from '../../schema/duration.ts';
import { HubError } from '../../schema/errors.ts';
import { toPlacesSql } from '../changes/divisions.ts';
import { isScoped, KNOWN_TO, OWN } from '../columns.ts';
import type { FeedKey, Run } from '../contract.ts';
import { quoteList } from '../sql-identifiers.ts';
import { toFeedMatch, toFeedValues } from './lease.ts';
import { toNative } from './native-key.ts';
import { type TypePlan, toFormsOfFeed } from './unit-plan.ts';

/** `aside`: its record did not land. */
export type SeenKey = { readonly type: string; readonly key: string; readonly aside: boolean };

/** One statement a page. */
export async function rememberKeys(
  client: pg.PoolClient,
  run: string,
  seen: readonly SeenKey[],
): Promise<void> {
  if (seen.length === 0) return;
  await client.query(
    'INSERT INTO hub.snapshot_key (run, type, key, aside) SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bool[]) ON CONFLICT DO NOTHING',
    [run, seen.map(({ type }) => type), seen.map(({ key }) => key), seen.map(({ aside }) => aside)],
  );
}

/**
 * A record that is set aside is there all the same: the row that it brought before must not count as absent. It is known
 * by its native key.
 */
export async function rememberSetAside(
  client: pg.PoolClient,
  run: string,
  plan: TypePlan,
  feed: FeedKey,
  records: readonly SourceRecord[],
): Promise<void> {
  const natives = toFormsOfFeed(plan.type, feed).flatMap((form) =>
    records.map((record) => JSON.stringify(toNative(plan.type, form, record))),
  );
  await client.query(
    `INSERT INTO hub.snapshot_key (run, type, key, aside)
     SELECT $1, $2, t._key, true FROM ${plan.table} t WHERE t._source = $3 AND t._native = ANY($4::jsonb[]) ON CONFLICT DO NOTHING`,
    [run, plan.type.name, feed.source, [...new Set(natives)]],
  );
}

/**
 * Whether each row of a list that was read in one run came once. A list whose order moves while it is paged may give one row
 * twice and another not at all, and its number is right all the same. To be asked before absent rows are counted with the run.
 */
export async function isEachOnce(client: pg.PoolClient, run: string): Promise<boolean> {
  const { rows } = await client.query<{ once: boolean }>(
    `SELECT written + unchanged + deleted = (SELECT count(*) FROM hub.snapshot_key k WHERE k.run = r.id AND NOT k.aside) AS once
     FROM hub.run r WHERE r.id = $1`,
    [run],
  );
  return rows[0]?.once === true;
}

export type Absent = { readonly plan: TypePlan; readonly live: number; readonly missing: number };

/** A whole list: the run under which its keys are remembered, and the part that it is whole for; null: the whole object. */
export type AbsentList = { readonly scanRun: string; readonly scope: string | null; readonly now: string };

/** How many living rows of this feed's snapshot were not seen. */
export async function countAbsent(
  client: pg.PoolClient,
  plan: TypePlan,
  run: Run,
  list: AbsentList,
): Promise<Absent> {
  const { rows } = await client.query<{ live: string; missing: string }>(
    `SELECT count(*) AS live, count(*) FILTER (WHERE ${toUnseen(plan)}) AS missing FROM ${plan.table} t WHERE ${toOfFeed(plan)}`,
    toAbsentValues(plan, run, list),
  );
  return { plan, live: Number(rows[0]?.live ?? 0), missing: Number(rows[0]?.missing ?? 0) };
}

/**
 * The brake that a type's absent rows meet; null when they may go. The share is rounded up to a whole row, or nothing could
 * ever go from a table of five; but never to all rows, so that an empty answer deletes nothing. `accepted`: how many rows a
 * person has let go, once.
 */
export function toBrake({ plan, live, missing }: Absent, feed: FeedKey, accepted: number): HubError | null {
  const { maxPercent } = plan.type.deletes;
  const share = Math.ceil((maxPercent * live) / 100);
  const allowed = maxPercent >= 100 ? live : Math.min(share, live - 1);
  if (missing === 0 || missing <= Math.max(allowed, accepted)) return null;
  return new HubError(
    'HUB_SYNC_DELETE_BRAKE',
    `${missing} of ${live} rows of ${plan.type.name} are missing from ${feed.source}/${feed.object}, more than deletes.maxPercent (${maxPercent}) allows; nothing was deleted: see whether the source answered in full, and let them go with \`hub deletes accept\` if it did`,
    { place: { unit: feed.unit, source: feed.source, object: feed.object, type: plan.type.name } },
  );
}

/** The first keys that would go, for a person to judge by. */
export async function readAbsentKeys(
  client: pg.PoolClient,
  plan: TypePlan,
  run: Run,
  list: AbsentList,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ key: string }>(
    `SELECT t._key AS key FROM ${plan.table} t WHERE ${toOfFeed(plan)} AND ${toUnseen(plan)} ORDER BY t._key LIMIT 10`,
    toAbsentValues(plan, run, list),
  );
  return rows.map(({ key }) => key);
}

export type Gone = { readonly deleted: number; readonly divisions: readonly (string | null)[] };

/** Tombstones with history; answers how many and where (see toChangedDivisions). */
export async function deleteAbsent(
  client: pg.PoolClient,
  plan: TypePlan,
  run: Run,
  list: AbsentList,
  version: bigint,
): Promise<Gone> {
  const names = plan.columns.map((column) => column.column);
  const gone = `${toOfFeed(plan)} AND ${toUnseen(plan)}`;
  const places = toPlacesSql(plan.unit, plan.type);
  const { rows } = await client.query<{ deleted: string; divisions: Gone['divisions'] }>(
    `WITH hist AS (
       INSERT INTO ${plan.history} (${quoteList(names)}, ${KNOWN_TO})
       SELECT ${quoteList(names, 't.')}, greatest($7::timestamptz, t._known_from) FROM ${plan.table} t WHERE ${gone}
     ), upd AS (
       UPDATE ${plan.table} t SET ${OWN.goneAt} = $7::timestamptz, ${OWN.knownFrom} = greatest($7::timestamptz, t._known_from),
         ${OWN.version} = $8, ${OWN.run} = $9 WHERE ${gone} RETURNING ${places.of('t')}
     ) SELECT count(*) AS deleted, ${places.list('upd')} AS divisions FROM upd`,
    [...toAbsentValues(plan, run, list), list.now, version, run.id],
  );
  return { deleted: Number(rows[0]?.deleted ?? 0), divisions: rows[0]?.divisions ?? [null] };
}

/** Forgets the keys of this feed's snapshots. */
export async function forgetKeys(client: pg.PoolClient, feed: FeedKey): Promise<void> {
  await client.query(
    `DELETE FROM hub.snapshot_key k USING hub.run r WHERE r.id = k.run AND ${toFeedMatch(1, 'r.')}`,
    [...toFeedValues(feed)],
  );
}

// $1 source · $2 forms · $3 run of the keys · $4 type · $5 what lies before it the source itself has purged: no deletion ·
// $6 scope
function toOfFeed(plan: TypePlan): string {
  const scope = isScoped(plan.type) ? 't._scope IS NOT DISTINCT FROM $6::text' : '$6::text IS NULL';
  return `t._gone_at IS NULL AND t._source = $1 AND t._form = ANY($2::int2[]) AND ${scope}`;
}

function toUnseen(plan: TypePlan): string {
  const retained =
    plan.type.role === 'thing' ? '$5::timestamptz IS NOT NULL' : 't._observed_at >= $5::timestamptz';
  return `${retained}
    AND NOT EXISTS (SELECT FROM hub.snapshot_key k WHERE k.run = $3 AND k.type = $4 AND k.key = t._key)`;
}

function toAbsentValues(plan: TypePlan, run: Run, { scanRun, scope, now }: AbsentList): unknown[] {
  const { retains } = plan.type;
  return [
    run.lease.feed.source,
    toFormsOfFeed(plan.type, run.lease.feed).map((form) => form.index),
    scanRun,
    plan.type.name,
    retains === null ? '-infinity' : new Date(Date.parse(now) - toMillis(retains)).toISOString(),
    scope,
  ];
}
