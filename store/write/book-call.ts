// The pace of a source over all processes: one line a source says when its allowance is whole again, and each call moves that
// time on (the generic cell rate algorithm). The server's clock counts: it is the one that all processes share.
import type pg from 'pg';
import type { CallPace } from '../../connectors/kit/contract.ts';
import { runStatement } from '../connect/transaction.ts';

/** Milliseconds until the call may go out; null when that is longer than its patience, and nothing is booked. */
export async function bookCall(
  pool: pg.Pool,
  unit: string,
  source: string,
  { burst, everyMs, patienceMs }: CallPace,
): Promise<number | null> {
  const [row] = await runStatement<{ wait: number }>(pool, BOOK, [unit, source, everyMs, burst, patienceMs]);
  return row?.wait ?? null;
}

const AFTER = "greatest(p.full_at, clock_timestamp()) + $3::float8 * interval '1 millisecond'";
const BURST = "$4::float8 * $3::float8 * interval '1 millisecond'";

const BOOK = `INSERT INTO hub.pace AS p (unit, source, full_at)
  VALUES ($1, $2, clock_timestamp() + $3::float8 * interval '1 millisecond')
  ON CONFLICT (unit, source) DO UPDATE SET full_at = ${AFTER}
  WHERE ${AFTER} - ${BURST} <= clock_timestamp() + $5::float8 * interval '1 millisecond'
  RETURNING greatest(0, extract(epoch FROM p.full_at - ${BURST} - clock_timestamp()) * 1000)::float8 AS wait`;
