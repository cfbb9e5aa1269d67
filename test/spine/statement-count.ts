// Counts what PostgreSQL itself saw: statements over the unit's tables, by pg_stat_statements.
import type { Spine } from './open-spine.ts';

const DATABASE = '(select oid from pg_database where datname = current_database())';

/** Once a world; the runner's PostgreSQL has the library loaded. */
export async function openStatementCount(spine: Pick<Spine, 'query'>): Promise<void> {
  await spine.query('create extension pg_stat_statements');
}

/** Calls of statements that name the schema hydrology in this world's database, while `work` runs. */
export async function countUnitStatements<Answer>(
  spine: Pick<Spine, 'query'>,
  work: () => Promise<Answer>,
): Promise<{ readonly count: number; readonly answer: Answer }> {
  // This database only: other tests use the same server.
  await spine.query(`select pg_stat_statements_reset(0, ${DATABASE}, 0)`);
  const answer = await work();
  const [row] = await spine.query<{ calls: number }>(
    `select coalesce(sum(calls), 0)::int as calls from pg_stat_statements
      where dbid = ${DATABASE} and query ~ '"?hydrology"?\\."?\\w' and query !~ 'pg_stat_statements'`,
  );
  return { count: row?.calls ?? 0, answer };
}
