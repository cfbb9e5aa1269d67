// Rows and kept records of a feed, counted and summed by pieces of time as the source's wall clock shows it.
import type pg from 'pg';
import { runStatement } from '../connect/transaction.ts';
import type { FeedKey } from '../contract.ts';
import { quoteLiteral } from '../sql-identifiers.ts';
import { type TypePlan, toFormsOfFeed } from '../write/unit-plan.ts';
import type { Counted, TimeSpan } from './contract.ts';

type Per = 'hour' | 'day' | null;
type Row = {
  readonly type: string | null;
  readonly from: string | null;
  readonly n: string;
  readonly sum: string;
};

/** The rows of a type that this feed brought. A type whose records carry a mark of deletion counts what is marked too: the source has it. */
export function toOwnRows(plan: TypePlan, feed: FeedKey, span: TimeSpan | null) {
  const living = plan.type.deletes.column === null ? 't._gone_at IS NULL' : 'true';
  const time =
    span === null ? '' : ' AND t._observed_at >= $3::timestamptz AND t._observed_at < $4::timestamptz';
  return {
    where: `${living} AND t._source = $1 AND t._form = ANY($2::int2[])${time}`,
    values: [
      feed.source,
      toFormsOfFeed(plan.type, feed).map((form) => form.index),
      ...(span === null ? [] : [span.from, span.to]),
    ],
  };
}

export async function countStored(
  pool: pg.Pool,
  plan: TypePlan,
  feed: FeedKey,
  span: TimeSpan | null,
  per: Per,
): Promise<readonly Counted[]> {
  const { where, values } = toOwnRows(plan, feed, span);
  const piece =
    span === null || per === null
      ? 'NULL::text'
      : `to_char(date_trunc('${per}', t._observed_at AT TIME ZONE ${quoteLiteral(span.zone)}), 'YYYY-MM-DD HH24:MI:SS')`;
  const rows = await runStatement<Row>(
    pool,
    `SELECT ${piece} AS "from", count(*) AS n, coalesce(sum(t._digest), 0)::text AS sum FROM ${plan.table} t WHERE ${where} GROUP BY 1`,
    values,
  );
  return rows.map((row) => toCounted({ ...row, type: plan.type.name }, 'stored'));
}

/** Records that are set aside or wait. Their time is what stands in the record. */
export async function countAside(
  pool: pg.Pool,
  feed: FeedKey,
  span: TimeSpan | null,
  per: Per,
): Promise<readonly Counted[]> {
  // One spelling of dates, wall clocks and UTC instants.
  const wall = `regexp_replace(replace(s.record ->> $4, 'T', ' '), '(Z|[+-]\\d\\d:\\d\\d)$', '')`;
  const time = `CASE WHEN length(${wall}) = 10 THEN ${wall} || ' 00:00:00' ELSE ${wall} END COLLATE "C"`;
  const piece =
    span === null || per === null
      ? 'NULL::text'
      : `left(${time}, ${per === 'hour' ? 13 : 10}) || '${per === 'hour' ? ':00:00' : ' 00:00:00'}'`;
  const within = span === null ? '' : ` AND ${time} >= $5 AND ${time} < $6`;
  const rows = await runStatement<Row>(
    pool,
    `SELECT s.type, ${piece} AS "from", count(*) AS n, coalesce(sum(s.digest), 0)::text AS sum FROM hub.set_aside s
     WHERE s.unit = $1 AND s.source = $2 AND s.object = $3${within} GROUP BY 1, 2`,
    [
      feed.unit,
      feed.source,
      feed.object,
      ...(span === null ? [] : [span.column, span.fromWall, span.toWall]),
    ],
  );
  return rows.map((row) => toCounted(row, 'aside'));
}

function toCounted({ type, from, n, sum }: Row, of: Counted['of']): Counted {
  return { type, of, from, count: Number(n), sum };
}
