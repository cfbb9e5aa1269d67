// What keeps hub.run from growing for ever: runs that wrote nothing are forgotten after a while. A run that wrote stays,
// because rows and their history name it.
import type pg from 'pg';
import { runStatement } from '../connect/transaction.ts';

/** Long enough to look back at a month of failures. */
const KEEP_MS = 30 * 86_400_000;
/** Of one statement, so that the first one over a long neglected table holds nothing up. */
const MOST_RUNS = 5000;
const PAUSE_MS = 3_600_000;

/**
 * Forgets finished runs older than 30 days that neither wrote nor deleted a row, with the snapshot keys that a dead one
 * left. The newest run of each feed stays, and one whose scan is not finished. Several processes may do so at once.
 */
export async function forgetOldRuns(pool: pg.Pool, now: string): Promise<void> {
  await runStatement(
    pool,
    `WITH old AS (
       SELECT r.id FROM hub.run r
       WHERE r.written = 0 AND r.deleted = 0 AND r.state <> 'RUNNING' AND r.started_at < $1
         AND EXISTS (SELECT FROM hub.run n WHERE n.unit = r.unit AND n.source = r.source AND n.object = r.object
           AND n.strategy = r.strategy AND n.id > r.id)
         AND NOT EXISTS (SELECT FROM hub.feed f WHERE f.unit = r.unit AND f.mark -> 'scan' ->> 'run' = r.id::text)
       ORDER BY r.started_at LIMIT ${MOST_RUNS} FOR UPDATE SKIP LOCKED
     ), keys AS (
       DELETE FROM hub.snapshot_key k USING old WHERE k.run = old.id
     )
     DELETE FROM hub.run r USING old WHERE r.id = old.id`,
    [new Date(Date.parse(now) - KEEP_MS).toISOString()],
  );
}

/** Says when it is time again: at most once an hour in this process. */
export function toPace(): (now: string) => boolean {
  let last = Number.NEGATIVE_INFINITY;
  return (now) => {
    const at = Date.parse(now);
    if (at - last < PAUSE_MS) return false;
    last = at;
    return true;
  };
}
