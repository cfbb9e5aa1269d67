// hub.type_state: a type's version, and when it was last complete. Its row is also the lock under which a type is written:
// versions become visible in their order, and what was replaced is known for certain.
import type pg from 'pg';
import type { ErrorCode } from '../../schema/errors.ts';

/** Locks these types until the transaction ends, in one order everywhere, and answers their versions. */
export async function lockTypes(
  client: pg.PoolClient,
  unit: string,
  types: readonly string[],
): Promise<ReadonlyMap<string, bigint>> {
  if (types.length === 0) return new Map();
  const { rows } = await client.query<{ type: string; version: string }>(
    'SELECT type, version FROM hub.type_state WHERE unit = $1 AND type = ANY($2::text[]) ORDER BY type FOR UPDATE',
    [unit, types],
  );
  return new Map(rows.map((row) => [row.type, BigInt(row.version)]));
}

/** The next version of the types that a page has changed; `landed`: how many of their rows are new or changed. */
export async function countVersions(
  client: pg.PoolClient,
  unit: string,
  changes: readonly { readonly type: string; readonly landed: number }[],
): Promise<void> {
  if (changes.length === 0) return;
  await client.query(
    `UPDATE hub.type_state t SET version = t.version + 1, rows_landed = t.rows_landed + c.landed
     FROM unnest($2::text[], $3::bigint[]) AS c(type, landed) WHERE t.unit = $1 AND t.type = c.type`,
    [unit, changes.map(({ type }) => type), changes.map(({ landed }) => landed)],
  );
}

/** The types of a feed whose run has succeeded (`code` null) or failed. To be called under lockTypes. */
export async function markTypes(
  client: pg.PoolClient,
  unit: string,
  types: readonly string[],
  end: { readonly now: string; readonly code: ErrorCode | null },
): Promise<void> {
  if (types.length === 0) return;
  const change =
    end.code === null
      ? 'last_complete_at = greatest(last_complete_at, $3), failing_since = NULL, last_error_code = $4'
      : 'failing_since = coalesce(failing_since, $3), last_error_code = $4';
  await client.query(`UPDATE hub.type_state SET ${change} WHERE unit = $1 AND type = ANY($2::text[])`, [
    unit,
    types,
    end.now,
    end.code,
  ]);
}
