// Brings the tables of units up to their manifests: one transaction a unit, all or nothing, one process at a time.
import type pg from 'pg';
import type { Unit, UnitType } from '../../connectors/kit/manifest/model.ts';
import { HubError } from '../../schema/errors.ts';
import { toBareTableName } from '../columns.ts';
import { hasSqlState } from '../connect/store-error.ts';
import { inTransaction } from '../connect/transaction.ts';
import type { MigrationStep } from '../contract.ts';
import { quoteIdentifier } from '../sql-identifiers.ts';
import { NO_MARK } from '../write/lease.ts';
import { readCatalog } from './catalog.ts';
import { MIGRATION_LOCK } from './migrate-hub.ts';
import type { Refusal } from './plan-table.ts';
import { planUnit, type UnitMigration } from './plan-unit.ts';
import type { UnitShape } from './shape.ts';

/**
 * Migrates one unit and returns what was done; a statement that begins with `-- kept:` is a note. Rejects with
 * HUB_STORE_MIGRATION, naming every type and field that stands in the way, and changes nothing then.
 */
export async function migrateUnit(pool: pg.Pool, unit: Unit, now: number): Promise<readonly MigrationStep[]> {
  // A page that is being written locks the same tables in its own order: PostgreSQL may end the migration for its sake.
  let deadlocks = 0;
  const migrate = async (client: pg.PoolClient) => {
    try {
      return await migrateIn(client, unit, now);
    } catch (error) {
      if (hasSqlState(error, '40P01')) deadlocks += 1;
      throw error;
    }
  };
  for (let tried = 0; ; tried += 1) {
    const steps = await inTransaction(pool, migrate).catch((error: unknown) => {
      if (deadlocks <= tried || tried >= MOST_DEADLOCKS) throw error;
      return null;
    });
    if (steps !== null) return steps;
  }
}

const MOST_DEADLOCKS = 5;

async function migrateIn(client: pg.PoolClient, unit: Unit, now: number): Promise<readonly MigrationStep[]> {
  await client.query(`SELECT ${MIGRATION_LOCK}`);
  const { plan, manifest } = await planIn(client, unit, now);
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(unit.unit)}`);
  // The feed before its tables, as a page locks them.
  await rewindFeeds(client, unit.unit, plan.unread);
  const statements = plan.statements.filter((statement) => !statement.startsWith('--'));
  if (statements.length > 0) await client.query(statements.join(';\n'));
  if (plan.statements.length > 0 || manifest !== unit.manifest) await remember(client, unit, plan.shape, now);
  return plan.statements.map((statement) => ({ unit: unit.unit, statement }));
}

/** What `migrateUnit` would do; changes nothing. Rejects as that does. */
export function planMigration(pool: pg.Pool, unit: Unit, now: number): Promise<readonly MigrationStep[]> {
  return inTransaction(pool, async (client) => {
    const { plan } = await planIn(client, unit, now);
    return plan.statements.map((statement) => ({ unit: unit.unit, statement }));
  });
}

type Planned = { readonly plan: UnitMigration; readonly manifest: string | null };

async function planIn(client: pg.PoolClient, unit: Unit, now: number): Promise<Planned> {
  const { rows } = await client.query<{ shape: UnitShape; manifest: string }>(
    'SELECT shape, manifest FROM hub.unit_schema WHERE unit = $1',
    [unit.unit],
  );
  const before = rows[0]?.shape ?? null;
  const tables = unit.types.flatMap((type) => {
    const name = toBareTableName(type.name);
    return [name, `${name}_history`];
  });
  const catalog = await readCatalog(client, unit.unit, tables);
  const plan = planUnit(unit, before, catalog, now);
  if (plan.refusals.length > 0) throw toRefusal(unit.unit, plan.refusals);
  return { plan, manifest: rows[0]?.manifest ?? null };
}

// The next run of these feeds is a first load again, as deep as the manifest says; what is stored already is unchanged by
// it. Whoever reads one of them now has an older manifest and loses it.
async function rewindFeeds(client: pg.PoolClient, unit: string, types: readonly UnitType[]): Promise<void> {
  const feeds = types.flatMap((type) =>
    type.forms.map(({ source, object, sync: { strategy } }) => [source, object, strategy]),
  );
  if (feeds.length === 0) return;
  await client.query(
    `UPDATE hub.feed f SET mark = $2, lease_token = f.lease_token + 1, lease_until = NULL, lease_holder = NULL
     FROM (SELECT DISTINCT * FROM unnest($3::text[], $4::text[], $5::text[])) AS t(source, object, strategy)
     WHERE f.unit = $1 AND f.source = t.source AND f.object = t.object AND f.strategy = t.strategy AND f.strategy <> 'push'`,
    [unit, JSON.stringify(NO_MARK), ...[0, 1, 2].map((part) => feeds.map((parts) => parts[part]))],
  );
}

async function remember(client: pg.PoolClient, unit: Unit, shape: UnitShape, now: number): Promise<void> {
  await client.query(
    `INSERT INTO hub.unit_schema (unit, shape, manifest, migrated_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (unit) DO UPDATE SET shape = excluded.shape, manifest = excluded.manifest, migrated_at = excluded.migrated_at`,
    [unit.unit, JSON.stringify(shape), unit.manifest, new Date(now).toISOString()],
  );
  await client.query(
    `INSERT INTO hub.type_state (unit, type) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING`,
    [unit.unit, unit.types.map((type) => type.name)],
  );
}

function toRefusal(unit: string, refusals: readonly Refusal[]): HubError {
  const [first] = refusals;
  const lines = refusals.map(({ type, field, reason, fix }) => {
    const place = [type, field].filter((name) => name !== null && name !== '').join('.');
    return `${place === '' ? unit : place}: ${reason}; ${fix}`;
  });
  return new HubError(
    'HUB_STORE_MIGRATION',
    `unit ${unit} was not migrated, nothing of it was changed. ${lines.join(' · ')}`,
    {
      place: {
        unit,
        ...(first ? { type: first.type, ...(first.field === null ? {} : { field: first.field }) } : {}),
      },
    },
  );
}
