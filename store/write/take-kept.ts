// Which kept records a run is to map again, before it reads anything new: those whose link's target may have come, those
// that a person has sent once more, and those that were set aside under another manifest than the present one.
import type pg from 'pg';
import { runStatement } from '../connect/transaction.ts';
import type { FeedKey, KeptRecord } from '../contract.ts';
import { parseRecordText } from './kept-record.ts';
import { toFeedMatch, toFeedValues } from './lease.ts';
import { toWaitingSince } from './set-aside.ts';
import { toTypesOfFeed, type UnitPlan } from './unit-plan.ts';

/**
 * What no mapping can mend: a line that could not be taken apart is no record, and of a table that had two rows to join
 * neither was kept. They land when the source gives them again.
 */
export const NOT_REPLAYED = ['HUB_MAP_RECORD', 'HUB_MAP_EXTEND_MANY'] as const;

export type TakeOptions = {
  readonly limit: number;
  /** What this run has kept itself was tried by it. */
  readonly run: string | null;
  readonly now: number;
};

/**
 * The ones that the source gave last first: of two versions of a row the later lands, and the earlier finds that. Runs say
 * which that is, since the clocks of two workers may differ. Those that have waited for a day become set aside.
 */
export async function takeKeptRecords(
  pool: pg.Pool,
  plan: UnitPlan,
  feed: FeedKey,
  { limit, run, now }: TakeOptions,
): Promise<readonly KeptRecord[]> {
  const rows = await runStatement<Row>(pool, TAKE, [
    ...toFeedValues(feed),
    toWaitingSince(now),
    limit,
    run,
    plan.unit.manifest,
    NOT_REPLAYED,
    ...toPlanned(plan, feed),
  ]);
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    record: parseRecordText(row.record),
    digest: row.digest,
    receivedAt: row.received_at,
    seenAt: row.seen_at,
    seenIn: row.seen_in,
  }));
}

type Row = {
  id: string;
  type: string | null;
  record: string;
  digest: string | null;
  received_at: string;
  seen_at: string;
  seen_in: string;
};

// A manifest that was changed may read the object with another strategy, or under another type's name: what it no longer
// knows by its old name is tried for all types. What another feed of the object brings is left to that feed.
// $10 types of the feed · $11 types of the unit · $12 strategies with which the object is read
const TAKE = `WITH aged AS (
    UPDATE hub.set_aside SET state = 'SET_ASIDE' WHERE ${toFeedMatch(1)} AND state = 'WAITING' AND first_seen <= $5
  )
  SELECT s.id, CASE WHEN s.type = ANY($10::text[]) THEN s.type END AS type, s.record::text AS record, s.digest,
    to_char(s.received_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS received_at,
    to_char(s.last_seen, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS seen_at, coalesce(s.seen_run, s.run) AS seen_in
  FROM hub.set_aside s LEFT JOIN hub.type_state t ON t.unit = s.wait_unit AND t.type = s.wait_type
  WHERE s.unit = $1 AND s.source = $2 AND s.object = $3 AND (s.strategy = $4 OR s.strategy <> ALL($12::text[]))
    AND (s.type IS NULL OR s.type = ANY($10::text[]) OR s.type <> ALL($11::text[]))
    AND s.run IS DISTINCT FROM $7::bigint
    AND CASE s.state
      WHEN 'WAITING' THEN s.first_seen > $5 AND coalesce(t.version, 0) > coalesce(s.wait_version, -1)
      WHEN 'REPLAY' THEN s.code <> ALL($9::text[])
      ELSE s.manifest <> $8 AND s.code <> ALL($9::text[]) END
  ORDER BY seen_in DESC, s.last_seen DESC, s.id DESC LIMIT $6`;

function toPlanned({ unit }: UnitPlan, feed: FeedKey): readonly (readonly string[])[] {
  const forms = unit.types
    .flatMap((type) => type.forms)
    .filter(({ source, object }) => source === feed.source && object === feed.object);
  return [
    toTypesOfFeed(unit, feed).map((type) => type.name),
    unit.types.map((type) => type.name),
    forms.map((form) => form.sync.strategy),
  ];
}
