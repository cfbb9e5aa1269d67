// Counts what PostgreSQL itself saw, by pg_stat_statements: statements over the unit's tables, or over the hub's own.
import { eventually } from '../support/eventually.ts';
import type { Spine } from './open-spine.ts';

const DATABASE = '(select oid from pg_database where datname = current_database())';

/** Once a loaded world, when the comparisons behind its first load are over; the runner's PostgreSQL has the library loaded. */
export async function openStatementCount(spine: Pick<Spine, 'query' | 'asked'>): Promise<void> {
  const feeds = spine.asked('hydrology').length;
  const compared = `select count(distinct object)::int as n from hub.reconcile_feed where unit = 'hydrology'`;
  const isOver = async () => (await spine.query<{ n: number }>(compared))[0]?.n === feeds;
  await eventually(isOver, { what: 'the comparison of every feed' });
  await spine.query('create extension pg_stat_statements');
}

type Counted<Answer> = Promise<{ readonly count: number; readonly answer: Answer }>;

/** Calls of statements that name the schema hydrology in this world's database, while `work` runs. */
export function countUnitStatements<Answer>(
  spine: Pick<Spine, 'query'>,
  work: () => Promise<Answer>,
): Counted<Answer> {
  return countStatements(spine, '"?hydrology"?\\."?\\w', work);
}

/** Calls of the gateway's questions over the hub's own tables; what the jobs write there begins in capitals. */
export function countHubStatements<Answer>(
  spine: Pick<Spine, 'query'>,
  work: () => Promise<Answer>,
): Counted<Answer> {
  return countStatements(spine, '^select .* from hub\\.|^select .* hub\\.run ', work);
}

async function countStatements<Answer>(
  spine: Pick<Spine, 'query'>,
  pattern: string,
  work: () => Promise<Answer>,
): Counted<Answer> {
  // This database only: other tests use the same server.
  await spine.query(`select pg_stat_statements_reset(0, ${DATABASE}, 0)`);
  const answer = await work();
  const [row] = await spine.query<{ calls: number }>(
    `select coalesce(sum(calls), 0)::int as calls from pg_stat_statements
      where dbid = ${DATABASE} and query ~ $1 and query !~ 'pg_stat_statements'`,
    [pattern],
  );
  return { count: row?.calls ?? 0, answer };
}
