// What each feed is known to lack, and from all feeds of a type its gap: known while each of them is.
import type pg from 'pg';
import type { FeedKey } from '../contract.ts';
import { toFeedValues } from './lease.ts';
import type { UnitPlan } from './unit-plan.ts';

/**
 * RECONCILED: both sides were compared by key · MANIFEST_COUNT: the source gave all that it has and said how much that is, and
 * each record of it landed or is kept.
 */
export type GapBasis = 'RECONCILED' | 'MANIFEST_COUNT';

export type Gaps = {
  readonly now: string;
  readonly basis: GapBasis;
  /** `gap` null: not to be told. `surplus` null: nobody looked for what the source no longer has. */
  readonly gaps: readonly {
    readonly type: string;
    readonly gap: number | null;
    readonly surplus: number | null;
  }[];
};

/** In the caller's transaction, under lockTypes of these types, with the feed held. */
export async function writeGaps(
  client: pg.PoolClient,
  unit: UnitPlan,
  feed: FeedKey,
  { now, basis, gaps }: Gaps,
): Promise<void> {
  await client.query(
    `INSERT INTO hub.reconcile_feed (unit, source, object, strategy, reconciled_at, type, gap, surplus, basis)
     SELECT $1, $2, $3, $4, $5, f.type, f.gap, f.surplus, CASE WHEN f.gap IS NULL THEN 'UNKNOWN' ELSE $9 END
     FROM unnest($6::text[], $7::bigint[], $8::bigint[]) AS f(type, gap, surplus)
     ON CONFLICT (unit, source, object, strategy, type) DO UPDATE SET
       gap = excluded.gap, surplus = excluded.surplus, basis = excluded.basis, reconciled_at = excluded.reconciled_at`,
    [
      ...toFeedValues(feed),
      now,
      gaps.map(({ type }) => type),
      gaps.map(({ gap }) => gap),
      gaps.map(({ surplus }) => surplus),
      basis,
    ],
  );
  await publishTypes(
    client,
    unit,
    gaps.map(({ type }) => type),
  );
}

// Feeds that the manifest no longer names do not count; of those that it names none may be missing.
async function publishTypes(client: pg.PoolClient, unit: UnitPlan, types: readonly string[]): Promise<void> {
  const feeds = unit.unit.types
    .filter(({ name }) => types.includes(name))
    .flatMap((type) =>
      type.forms.map(({ source, object, sync }) => [type.name, source, object, sync.strategy] as const),
    );
  await client.query(
    `WITH named AS (
       SELECT DISTINCT * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS t(type, source, object, strategy)
     ), f AS (
       SELECT n.type, bool_and(coalesce(r.basis, 'UNKNOWN') <> 'UNKNOWN') AS sure, bool_and(r.basis = 'RECONCILED') AS compared,
         sum(r.gap) AS gap, CASE WHEN bool_and(r.surplus IS NOT NULL) THEN sum(r.surplus) END AS surplus, min(r.reconciled_at) AS at
       FROM named n LEFT JOIN hub.reconcile_feed r ON r.unit = $1 AND r.type = n.type
         AND r.source = n.source AND r.object = n.object AND r.strategy = n.strategy GROUP BY n.type)
     UPDATE hub.type_state s SET gap = CASE WHEN f.sure THEN f.gap END, surplus = CASE WHEN f.sure THEN f.surplus END,
       gap_basis = CASE WHEN NOT f.sure THEN 'UNKNOWN' WHEN f.compared THEN 'RECONCILED' ELSE 'MANIFEST_COUNT' END, reconciled_at = CASE WHEN f.sure THEN f.at END
     FROM f WHERE s.unit = $1 AND s.type = f.type`,
    [unit.unit.unit, ...[0, 1, 2, 3].map((part) => feeds.map((parts) => parts[part]))],
  );
}
