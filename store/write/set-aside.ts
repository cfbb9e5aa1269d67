// hub.set_aside: what could not land, kept with its reason. A record that is read again and again stays one row; one that
// lands at last is taken out in the same commit.
import type pg from 'pg';
import type { Digest, SourceRecord } from '../../connectors/kit/contract.ts';
import type { MapFaultCode } from '../../connectors/kit/mapping/outcome.ts';
import type { FeedKey, Run } from '../contract.ts';
import { toPrintableText } from './copy-text.ts';
import { toRecordHash, toRecordText } from './kept-record.ts';
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

export type KeptPage = {
  readonly now: string;
  readonly receivedAt: string;
  readonly manifest: string;
  /** Of a replay: nobody has seen the records anew, so neither when they were last seen nor how often may change. */
  readonly seenAt?: string;
  readonly seenIn?: string;
  /** Marks of the native keys that a record would have (native-key.ts). */
  readonly marksOf: (kept: Kept) => readonly string[];
};

/** Keeps the records of a page; one statement. Answers their ids. */
export async function keepRecords(
  client: pg.PoolClient,
  run: Run,
  kept: readonly Kept[],
  page: KeptPage,
): Promise<readonly string[]> {
  if (kept.length === 0) return [];
  const unique = toUnique(kept, page.marksOf);
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO hub.set_aside AS s (unit, source, object, strategy, run, manifest, received_at, first_seen, last_seen,
       type, state, code, field, "column", message, record, record_hash, times, wait_unit, wait_type, wait_version, digest, natives, seen_run)
     SELECT $1, $2, $3, $4, $5, $6, $7, $8, $8,
       k.type, k.state, k.code, k.field, k."column", k.message, k.record::json, decode(k.hash, 'hex'), k.times, k.wait_unit, k.wait_type, k.wait_version, k.digest, k.natives, $12::bigint
     FROM json_to_recordset($9::json) AS k(type text, state text, code text, field text, "column" text, message text,
       record text, hash text, times bigint, wait_unit text, wait_type text, wait_version bigint, digest bigint, natives text[])
     ON CONFLICT (unit, source, object, type, record_hash) DO UPDATE SET
       strategy = excluded.strategy, run = excluded.run, manifest = excluded.manifest, last_seen = greatest(s.last_seen, excluded.last_seen),
       code = excluded.code, field = excluded.field, "column" = excluded."column", message = excluded.message,
       times = s.times + CASE WHEN $11 THEN 0 ELSE excluded.times END, wait_unit = excluded.wait_unit, wait_type = excluded.wait_type, wait_version = excluded.wait_version,
       digest = excluded.digest, natives = excluded.natives, seen_run = CASE WHEN $11 THEN coalesce(s.seen_run, s.run) ELSE excluded.seen_run END,
       state = CASE WHEN s.state = 'SET_ASIDE' AND s.first_seen <= $10 THEN 'SET_ASIDE' ELSE excluded.state END
     RETURNING s.id`,
    [
      ...toFeedValues(run.lease.feed),
      run.id,
      page.manifest,
      page.receivedAt,
      page.seenAt ?? page.now,
      JSON.stringify(unique),
      toWaitingSince(Date.parse(page.now)),
      page.seenAt !== undefined,
      page.seenIn ?? run.id,
    ],
  );
  return rows.map(({ id }) => id);
}

// One record may come several times in a page, and one statement may touch a row only once.
function toUnique(kept: readonly Kept[], marksOf: KeptPage['marksOf']) {
  const rows = new Map<string, ReturnType<typeof toRow>>();
  for (const one of kept) {
    const row = { ...toRow(one), natives: marksOf(one) };
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

export type Landed = {
  readonly type: string;
  readonly record: SourceRecord;
  /** Mark of its native key; null where it has none. */
  readonly mark: string | null;
};

export type Settled = {
  readonly landed: readonly Landed[];
  readonly replayed: readonly string[];
  /** What the same page has kept again stays, with the time at which it was first seen. */
  readonly still: readonly string[];
  /** To which run and when the source gave what landed: what it gave later under the same native key is another matter. */
  readonly seenIn: string | null;
  readonly seenAt: string;
};

/** Second records of a key that a whole list no longer has; that the first one lands settles nothing of theirs. */
export async function dropPastTwins(client: pg.PoolClient, feed: FeedKey, scanRun: string): Promise<void> {
  await client.query(
    `DELETE FROM hub.set_aside WHERE ${toFeedMatch(1)} AND code = 'HUB_MAP_KEY_TWICE'
       AND last_seen < (SELECT started_at FROM hub.run WHERE id = $5)`,
    [...toFeedValues(feed), scanRun],
  );
}

/**
 * Takes out what this page has settled: records that landed now, older ones of the same native key (the source has
 * corrected them), and replayed ones. One statement.
 */
export async function dropSettled(client: pg.PoolClient, feed: FeedKey, settled: Settled): Promise<void> {
  const { landed, replayed, still, seenIn, seenAt } = settled;
  const hashes = landed.map(({ record }) => toRecordHash(toRecordText(record)));
  await client.query(
    `DELETE FROM hub.set_aside WHERE id <> ALL($4::bigint[]) AND id IN (
       SELECT unnest($5::bigint[])
       UNION ALL
       SELECT s.id FROM hub.set_aside s JOIN unnest($6::text[], $7::text[]) AS l(type, hash)
         ON s.record_hash = decode(l.hash, 'hex') AND (s.type = l.type OR s.type IS NULL)
         WHERE s.unit = $1 AND s.source = $2 AND s.object = $3
       UNION ALL
       SELECT s.id FROM hub.set_aside s CROSS JOIN unnest(s.natives) AS n(mark) JOIN unnest($8::text[]) AS l(mark) USING (mark)
         WHERE s.unit = $1 AND s.source = $2 AND s.object = $3 AND (coalesce(s.seen_run, s.run), s.last_seen) <= (coalesce($10::bigint, s.seen_run, s.run), $9::timestamptz)
           AND s.code <> 'HUB_MAP_KEY_TWICE')`,
    [
      feed.unit,
      feed.source,
      feed.object,
      still,
      replayed,
      landed.map(({ type }) => type),
      hashes,
      landed.flatMap(({ mark }) => mark ?? []),
      seenAt,
      seenIn,
    ],
  );
}

export function toWaitingSince(now: number): string {
  return new Date(now - WAIT_MS).toISOString();
}
