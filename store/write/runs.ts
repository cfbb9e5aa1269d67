// The run table: one row a run, with what it counted and how it ended; and the state of each type that its questions and
// its freshness are answered from.
import type pg from 'pg';
import { ERRORS, HubError } from '../../schema/errors.ts';
import { runStatement } from '../connect/transaction.ts';
import type { FeedMark, Lease, Run, RunCounts, RunReason, RunTask } from '../contract.ts';
import { toFeedMatch, toFeedValues, toLost } from './lease.ts';

/** Begins a run and ends what a dead worker left running. Throws HUB_SYNC_LEASE_LOST. */
export async function insertRun(
  pool: pg.Pool,
  lease: Lease,
  types: readonly string[],
  options: {
    readonly reason: RunReason;
    readonly now: string;
    readonly manifest: string;
    readonly task: RunTask;
  },
): Promise<Run> {
  const rows = await runStatement<{ id: string }>(
    pool,
    `WITH held AS (
       SELECT 1 FROM hub.feed WHERE ${toFeedMatch(1)} AND lease_token = $5 FOR UPDATE
     ), abandoned AS (
       UPDATE hub.run SET state = 'FAILED', ended_at = $6, error_code = 'HUB_SYNC_LEASE_LOST',
         error_message = 'the worker of this run went away'
       WHERE ${toFeedMatch(1)} AND state = 'RUNNING' AND EXISTS (SELECT FROM held)
     ), locked AS MATERIALIZED (
       SELECT unit, type FROM hub.type_state WHERE unit = $1 AND type = ANY($7::text[]) AND EXISTS (SELECT FROM held)
       ORDER BY type FOR UPDATE
     ), attempt AS (
       UPDATE hub.type_state t SET last_attempt_at = $6 FROM locked l WHERE t.unit = l.unit AND t.type = l.type
     )
     INSERT INTO hub.run (unit, source, object, strategy, lease_token, reason, state, started_at, manifest, watermark, task)
     SELECT $1, $2, $3, $4, $5, $8, 'RUNNING', $6, $9, $10, $11 FROM held RETURNING id`,
    [
      ...toFeedValues(lease.feed),
      lease.token,
      options.now,
      types,
      options.reason,
      options.manifest,
      lease.mark.watermark,
      options.task,
    ],
  );
  const [row] = rows;
  if (row === undefined) throw toLost(lease.feed);
  return { id: row.id, lease, startedAt: options.now, task: options.task };
}

export async function noteRun(pool: pg.Pool, { id }: Run, note: string): Promise<void> {
  await runStatement(pool, `UPDATE hub.run SET note = concat_ws('; ', note, $2::text) WHERE id = $1`, [
    id,
    note,
  ]);
}

/** Ends a run and answers what it counted in all; null when it had ended before. */
export async function endRun(
  client: pg.PoolClient,
  run: Run,
  end: { readonly state: 'SUCCEEDED' | 'FAILED' | 'STOPPED'; readonly now: string; readonly error?: Error },
  mark: FeedMark | null,
): Promise<RunCounts | null> {
  const error = end.error === undefined ? null : toPrintableError(end.error);
  const { rows } = await client.query<{ [column: string]: string }>(
    `UPDATE hub.run SET state = $2, ended_at = $3, error_code = $4, error_message = $5, watermark = coalesce($6, watermark)
     WHERE id = $1 AND state = 'RUNNING'
     RETURNING read, written, unchanged, deleted, set_aside, waiting, not_ours, faulty`,
    [run.id, end.state, end.now, error?.code ?? null, error?.message ?? null, mark?.watermark ?? null],
  );
  const [row] = rows;
  return row === undefined ? null : toCounts(row);
}

export async function readCounts(client: pg.PoolClient, run: Run): Promise<RunCounts> {
  const { rows } = await client.query<{ [column: string]: string }>(
    'SELECT read, written, unchanged, deleted, set_aside, waiting, not_ours, faulty FROM hub.run WHERE id = $1',
    [run.id],
  );
  return toCounts(rows[0] ?? {});
}

function toCounts(row: { readonly [column: string]: string }): RunCounts {
  return {
    read: Number(row.read ?? 0),
    written: Number(row.written ?? 0),
    unchanged: Number(row.unchanged ?? 0),
    deleted: Number(row.deleted ?? 0),
    setAside: Number(row.set_aside ?? 0),
    waiting: Number(row.waiting ?? 0),
    notOurs: Number(row.not_ours ?? 0),
    faulty: Number(row.faulty ?? 0),
  };
}

// Messages of HubErrors hold no value of a record; those of other errors may.
export function toPrintableError(error: Error): {
  readonly code: keyof typeof ERRORS;
  readonly message: string;
} {
  if (error instanceof HubError) return { code: error.code, message: error.message };
  return { code: 'HUB_INTERNAL', message: ERRORS.HUB_INTERNAL.meaning };
}
