// hub.drift and the fingerprint beside each feed: how a source's columns differ from what was known of them. Written
// before a run reads, under its lease; read and accepted by people.
import type pg from 'pg';
import { inTransaction, runStatement } from '../connect/transaction.ts';
import type { Drift, DriftStore, FeedKey, FeedShape, Run, SeenDrift, SyncStore } from '../contract.ts';
import { toFeedMatch, toFeedValues, toLost } from './lease.ts';

export async function readShape(pool: pg.Pool, feed: FeedKey): Promise<FeedShape | null> {
  const [row] = await runStatement<{ shape: FeedShape | null }>(
    pool,
    `SELECT shape FROM hub.feed WHERE ${toFeedMatch(1)}`,
    [...toFeedValues(feed)],
  );
  return row?.shape ?? null;
}

/** Throws HUB_SYNC_LEASE_LOST: a worker that was away must not put an old shape back. */
export function keepShape(
  pool: pg.Pool,
  { lease }: Run,
  { shape, drifts }: Parameters<SyncStore['keepShape']>[1],
  now: string,
): Promise<readonly Drift[]> {
  return inTransaction(pool, async (client) => {
    const feed = toFeedValues(lease.feed);
    const { rowCount } = await client.query(
      `UPDATE hub.feed SET shape = $6::jsonb WHERE ${toFeedMatch(1)} AND lease_token = $5`,
      [...feed, lease.token, shape === null ? null : JSON.stringify(shape)],
    );
    if (rowCount === 0) throw toLost(lease.feed);
    // Only what differs in another way than before is news.
    const { rows } = await client.query<{ relation: string; column: string }>(
      `WITH d AS (
         SELECT * FROM jsonb_to_recordset($5::jsonb) AS d(relation text, "column" text, change text, was text, kind text, types text[], fields text[])
       ), over AS (
         DELETE FROM hub.drift k WHERE ${toFeedMatch(1, 'k.')}
           AND NOT EXISTS (SELECT FROM d WHERE d.relation = k.relation AND d."column" = k."column")
       ), known AS (
         SELECT relation, "column" FROM hub.drift k JOIN d USING (relation, "column", change)
         WHERE ${toFeedMatch(1, 'k.')} AND k.kind IS NOT DISTINCT FROM d.kind
       ), kept AS (
         INSERT INTO hub.drift AS k (unit, source, object, strategy, relation, "column", change, was, kind, types, fields, seen_at)
         SELECT $1, $2, $3, $4, relation, "column", change, was, kind, types, fields, $6::timestamptz FROM d
         ON CONFLICT (unit, source, object, strategy, relation, "column") DO UPDATE SET change = excluded.change,
           was = excluded.was, kind = excluded.kind, types = excluded.types, fields = excluded.fields,
           seen_at = CASE WHEN k.change = excluded.change AND k.kind IS NOT DISTINCT FROM excluded.kind THEN k.seen_at ELSE excluded.seen_at END
       )
       SELECT relation, "column" FROM d EXCEPT SELECT relation, "column" FROM known`,
      [...feed, JSON.stringify(drifts), now],
    );
    return drifts.filter((drift) =>
      rows.some(({ relation, column }) => relation === drift.relation && column === drift.column),
    );
  });
}

export function openDrift(pool: pg.Pool): DriftStore {
  return {
    list: async (unit) =>
      (
        await runStatement<DriftRow>(pool, `${SELECT} WHERE $1::text IS NULL OR unit = $1 ${ORDER}`, [
          unit ?? null,
        ])
      ).map(toSeen),
    accept: (unit, feed) =>
      inTransaction(pool, async (client) => {
        const of = `unit = $1 AND ($2::text IS NULL OR source || '/' || object = $2)`;
        const values = [unit, feed ?? null];
        // A run that has read the former shape a moment ago may put it back: then it is listed again, and accepted again.
        await client.query(
          `UPDATE hub.feed SET shape = jsonb_set(shape, '{known}', shape -> 'present') WHERE ${of} AND shape IS NOT NULL`,
          values,
        );
        const { rows } = await client.query<DriftRow>(`${SELECT} WHERE ${of} ${ORDER}`, values);
        await client.query(`DELETE FROM hub.drift WHERE ${of}`, values);
        return rows.map(toSeen);
      }),
  };
}

type DriftRow = FeedKey & Drift & { readonly seen_at: string };

const SELECT = `SELECT unit, source, object, strategy, relation, "column", change, was, kind, types, fields,
  to_char(seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS seen_at FROM hub.drift`;
const ORDER = 'ORDER BY unit, source, object, strategy, relation, "column"';

function toSeen({ unit, source, object, strategy, seen_at: seenAt, ...drift }: DriftRow): SeenDrift {
  return { feed: { unit, source, object, strategy }, ...drift, seenAt };
}
