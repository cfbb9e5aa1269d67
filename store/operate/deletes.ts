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
        `SELECT unit, source, object, strategy, braked ->> 'at' AS at, braked -> 'types' AS types, accepted IS NOT NULL AS accepted
         FROM hub.feed WHERE braked IS NOT NULL AND ($1::text IS NULL OR unit = $1) ORDER BY 1, 2, 3, 4`,
        [unit ?? null],
      );
      return rows.map(({ at, types, accepted, ...feed }) => ({ feed, at, types, accepted }));
    },
    acceptDeletes: async ({ unit, source, object, strategy }) => {
      const rows = await runStatement(
        pool,
        `UPDATE hub.feed SET accepted = (SELECT jsonb_object_agg(t ->> 'type', t -> 'missing') FROM jsonb_array_elements(braked -> 'types') t)
         WHERE unit = $1 AND source = $2 AND object = $3 AND strategy = $4 AND braked IS NOT NULL RETURNING 1`,
        [unit, source, object, strategy],
      );
      return rows.length > 0;
    },
  };
}
