// How long what could not land is kept: a year after the source last gave it. A record that the source still gives is seen
// again by each run and never goes. What goes is counted by its feed, and shown: nothing leaves the store in silence.
import type pg from 'pg';
import { runStatement } from '../connect/transaction.ts';
import type { StoreLog } from '../log.ts';

/** Long enough to mend a mapping after a year's budget; originals may be citizens' data and must not stay for ever. */
export const KEEP_ASIDE_MS = 365 * 86_400_000;
/** Of one statement, so that the first one over a long neglected table holds nothing up. */
const MOST_RECORDS = 5000;

/** Takes out what is too old and counts it at its feed, in one statement. Several processes may do so at once. */
export async function purgeAside(pool: pg.Pool, log: StoreLog, now: string): Promise<void> {
  const purged = await runStatement<{ unit: string; source: string; object: string; records: string }>(
    pool,
    `WITH old AS (
       SELECT id FROM hub.set_aside WHERE last_seen < $1 ORDER BY last_seen LIMIT ${MOST_RECORDS} FOR UPDATE SKIP LOCKED
     ), gone AS (
       DELETE FROM hub.set_aside s USING old WHERE s.id = old.id RETURNING s.unit, s.source, s.object, s.strategy
     ), counted AS (
       SELECT unit, source, object, strategy, count(*) AS records FROM gone GROUP BY unit, source, object, strategy
     )
     UPDATE hub.feed f SET aside_purged = f.aside_purged + c.records, aside_purged_at = $2 FROM counted c
     WHERE f.unit = c.unit AND f.source = c.source AND f.object = c.object AND f.strategy = c.strategy
     RETURNING f.unit, f.source, f.object, c.records`,
    [new Date(Date.parse(now) - KEEP_ASIDE_MS).toISOString(), now],
  );
  for (const { unit, source, object, records } of purged)
    log.warn(
      { unit, source, object, records: Number(records) },
      'set-aside records that the source has not given for a year were purged',
    );
}
