// The login that a department gives the hub: it may read the legacy tables and nothing else.
import type pg from 'pg';

const TRIES = 20;
/** Two databases of one cluster make the role at the same time: already there, unique violation, tuple updated meanwhile. */
const MEANWHILE = new Set(['42710', '23505', 'XX000']);

/** Makes the role `hub_reader` or gives it this password, and grants it these tables of this database. */
export async function openReader(pool: pg.Pool, password: string, tables: readonly string[]): Promise<void> {
  for (let left = TRIES; ; left -= 1) {
    try {
      const { rows } = await pool.query(`select 1 from pg_roles where rolname = 'hub_reader'`);
      const verb = rows.length === 0 ? 'create' : 'alter';
      await pool.query(`${verb} role hub_reader login password ${toLiteral(password)}`);
      break;
    } catch (error) {
      if (left === 0 || !MEANWHILE.has((error as { code?: string }).code ?? '')) throw error;
    }
  }
  await pool.query(
    `grant usage on schema public to hub_reader; grant select on ${tables.join(', ')} to hub_reader`,
  );
}

/** A role statement takes no parameters. */
function toLiteral(text: string): string {
  if (text.includes('\\')) throw new Error('The password of hub_reader must not contain a backslash.');
  return `'${text.replaceAll("'", "''")}'`;
}
