// The right to write a feed: taken for a time, renewed by every page, lost the moment another worker takes it. The token
// counts up, so that a worker that was away finds a newer one and writes nothing.
import type pg from 'pg';
import { HubError } from '../../schema/errors.ts';
import { inTransaction, runStatement } from '../connect/transaction.ts';
import type { FeedKey, FeedMark, Lease } from '../contract.ts';

/** Of a feed that was never read. */
export const NO_MARK: FeedMark = { watermark: null, lateAt: null, scan: null };

/** `$n` … `$n+3` against the feed's own columns. */
export function toFeedMatch(first: number, alias = ''): string {
  return ['unit', 'source', 'object', 'strategy']
    .map((column, index) => `${alias}${column} = $${first + index}`)
    .join(' AND ');
}

export function toFeedValues(feed: FeedKey): readonly string[] {
  return [feed.unit, feed.source, feed.object, feed.strategy];
}

export type AcquireOptions = {
  readonly now: string;
  readonly holdMs: number;
  readonly holder: string;
  readonly isGone?: (holder: string) => boolean;
  readonly most?: number;
};

/** The feed's row is made, taken over after its time or from a holder that is gone, or left alone (null). */
export async function acquireLease(
  pool: pg.Pool,
  feed: FeedKey,
  options: AcquireOptions,
): Promise<Lease | null> {
  const { most } = options;
  if (most === undefined) return acquireFeed(pool, feed, options);
  return inTransaction(pool, async (client) => {
    // One after the other a source: two that count at once would both find the last place free.
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `one-network.source ${feed.unit}/${feed.source}`,
    ]);
    if ((await countHeld(client, feed, options)) >= most) return null;
    return acquireFeed(client, feed, options);
  });
}

// A place that a dead worker left is free.
async function countHeld(
  client: pg.PoolClient,
  feed: FeedKey,
  { now, isGone = () => false }: AcquireOptions,
): Promise<number> {
  const { rows } = await client.query<{ holder: string | null }>(
    `SELECT lease_holder AS holder FROM hub.feed
     WHERE unit = $1 AND source = $2 AND (object, strategy) <> ($3, $4) AND lease_until > $5`,
    [...toFeedValues(feed), now],
  );
  return rows.filter(({ holder }) => holder === null || !isGone(holder)).length;
}

async function acquireFeed(
  pool: pg.Pool | pg.PoolClient,
  feed: FeedKey,
  options: AcquireOptions,
): Promise<Lease | null> {
  const free = await takeLease(pool, feed, options, null);
  if (free !== null || options.isGone === undefined) return free;
  const [held] = await runStatement<{ holder: string | null; token: string }>(
    pool,
    `SELECT lease_holder AS holder, lease_token AS token FROM hub.feed WHERE ${toFeedMatch(1)}`,
    [...toFeedValues(feed)],
  );
  if (held === undefined || held.holder === null || !options.isGone(held.holder)) return null;
  // By its token: of two that see a dead holder one takes over, and the other finds a living one.
  return takeLease(pool, feed, options, held.token);
}

/** One statement. `from`: the token of a lease whose time is not over and that may be taken all the same. */
async function takeLease(
  pool: pg.Pool | pg.PoolClient,
  feed: FeedKey,
  options: AcquireOptions,
  from: string | null,
): Promise<Lease | null> {
  const rows = await runStatement<Omit<Lease, 'feed'>>(
    pool,
    `INSERT INTO hub.feed AS f (unit, source, object, strategy, lease_token, lease_until, lease_holder, mark)
     VALUES ($1, $2, $3, $4, 1, $6, $7, $8)
     ON CONFLICT (unit, source, object, strategy) DO UPDATE
       SET lease_token = f.lease_token + 1, lease_until = excluded.lease_until, lease_holder = excluded.lease_holder
       WHERE f.lease_until IS NULL OR f.lease_until <= $5 OR f.lease_token = $9::bigint
     RETURNING f.lease_token AS token, f.mark, f.last_error_code AS failing,
       (SELECT coalesce(array_agg(b.list ->> 'delivery') FILTER (WHERE b.list ->> 'delivery' IS NOT NULL), '{}')
        FROM jsonb_each(f.braked) AS b(scope, list) WHERE f.accepted -> b.scope IS NULL) AS braked`,
    [...toFeedValues(feed), options.now, toUntil(options), options.holder, JSON.stringify(NO_MARK), from],
  );
  const [row] = rows;
  return row === undefined ? null : { feed, ...row };
}

export async function readMark(pool: pg.Pool, feed: FeedKey): Promise<FeedMark> {
  const [row] = await runStatement<{ mark: FeedMark }>(
    pool,
    `SELECT mark FROM hub.feed WHERE ${toFeedMatch(1)}`,
    [...toFeedValues(feed)],
  );
  return row?.mark ?? NO_MARK;
}

/** Gives the feed back; a lease that was lost meanwhile is left to its new holder. */
export async function releaseLease(pool: pg.Pool, lease: Lease): Promise<void> {
  await runStatement(
    pool,
    `UPDATE hub.feed SET lease_until = NULL, lease_holder = NULL WHERE ${toFeedMatch(1)} AND lease_token = $5`,
    [...toFeedValues(lease.feed), lease.token],
  );
}

export function toLost(feed: FeedKey): HubError {
  return new HubError(
    'HUB_SYNC_LEASE_LOST',
    `another worker has taken over ${feed.unit}: ${feed.source}/${feed.object} (${feed.strategy}); nothing of this was written`,
    { place: { unit: feed.unit, source: feed.source, object: feed.object } },
  );
}

/** When a lease that is taken or renewed now is over. */
export function toUntil({ now, holdMs }: { readonly now: string; readonly holdMs: number }): string {
  return new Date(Date.parse(now) + holdMs).toISOString();
}
