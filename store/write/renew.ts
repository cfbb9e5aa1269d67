// Between pages: a feed that is listened to keeps its lease by time, and its types their age by what was heard.
import type pg from 'pg';
import { inTransaction } from '../connect/transaction.ts';
import type { Lease } from '../contract.ts';
import { toFeedMatch, toFeedValues, toLost } from './lease.ts';
import { lockTypes, markTypes } from './type-state.ts';
import { toTypesOfFeed, type UnitPlan } from './unit-plan.ts';

export type RenewOptions = {
  readonly now: string;
  readonly holdMs: number;
  readonly heardAt?: string | null;
};

/** Rejects with HUB_SYNC_LEASE_LOST, changing nothing, when the lease is no longer this one. */
export async function runRenewal(
  pool: pg.Pool,
  { unit }: UnitPlan,
  { feed, token }: Lease,
  { now, holdMs, heardAt }: RenewOptions,
): Promise<void> {
  const until = new Date(Date.parse(now) + holdMs).toISOString();
  await inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      `UPDATE hub.feed SET lease_until = $6 WHERE ${toFeedMatch(1)} AND lease_token = $5`,
      [...toFeedValues(feed), token, until],
    );
    if (rowCount === 0) throw toLost(feed);
    if (heardAt === undefined) return;
    const types = toTypesOfFeed(unit, feed).map((type) => type.name);
    await lockTypes(client, unit.unit, types);
    await markTypes(client, unit, feed, { now: heardAt ?? now, code: null, idle: heardAt === null });
  });
}
