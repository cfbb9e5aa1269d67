// How a unit's feeds went last: the newest run of each that read what is new.
import type pg from 'pg';
import { runStatement } from '../connect/transaction.ts';
import type { FeedKey } from '../contract.ts';
import type { LastRun, OperatorStore } from './contract.ts';

export function openRunParts(pool: pg.Pool): Pick<OperatorStore, 'lastRuns'> {
  return {
    lastRuns: async (unit) => {
      const rows = await runStatement<FeedKey & Omit<LastRun, 'feed'>>(pool, LAST, [unit]);
      return rows.map(({ unit: name, source, object, strategy, ...run }) => ({
        ...run,
        feed: { unit: name, source, object, strategy },
      }));
    },
  };
}

const LAST = `SELECT f.unit, f.source, f.object, f.strategy, r.id::text AS id, r.state, r.reason,
    to_char(r.started_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "startedAt", to_char(r.ended_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "endedAt",
    r.read::float8 AS read, r.written::float8 AS written, r.set_aside::float8 AS "setAside", r.position, r.error_code AS "errorCode"
  FROM hub.feed f CROSS JOIN LATERAL (
    SELECT * FROM hub.run r WHERE r.unit = f.unit AND r.source = f.source AND r.object = f.object AND r.strategy = f.strategy
      AND r.task = 'sync'
    ORDER BY r.id DESC LIMIT 1) r
  WHERE f.unit = $1 ORDER BY 2, 3, 4`;
