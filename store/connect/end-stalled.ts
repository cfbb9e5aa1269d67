// What idle_in_transaction_session_timeout does not see: a process that hangs in the middle of a COPY, or while it reads an
// answer, waits inside a statement, and PostgreSQL lets it wait with all its locks (and lets no database be dropped
// meanwhile). Any other process of the hub ends it.
import type pg from 'pg';

/** Of this hub's writers: statements that have waited for their client for longer than $2 milliseconds. */
const END_STALLED = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND usename = current_user AND application_name = $1
    AND state = 'active' AND wait_event IN ('ClientRead', 'ClientWrite')
    AND query_start < clock_timestamp() - $2 * interval '1 millisecond'`;

export type EndStalled = { readonly writers: string; readonly stalledMs: number };

/** Looks every `stalledMs` until the answer is called; keeps no process alive. A look that fails is followed by the next. */
export function keepEndingStalled(pool: pg.Pool, { writers, stalledMs }: EndStalled): () => void {
  const timer = setInterval(() => {
    pool.query(END_STALLED, [writers, stalledMs]).catch(() => undefined);
  }, stalledMs);
  timer.unref();
  return () => clearInterval(timer);
}
