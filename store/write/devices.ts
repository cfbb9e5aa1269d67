// How the hub stands with the senders of a source that is listened to (hub.device): one line a device, written down from time to
// time by whoever listens. No data of a department, and no page waits for it.
import type pg from 'pg';
import { runStatement } from '../connect/transaction.ts';
import type { DeviceUpdate } from '../contract.ts';

export async function noteDevices(
  pool: pg.Pool,
  unit: string,
  source: string,
  updates: readonly DeviceUpdate[],
): Promise<void> {
  if (updates.length === 0) return;
  const columns = COLUMNS.map(([name]) => updates.map((update) => update[name]));
  await runStatement(pool, NOTE, [unit, source, ...columns]);
}

/** Whoever listened may have died without a word: what it had connected is not connected. */
export async function leaveDevices(pool: pg.Pool, unit: string, source: string, now: string): Promise<void> {
  await runStatement(
    pool,
    `UPDATE hub.device SET connected = false, disconnected_at = $3, reason = 'the hub stopped listening'
      WHERE unit = $1 AND source = $2 AND connected`,
    [unit, source, now],
  );
}

/** A device that was not heard for so long is no device of the city any more. */
const FORGOTTEN_AFTER = '90 days';

export async function forgetDevices(pool: pg.Pool, now: string): Promise<void> {
  await runStatement(
    pool,
    `DELETE FROM hub.device WHERE NOT connected
      AND greatest(heard_at, connected_at, disconnected_at) < $1::timestamptz - interval '${FORGOTTEN_AFTER}'`,
    [now],
  );
}

const COLUMNS = [
  ['device', 'device', 'text'],
  ['peer', 'peer', 'text'],
  ['connected', 'connected', 'boolean'],
  ['connectedAt', 'connected_at', 'timestamptz'],
  ['heardAt', 'heard_at', 'timestamptz'],
  ['disconnectedAt', 'disconnected_at', 'timestamptz'],
  ['frames', 'frames', 'bigint'],
  ['refused', 'refused', 'bigint'],
  ['reason', 'reason', 'text'],
] as const;

const NAMES = COLUMNS.map(([, column]) => column);

// In one order everywhere, so that two who write down the same devices cannot wait for each other.
const NOTE = `INSERT INTO hub.device AS d (unit, source, ${NAMES.join(', ')})
  SELECT $1, $2, u.* FROM unnest(${COLUMNS.map(([, , kind], index) => `$${index + 3}::${kind}[]`).join(', ')}) AS u(${NAMES.join(', ')})
  ORDER BY u.device
  ON CONFLICT (unit, source, device) DO UPDATE SET
    connected = excluded.connected,
    heard_at = greatest(excluded.heard_at, d.heard_at),
    frames = d.frames + excluded.frames,
    refused = d.refused + excluded.refused,
    peer = coalesce(excluded.peer, d.peer),
    connected_at = coalesce(excluded.connected_at, d.connected_at),
    disconnected_at = coalesce(excluded.disconnected_at, d.disconnected_at),
    reason = coalesce(excluded.reason, d.reason)`;
