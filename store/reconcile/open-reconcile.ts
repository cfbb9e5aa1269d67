// The comparing part of the store: wires its questions to the units that were migrated.
import type pg from 'pg';
import { HubError } from '../../schema/errors.ts';
import { inTransaction, runStatement } from '../connect/transaction.ts';
import type { Run } from '../contract.ts';
import { toFeedMatch, toFeedValues, toLost } from '../write/lease.ts';
import type { UnitPlan } from '../write/unit-plan.ts';
import { comparePage } from './compare-page.ts';
import type { ReconcileStore, Surplus, TimeSpan } from './contract.ts';
import { countAside, countStored, toOwnRows } from './count-pieces.ts';
import { publishFindings, recallPieces } from './publish.ts';

const SHOWN_KEYS = 100;

/** `units`: those that `migrate` was given, by name. */
export function openReconcile(pool: pg.Pool, units: ReadonlyMap<string, UnitPlan>): ReconcileStore {
  const unitOf = (run: Run): UnitPlan => {
    const unit = units.get(run.lease.feed.unit);
    if (unit !== undefined) return unit;
    throw new HubError('HUB_INTERNAL', `unit ${run.lease.feed.unit} is not known to the store`);
  };
  const planOf = (run: Run, type: string) => {
    const plan = unitOf(run).types.get(type);
    if (plan !== undefined) return plan;
    throw new HubError('HUB_INTERNAL', `unit ${run.lease.feed.unit} has no type ${type}`);
  };
  return {
    count: async (run, types, span, per) => {
      const { feed } = run.lease;
      const stored = [];
      for (const type of types) stored.push(...(await countStored(pool, planOf(run, type), feed, span, per)));
      return [...stored, ...(await countAside(pool, feed, span, per))];
    },
    compare: (run, page) => inTransaction(pool, (client) => comparePage(client, unitOf(run), run, page)),
    surplus: (run, type, span, seen) => findSurplus(pool, planOf(run, type), run, span, seen),
    hold: async ({ lease }, { now, holdMs }) => {
      const until = new Date(Date.parse(now) + holdMs).toISOString();
      const held = await runStatement(
        pool,
        `UPDATE hub.feed SET lease_until = $6 WHERE ${toFeedMatch(1)} AND lease_token = $5 RETURNING 1`,
        [...toFeedValues(lease.feed), lease.token, until],
      );
      if (held.length === 0) throw toLost(lease.feed);
    },
    recall: (run) => recallPieces(pool, unitOf(run), run),
    publish: (run, found) => publishFindings(pool, unitOf(run), run, found),
  };
}

async function findSurplus(
  pool: pg.Pool,
  plan: Parameters<typeof toOwnRows>[0],
  { lease }: Run,
  span: TimeSpan | null,
  seen: { readonly keys: readonly string[]; readonly natives: readonly string[] },
): Promise<Surplus> {
  const { where, values } = toOwnRows(plan, lease.feed, span);
  const [keys, natives] = [values.length + 1, values.length + 2];
  const rows = await runStatement<{ n: string; keys: string[] | null }>(
    pool,
    `SELECT count(*) AS n, (array_agg(t._key ORDER BY t._key))[1:${SHOWN_KEYS}] AS keys FROM ${plan.table} t
     WHERE ${where} AND t._gone_at IS NULL AND t._key <> ALL($${keys}::text[]) AND t._native <> ALL($${natives}::jsonb[])`,
    [...values, [...seen.keys], [...seen.natives]],
  );
  return { count: Number(rows[0]?.n ?? 0), keys: rows[0]?.keys ?? [] };
}
