// What the delete brake holds back, and what of it a person lets go.
import type pg from 'pg';
import { runStatement } from '../connect/transaction.ts';
import type { FeedKey } from '../contract.ts';
import type { Braked, OperatorStore } from './contract.ts';

export function openDeleteParts(pool: pg.Pool): Pick<OperatorStore, 'braked' | 'acceptDeletes'> {
  return {
    braked: async (unit) => {
      const rows = await runStatement<FeedKey & Omit<Braked, 'feed'>>(
        pool,
        `SELECT unit, source, object, strategy, nullif(b.scope, '') AS scope, b.list ->> 'at' AS at, b.list -> 'types' AS types,
           coalesce(accepted -> b.scope IS NOT NULL, false) AS accepted
         FROM hub.feed, jsonb_each(braked) AS b(scope, list) WHERE $1::text IS NULL OR unit = $1 ORDER BY 1, 2, 3, 4, 5`,
        [unit ?? null],
      );
      return rows.map(({ scope, at, types, accepted, ...feed }) => ({ feed, scope, at, types, accepted }));
    },
    acceptDeletes: async ({ feed: { unit, source, object, strategy }, scope }) => {
      const rows = await runStatement(
        pool,
        `UPDATE hub.feed SET accepted = coalesce(accepted, '{}') || jsonb_build_object($5::text,
           (SELECT jsonb_object_agg(t ->> 'type', t -> 'missing') FROM jsonb_array_elements(braked -> $5 -> 'types') t))
         WHERE unit = $1 AND source = $2 AND object = $3 AND strategy = $4 AND braked -> $5 IS NOT NULL RETURNING 1`,
        [unit, source, object, strategy, scope ?? ''],
      );
      return rows.length > 0;
    },
  };
}
