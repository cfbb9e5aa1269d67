// All or nothing: what the writer and the migration do runs in here, and only the hub's own errors come out.
import type pg from 'pg';
import { toStoreError } from './store-error.ts';

/**
 * Runs `work` in one transaction. `before` runs on the same connection ahead of it (temporary tables). On any error the
 * transaction is rolled back; a connection that cannot roll back is thrown away.
 */
export async function inTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
  before?: (client: pg.PoolClient) => Promise<void>,
): Promise<Result> {
  const client = await pool.connect().catch((error: unknown) => {
    throw toStoreError(error);
  });
  let broken = false;
  try {
    await before?.(client);
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      broken = true;
    });
    throw toStoreError(error);
  } finally {
    client.release(broken);
  }
}

/** One statement on any connection of the pool, or on this one. */
export async function runStatement<Row extends pg.QueryResultRow>(
  pool: pg.Pool | pg.PoolClient,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const result = await pool.query<Row>(text, [...values]).catch((error: unknown) => {
    throw toStoreError(error);
  });
  return result.rows;
}
