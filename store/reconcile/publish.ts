// What was found, written down: pieces that need no second look, what the run found missing, and each type's gap, which is
// the sum over all feeds that bring it, or unknown while one of them was not compared.
import type pg from 'pg';
import { inTransaction, runStatement } from '../connect/transaction.ts';
import type { Run } from '../contract.ts';
import { toFeedMatch, toFeedValues, toLost } from '../write/lease.ts';
import { lockTypes } from '../write/type-state.ts';
import type { UnitPlan } from '../write/unit-plan.ts';
import type { KnownPiece, ReconcileStore } from './contract.ts';

export async function recallPieces(pool: pg.Pool, unit: UnitPlan, run: Run): Promise<readonly KnownPiece[]> {
  const rows = await runStatement<{ type: string; bucket: string; state: string; surplus: string }>(
    pool,
    `SELECT type, bucket, state, surplus FROM hub.reconcile_bucket WHERE ${toFeedMatch(1)} AND manifest = $5`,
    [...toFeedValues(run.lease.feed), unit.unit.manifest],
  );
  return rows.map((row) => ({ ...row, surplus: Number(row.surplus) }));
}

export async function publishFindings(
  pool: pg.Pool,
  unit: UnitPlan,
  run: Run,
  { now, missing, findings, known }: Parameters<ReconcileStore['publish']>[1],
): Promise<void> {
  const feed = toFeedValues(run.lease.feed);
  await inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      `SELECT 1 FROM hub.feed WHERE ${toFeedMatch(1)} AND lease_token = $5 FOR UPDATE`,
      [...feed, run.lease.token],
    );
    if (rowCount === 0) throw toLost(run.lease.feed);
    await lockTypes(
      client,
      unit.unit.unit,
      findings.map(({ type }) => type),
    );
    await client.query('UPDATE hub.run SET missing = $2 WHERE id = $1', [run.id, missing]);
    await client.query(`DELETE FROM hub.reconcile_bucket WHERE ${toFeedMatch(1)}`, [...feed]);
    await client.query(
      `INSERT INTO hub.reconcile_bucket (unit, source, object, strategy, manifest, type, bucket, state, surplus)
       SELECT $1, $2, $3, $4, $5, * FROM unnest($6::text[], $7::text[], $8::text[], $9::bigint[])`,
      [
        ...feed,
        unit.unit.manifest,
        known.map(({ type }) => type),
        known.map(({ bucket }) => bucket),
        known.map(({ state }) => state),
        known.map(({ surplus }) => surplus),
      ],
    );
    await client.query(
      `INSERT INTO hub.reconcile_feed (unit, source, object, strategy, reconciled_at, type, gap, surplus, basis)
       SELECT $1, $2, $3, $4, $5, f.type, f.gap, f.surplus, CASE WHEN f.gap IS NULL THEN 'UNKNOWN' ELSE 'RECONCILED' END
       FROM unnest($6::text[], $7::bigint[], $8::bigint[]) AS f(type, gap, surplus)
       ON CONFLICT (unit, source, object, strategy, type) DO UPDATE SET
         gap = excluded.gap, surplus = excluded.surplus, basis = excluded.basis, reconciled_at = excluded.reconciled_at`,
      [
        ...feed,
        now,
        findings.map(({ type }) => type),
        findings.map(({ gap }) => gap),
        findings.map(({ surplus }) => surplus),
      ],
    );
    await publishTypes(
      client,
      unit,
      findings.map(({ type }) => type),
    );
  });
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
       SELECT n.type, bool_and(coalesce(r.basis, 'UNKNOWN') = 'RECONCILED') AS sure, sum(r.gap) AS gap, sum(r.surplus) AS surplus,
         min(r.reconciled_at) AS at
       FROM named n LEFT JOIN hub.reconcile_feed r ON r.unit = $1 AND r.type = n.type
         AND r.source = n.source AND r.object = n.object AND r.strategy = n.strategy GROUP BY n.type)
     UPDATE hub.type_state s SET gap = CASE WHEN f.sure THEN f.gap END, surplus = CASE WHEN f.sure THEN f.surplus END,
       gap_basis = CASE WHEN f.sure THEN 'RECONCILED' ELSE 'UNKNOWN' END, reconciled_at = CASE WHEN f.sure THEN f.at END
     FROM f WHERE s.unit = $1 AND s.type = f.type`,
    [unit.unit.unit, ...[0, 1, 2, 3].map((part) => feeds.map((parts) => parts[part]))],
  );
}
