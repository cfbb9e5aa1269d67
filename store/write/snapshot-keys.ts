// What a snapshot has seen, kept until its run ends (a resumed snapshot goes on where a dead one was), and what becomes of
// the rows that it has not seen: tombstones, unless there would be too many of them.
import type pg from 'pg';
import type { SourceRecord } from '../../connectors/kit/contract.ts';
import { toMillis } from '../../schema/duration.ts';
import { HubError } from '../../schema/errors.ts';
import { KNOWN_TO, OWN } from '../columns.ts';
import type { FeedKey, Run } from '../contract.ts';
import { quoteList } from '../sql-identifiers.ts';
import { toFeedMatch, toFeedValues } from './lease.ts';
import { toNative } from './native-key.ts';
import { type TypePlan, toFormsOfFeed } from './unit-plan.ts';

export type SeenKey = { readonly type: string; readonly key: string };

/** One statement a page. */
export async function rememberKeys(
  client: pg.PoolClient,
  run: string,
  seen: readonly SeenKey[],
): Promise<void> {
  if (seen.length === 0) return;
  await client.query(
    'INSERT INTO hub.snapshot_key (run, type, key) SELECT $1, * FROM unnest($2::text[], $3::text[]) ON CONFLICT DO NOTHING',
    [run, seen.map(({ type }) => type), seen.map(({ key }) => key)],
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
    `INSERT INTO hub.snapshot_key (run, type, key)
     SELECT $1, $2, t._key FROM ${plan.table} t WHERE t._source = $3 AND t._native = ANY($4::jsonb[]) ON CONFLICT DO NOTHING`,
    [run, plan.type.name, feed.source, [...new Set(natives)]],
  );
}

export type Absent = { readonly plan: TypePlan; readonly live: number; readonly missing: number };

/** How many living rows of this feed's snapshot were not seen. */
export async function countAbsent(
  client: pg.PoolClient,
  plan: TypePlan,
  run: Run,
  scanRun: string,
  now: string,
): Promise<Absent> {
  const { rows } = await client.query<{ live: string; missing: string }>(
    `SELECT count(*) AS live, count(*) FILTER (WHERE ${toUnseen(plan)}) AS missing FROM ${plan.table} t WHERE ${OF_FEED}`,
    toAbsentValues(plan, run, scanRun, now),
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
  scanRun: string,
  now: string,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ key: string }>(
    `SELECT t._key AS key FROM ${plan.table} t WHERE ${OF_FEED} AND ${toUnseen(plan)} ORDER BY t._key LIMIT 10`,
    toAbsentValues(plan, run, scanRun, now),
  );
  return rows.map(({ key }) => key);
}

/** Tombstones with history; answers how many. */
export async function deleteAbsent(
  client: pg.PoolClient,
  plan: TypePlan,
  run: Run,
  page: { readonly scanRun: string; readonly now: string; readonly version: bigint },
): Promise<number> {
  const names = plan.columns.map((column) => column.column);
  const gone = `${OF_FEED} AND ${toUnseen(plan)}`;
  const { rows } = await client.query<{ deleted: string }>(
    `WITH hist AS (
       INSERT INTO ${plan.history} (${quoteList(names)}, ${KNOWN_TO})
       SELECT ${quoteList(names, 't.')}, greatest($6::timestamptz, t._known_from) FROM ${plan.table} t WHERE ${gone}
     ), upd AS (
       UPDATE ${plan.table} t SET ${OWN.goneAt} = $6::timestamptz, ${OWN.knownFrom} = greatest($6::timestamptz, t._known_from),
         ${OWN.version} = $7, ${OWN.run} = $8 WHERE ${gone} RETURNING 1
     ) SELECT count(*) AS deleted FROM upd`,
    [...toAbsentValues(plan, run, page.scanRun, page.now), page.now, page.version, run.id],
  );
  return Number(rows[0]?.deleted ?? 0);
}

/** Forgets the keys of this feed's snapshots. */
export async function forgetKeys(client: pg.PoolClient, feed: FeedKey): Promise<void> {
  await client.query(
    `DELETE FROM hub.snapshot_key k USING hub.run r WHERE r.id = k.run AND ${toFeedMatch(1, 'r.')}`,
    [...toFeedValues(feed)],
  );
}

// $1 source · $2 forms · $3 run of the keys · $4 type · $5 what lies before it the source itself has purged: no deletion
const OF_FEED = 't._gone_at IS NULL AND t._source = $1 AND t._form = ANY($2::int2[])';

function toUnseen(plan: TypePlan): string {
  const retained =
    plan.type.role === 'thing' ? '$5::timestamptz IS NOT NULL' : 't._observed_at >= $5::timestamptz';
  return `${retained}
    AND NOT EXISTS (SELECT FROM hub.snapshot_key k WHERE k.run = $3 AND k.type = $4 AND k.key = t._key)`;
}

function toAbsentValues(plan: TypePlan, run: Run, scanRun: string, now: string): unknown[] {
  const { retains } = plan.type;
  return [
    run.lease.feed.source,
    toFormsOfFeed(plan.type, run.lease.feed).map((form) => form.index),
    scanRun,
    plan.type.name,
    retains === null ? '-infinity' : new Date(Date.parse(now) - toMillis(retains)).toISOString(),
  ];
}
