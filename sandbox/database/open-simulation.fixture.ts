// A simulation in a database of the tests: its clock stands still until a test ticks it, and it is asked by plain SQL.
import pg from 'pg';
import { openTestDatabase } from '../../test/support/database.ts';
import { openSimulatedDatabase, type SimulatedDatabase } from './simulated-database.ts';
import type { Simulation } from './simulation.ts';

export const START = Date.parse('2026-04-05T00:00:00Z');

export type OpenedSimulation = {
  readonly database: SimulatedDatabase;
  /** As the owner; times print in UTC, intervals as ISO 8601. */
  ask<T>(statement: string): Promise<T[]>;
  /** One hash a table, over all columns of all rows: legacy tables and ledger. */
  hashes(): Promise<unknown[]>;
  /** What a change would make of an answer; undone afterwards. Throws when it changes nothing. */
  askChanged<T>(change: string, statement: string): Promise<T[]>;
  close(): Promise<void>;
};

export async function openSimulation(
  simulation: Simulation,
  { start = START, days = 1 } = {},
): Promise<OpenedSimulation> {
  const holder = await openTestDatabase();
  const database = await openSimulatedDatabase(simulation, {
    adminUrl: holder.url,
    days,
    clock: { start, frozen: true, wall: () => start + 30 * 86_400_000 },
    readerPassword: 'the tests’ own',
  });
  const client = new pg.Client({
    connectionString: holder.url,
    options: '-c intervalstyle=iso_8601 -c timezone=UTC',
  });
  await client.connect();
  const ask = async <T>(statement: string) => (await client.query(statement)).rows as T[];
  return {
    database,
    ask,
    async hashes() {
      const tables = await ask<{ name: string }>(
        `select format('%I.%I', schemaname, tablename) as name from pg_tables
         where schemaname in ('public', 'ledger') and tablename <> 'clock' order by 1`,
      );
      const each = tables.map(
        ({ name }) =>
          `select '${name}' as name, md5(string_agg(t::text, '|' order by t::text)) as hash from ${name} t`,
      );
      return ask(each.join(' union all '));
    },
    async askChanged<T>(change: string, statement: string) {
      await client.query('begin');
      try {
        const { rowCount } = await client.query(change);
        if (rowCount === 0) throw new Error(`must change something: ${change}`);
        return await ask<T>(statement);
      } finally {
        await client.query('rollback');
      }
    },
    async close() {
      await client.end();
      await database.close();
      await holder.close();
    },
  };
}
