// hub.set_aside: what could not land, kept with its reason. A record that is read again and again stays one row; one that
// lands at last is taken out in the same commit.
import type pg from 'pg';
import type { Digest, SourceRecord } from '../../connectors/kit/contract.ts';
import type { MapFaultCode } from '../../connectors/kit/mapping/outcome.ts';
import { runStatement } from '../connect/transaction.ts';
import type { FeedKey, KeptRecord, Run } from '../contract.ts';
import { toPrintableText } from './copy-text.ts';
import { parseRecordText, toRecordHash, toRecordText } from './kept-record.ts';
import { toFeedMatch, toFeedValues } from './lease.ts';

/** How long a row waits for its link's target before a person has to look at it. */
const WAIT_MS = 24 * 3_600_000;

export type Kept = {
  readonly type: string | null;
  readonly state: 'WAITING' | 'SET_ASIDE';
  readonly code: MapFaultCode;
  readonly field: string | null;
  readonly column: string | null;
  readonly message: string;
  readonly record: SourceRecord;
  readonly digest: Digest | null;
  readonly wait: { readonly unit: string; readonly type: string; readonly version: string } | null;
};

/** Keeps the records of a page; one statement. Answers their ids. */
export async function keepRecords(
  client: pg.PoolClient,
  run: Run,
  kept: readonly Kept[],
  page: { readonly now: string; readonly receivedAt: string; readonly manifest: string },
): Promise<readonly string[]> {
  if (kept.length === 0) return [];
  const unique = toUnique(kept);
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO hub.set_aside AS s (unit, source, object, strategy, run, manifest, received_at, first_seen, last_seen,
       type, state, code, field, "column", message, record, record_hash, times, wait_unit, wait_type, wait_version, digest)
     SELECT $1, $2, $3, $4, $5, $6, $7, $8, $8,
       k.type, k.state, k.code, k.field, k."column", k.message, k.record::json, decode(k.hash, 'hex'), k.times, k.wait_unit, k.wait_type, k.wait_version, k.digest
     FROM json_to_recordset($9::json) AS k(type text, state text, code text, field text, "column" text, message text,
       record text, hash text, times bigint, wait_unit text, wait_type text, wait_version bigint, digest bigint)
     ON CONFLICT (unit, source, object, type, record_hash) DO UPDATE SET
       strategy = excluded.strategy, run = excluded.run, manifest = excluded.manifest, last_seen = excluded.last_seen,
       code = excluded.code, field = excluded.field, "column" = excluded."column", message = excluded.message,
       times = s.times + excluded.times, wait_unit = excluded.wait_unit, wait_type = excluded.wait_type, wait_version = excluded.wait_version,
       digest = excluded.digest,
       state = CASE WHEN s.state = 'SET_ASIDE' AND s.first_seen <= $10 THEN 'SET_ASIDE' ELSE excluded.state END
     RETURNING s.id`,
    [
      ...toFeedValues(run.lease.feed),
      run.id,
      page.manifest,
      page.receivedAt,
      page.now,
      JSON.stringify(unique),
      toPast(Date.parse(page.now)),
    ],
  );
  return rows.map(({ id }) => id);
}

// One record may come several times in a page, and one statement may touch a row only once.
function toUnique(kept: readonly Kept[]) {
  const rows = new Map<string, ReturnType<typeof toRow>>();
  for (const one of kept) {
    const row = toRow(one);
    const name = `${row.type} ${row.hash}`;
    rows.set(name, { ...row, times: (rows.get(name)?.times ?? 0) + 1 });
  }
  return [...rows.values()];
}

function toRow({ type, state, code, field, column, message, record, digest, wait }: Kept) {
  const text = toRecordText(record);
  return {
    type,
    state,
    code,
    field,
    column,
    // A message may quote the raw value.
    message: toPrintableText(message),
    record: text,
    hash: toRecordHash(text),
    times: 1,
    digest,
    wait_unit: wait?.unit ?? null,
    wait_type: wait?.type ?? null,
    wait_version: wait?.version ?? null,
  };
}

export type Landed = { readonly type: string; readonly record: SourceRecord };

/**
 * Takes out what this page has settled: records that landed now, and replayed ones. What the same page has kept again
 * (`still`) stays, with the time at which it was first seen.
 */
export async function dropSettled(
  client: pg.PoolClient,
  feed: FeedKey,
  landed: readonly Landed[],
  replayed: readonly string[],
  still: readonly string[],
): Promise<void> {
  const hashes = landed.map(({ record }) => toRecordHash(toRecordText(record)));
  await client.query(
    `DELETE FROM hub.set_aside WHERE id <> ALL($4::bigint[]) AND id IN (
       SELECT unnest($5::bigint[])
       UNION ALL
       SELECT s.id FROM hub.set_aside s JOIN unnest($6::text[], $7::text[]) AS l(type, hash)
         ON s.record_hash = decode(l.hash, 'hex') AND (s.type = l.type OR s.type IS NULL)
         WHERE s.unit = $1 AND s.source = $2 AND s.object = $3)`,
    [feed.unit, feed.source, feed.object, still, replayed, landed.map(({ type }) => type), hashes],
  );
}

/**
 * Waiting records of a feed whose target's type has changed since they were last tried, the newest first: of two versions
 * of a row the newer one lands, and the older one finds that. Those that have waited for a day become set aside.
 */
export async function takeWaitingRecords(
  pool: pg.Pool,
  feed: FeedKey,
  limit: number,
  now: number,
): Promise<readonly KeptRecord[]> {
  const rows = await runStatement<{
    id: string;
    type: string | null;
    record: string;
    digest: string | null;
    received_at: string;
    seen_at: string;
    run: string;
  }>(
    pool,
    `WITH aged AS (
       UPDATE hub.set_aside SET state = 'SET_ASIDE' WHERE ${toFeedMatch(1)} AND state = 'WAITING' AND first_seen <= $5
     )
     SELECT s.id, s.type, s.record::text AS record, s.digest,
       to_char(s.received_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS received_at,
       to_char(s.last_seen, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS seen_at, s.run
     FROM hub.set_aside s LEFT JOIN hub.type_state t ON t.unit = s.wait_unit AND t.type = s.wait_type
     WHERE ${toFeedMatch(1, 's.')} AND s.state = 'WAITING' AND s.first_seen > $5
       AND coalesce(t.version, 0) > coalesce(s.wait_version, -1)
     ORDER BY s.run DESC, s.last_seen DESC, s.id DESC LIMIT $6`,
    [...toFeedValues(feed), toPast(now), limit],
  );
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    record: parseRecordText(row.record),
    digest: row.digest,
    receivedAt: row.received_at,
    seenAt: row.seen_at,
    seenIn: row.run,
  }));
}

function toPast(now: number): string {
  return new Date(now - WAIT_MS).toISOString();
}
