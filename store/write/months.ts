// Partitions that a page needs: made before its transaction, in one of their own. They are a convenience: without them a
// row lies in the default partition and moves when its month is made.
import type pg from 'pg';
import { toMillis } from '../../schema/duration.ts';
import { toBareTableName } from '../columns.ts';
import { hasSqlState, toStoreError } from '../connect/store-error.ts';
import type { StoreLog } from '../log.ts';
import { MIGRATION_LOCK } from '../migrate/migrate-hub.ts';
import { addMonths, type Month, toMonth, toPartitionName, toPartitionSql } from '../partitions.ts';
import { quoteLiteral } from '../sql-identifiers.ts';
import type { ReadyRow } from './links.ts';
import type { TypePlan } from './unit-plan.ts';

/** Months that are known to exist, by table. Partitions are never taken away by another process while a hub runs. */
export type KnownMonths = Map<string, Set<Month>>;

/** What `keep: for ever` counts as here: older rows stay in the default partition. */
const LONGEST_KEEP_MS = 30 * 365 * 86_400_000;

export type MonthSettings = {
  readonly known: KnownMonths;
  readonly log: StoreLog;
  /** How long a page may wait for the lock under which a month is made; readers wait behind it meanwhile. */
  readonly lockTimeoutMs: number;
};

/** The months of these rows that get a partition: not before `keep`, not after the next month, so that a wrong clock makes none. */
export function toNeededMonths(
  plan: TypePlan,
  rows: readonly Pick<ReadyRow, 'row'>[],
  now: number,
): readonly Month[] {
  if (!plan.partitioned) return [];
  const keep = plan.type.keep === null ? LONGEST_KEEP_MS : toMillis(plan.type.keep);
  const first = toMonth(now - Math.max(keep, toMillis(plan.type.backfill)));
  const last = addMonths(toMonth(now), 1);
  const months = new Set<string>();
  for (const { row } of rows) if (row.observedAt !== null) months.add(row.observedAt.slice(0, 7));
  return [...months].filter((month) => month >= first && month <= last).sort();
}

export async function ensureMonths(
  pool: pg.Pool,
  plan: TypePlan,
  months: readonly Month[],
  settings: MonthSettings,
): Promise<void> {
  const { known } = settings;
  const seen = known.get(plan.table) ?? new Set();
  known.set(plan.table, seen);
  for (const month of months) {
    if (seen.has(month)) continue;
    if (await makeMonth(pool, plan, month, settings)) seen.add(month);
  }
}

async function makeMonth(
  pool: pg.Pool,
  plan: TypePlan,
  month: Month,
  settings: MonthSettings,
): Promise<boolean> {
  const table = toBareTableName(plan.type.name);
  const client = await pool.connect().catch((error: unknown) => {
    throw toStoreError(error);
  });
  let broken = false;
  try {
    const { rows } = await client.query<{ there: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = ${quoteLiteral(plan.unit)} AND c.relname = ${quoteLiteral(toPartitionName(table, month))}) AS there`,
    );
    if (rows[0]?.there === true) return true;
    const steps = toPartitionSql(plan.unit, table, month);
    await client.query(
      [
        'BEGIN',
        `SET LOCAL lock_timeout = ${settings.lockTimeoutMs}`,
        `SELECT ${MIGRATION_LOCK}`,
        ...steps,
        'COMMIT',
      ].join(';\n'),
    );
    return true;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      broken = true;
    });
    // 42P07: another process has just made it.
    if (hasSqlState(error, '42P07')) return true;
    // 55P03, 40P01: the table is busy, another writer has waited for this one; the next page tries again.
    if (!hasSqlState(error, '55P03') && !hasSqlState(error, '40P01')) throw toStoreError(error);
    settings.log.warn({ table: plan.table, month }, 'a month has no partition yet: the table was busy');
    return false;
  } finally {
    client.release(broken);
  }
}
