// Opening the store: the hub's own tables are brought up to date before anything else uses them.
import type pg from 'pg';
import { HubError } from '../../schema/errors.ts';
import { hasSqlState } from '../connect/store-error.ts';
import { inTransaction } from '../connect/transaction.ts';
import { HUB_STEPS } from './hub-steps.ts';

/** PostgreSQL 15 brought UNIQUE NULLS NOT DISTINCT. */
const OLDEST_SERVER = 150_000;

/** One advisory lock for all migrations of a database: processes that start together take turns. */
export const MIGRATION_LOCK = `pg_advisory_xact_lock(hashtext('one-network.migrate'))`;

/** Rejects with HUB_STORE_MIGRATION when the server is too old, the rights are missing, or a newer hub was here. */
export async function migrateHub(pool: pg.Pool): Promise<void> {
  await inTransaction(pool, async (client) => {
    await assertServer(client);
    await client.query(`SELECT ${MIGRATION_LOCK}`);
    await openHubSchema(client);
    const { rows } = await client.query<{ step: number }>(
      'SELECT coalesce(max(step), 0) AS step FROM hub.migration',
    );
    const done = rows[0]?.step ?? 0;
    if (done > HUB_STEPS.length)
      throw new HubError(
        'HUB_STORE_MIGRATION',
        `the database was migrated to step ${done} by a newer hub, this one knows ${HUB_STEPS.length}: start the newer version`,
      );
    for (const [index, statement] of HUB_STEPS.entries()) {
      if (index < done) continue;
      await client.query(statement);
      await client.query('INSERT INTO hub.migration (step) VALUES ($1)', [index + 1]);
    }
  });
}

async function assertServer(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int AS version`,
  );
  const version = rows[0]?.version ?? 0;
  if (version < OLDEST_SERVER)
    throw new HubError(
      'HUB_STORE_MIGRATION',
      `the store needs PostgreSQL 15 or later, but the server of HUB_DATABASE_URL is version ${Math.floor(version / 10_000)}`,
    );
}

async function openHubSchema(client: pg.PoolClient): Promise<void> {
  try {
    await client.query(`
      CREATE SCHEMA IF NOT EXISTS hub;
      CREATE TABLE IF NOT EXISTS hub.migration (step int PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`);
  } catch (error) {
    if (!hasSqlState(error, '42501')) throw error;
    throw new HubError(
      'HUB_STORE_MIGRATION',
      'the user of HUB_DATABASE_URL may not make schemas: GRANT CREATE ON DATABASE … TO that user',
    );
  }
}
