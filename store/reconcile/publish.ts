// What was found, written down: pieces that need no second look, what the run found missing, and each type's gap, which is
// the sum over all feeds that bring it, or unknown while one of them was not compared.
import type pg from 'pg';
import { inTransaction, runStatement } from '../connect/transaction.ts';
import type { Run } from '../contract.ts';
import { writeGaps } from '../write/gap.ts';
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
    await writeGaps(client, unit, run.lease.feed, { now, basis: 'RECONCILED', gaps: findings });
  });
}
