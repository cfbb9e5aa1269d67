// hub.unit and hub.process: the units that take part, and what each process has made of them. Times of processes are the
// database's own: the clocks of several machines differ.
import type pg from 'pg';
import { inTransaction, runStatement } from '../connect/transaction.ts';
import {
  LIVE_MS,
  type ProcessState,
  type RegisteredUnit,
  type RegistryStore,
  type UnitEntry,
} from './contract.ts';

export function openRegistry(pool: pg.Pool): RegistryStore {
  return {
    generation: () => readGeneration(pool),
    read: async () => {
      const rows = await runStatement<RegisteredUnit & { generation: number }>(pool, UNITS);
      const generation = Math.max(0, ...rows.map((row) => row.generation));
      return { generation, units: rows.map(({ generation: _its, ...unit }) => unit) };
    },
    write: (entries, { expected, now }) =>
      inTransaction(pool, async (client) => {
        // Readers go on; a second writer waits here and finds that it was not the first.
        await client.query('LOCK TABLE hub.unit IN SHARE ROW EXCLUSIVE MODE');
        if ((await readGeneration(client)) !== expected) return null;
        for (const entry of entries) await writeEntry(client, entry, expected + 1, now);
        return expected + 1;
      }),
    report: async ({ id, role, generation, units, refused }) => {
      await runStatement(pool, REPORT, [id, role, generation, JSON.stringify(units), refused]);
    },
    processes: () => runStatement<ProcessState>(pool, LIVING, [LIVE_MS]),
    leave: async (id) => {
      await runStatement(pool, 'DELETE FROM hub.process WHERE id = $1', [id]);
    },
  };
}

async function readGeneration(pool: pg.Pool | pg.PoolClient): Promise<number> {
  const [row] = await runStatement<{ generation: number }>(pool, GENERATION);
  return row?.generation ?? 0;
}

async function writeEntry(
  client: pg.PoolClient,
  { unit, manifest, hash, state, origin, by }: UnitEntry,
  generation: number,
  now: string,
): Promise<void> {
  await client.query(
    `INSERT INTO hub.unit AS u (unit, manifest, hash, state, origin, version, generation, registered_at, registered_by)
     VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8)
     ON CONFLICT (unit) DO UPDATE SET manifest = excluded.manifest, hash = excluded.hash, state = excluded.state,
       origin = excluded.origin, version = u.version + 1, generation = excluded.generation,
       registered_at = excluded.registered_at, registered_by = excluded.registered_by`,
    [unit, manifest, hash, state, origin, generation, now, by],
  );
}

const GENERATION = 'SELECT coalesce(max(generation), 0)::float8 AS generation FROM hub.unit';

const UNITS = `SELECT unit, manifest, hash, state, origin, version::float8 AS version, generation::float8 AS generation,
    to_char(registered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, registered_by AS by
  FROM hub.unit ORDER BY unit`;

// Who was killed has not said goodbye: its row goes with a later sign of life of any other.
const REPORT = `WITH gone AS (DELETE FROM hub.process WHERE seen_at < clock_timestamp() - interval '1 hour' AND id <> $1)
  INSERT INTO hub.process AS p (id, role, generation, units, refused, seen_at) VALUES ($1, $2, $3, $4::jsonb, $5, clock_timestamp())
  ON CONFLICT (id) DO UPDATE SET generation = excluded.generation, units = excluded.units, refused = excluded.refused,
    seen_at = excluded.seen_at`;

const LIVING = `SELECT id, role, generation::float8 AS generation, units, refused FROM hub.process
  WHERE seen_at > clock_timestamp() - $1 * interval '1 millisecond' ORDER BY role, id`;
