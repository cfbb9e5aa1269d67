// How a database fails while it still speaks its protocol: done to it as its owner, and undone.
import pg from 'pg';
import type { SpokenFault } from '../front/fault.ts';
import type { Spoiling } from '../front/front.ts';

const READER = 'hub_reader';

/**
 * error: the tables are locked away (permission denied) · schema: the first column of each table has another name · expired:
 * the hub's login may not come in any more, and is shown out.
 */
export function toSpoilings(
  adminUrl: string,
  tables: readonly string[],
): Readonly<Record<SpokenFault, Spoiling>> {
  const all = tables.join(', ');
  const database = `"${decodeURIComponent(new URL(adminUrl).pathname.slice(1))}"`;
  const run = (statements: readonly string[]) => () => runOn(adminUrl, statements);
  return {
    error: {
      begin: run([`revoke select on ${all} from ${READER}`]),
      end: run([`grant select on ${all} to ${READER}`]),
    },
    schema: {
      begin: () => renameFirst(adminUrl, tables, (name) => `${name}${MOVED}`),
      end: () => renameFirst(adminUrl, tables, (name) => name.slice(0, -MOVED.length)),
    },
    expired: {
      begin: run([`revoke connect on database ${database} from public`, SHOW_OUT]),
      end: run([`grant connect on database ${database} to public`]),
    },
  };
}

const MOVED = '_2019';
const SHOW_OUT = `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${READER}' and datname = current_database()`;

async function renameFirst(
  adminUrl: string,
  tables: readonly string[],
  toName: (name: string) => string,
): Promise<void> {
  await withClient(adminUrl, async (client) => {
    for (const table of tables) {
      const { rows } = await client.query<{ name: string }>(
        'select attname as name from pg_attribute where attrelid = $1::regclass and attnum = 1',
        [table],
      );
      const name = rows[0]?.name ?? '';
      await client.query(`alter table ${table} rename column "${name}" to "${toName(name)}"`);
    }
  });
}

function runOn(adminUrl: string, statements: readonly string[]): Promise<void> {
  return withClient(adminUrl, async (client) => {
    for (const statement of statements) await client.query(statement);
  });
}

async function withClient(adminUrl: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
