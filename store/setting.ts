// Values that all processes of one store share, made by whichever comes first.
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { HubError } from '../schema/errors.ts';
import { runStatement } from './connect/transaction.ts';

const KEY_BYTES = 32;

/** The stored value, or a new random one of 64 hexadecimal characters. */
export async function openSetting(pool: pg.Pool, name: 'cursor-key'): Promise<string> {
  await runStatement(pool, 'INSERT INTO hub.setting (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    name,
    randomBytes(KEY_BYTES).toString('hex'),
  ]);
  const rows = await runStatement<{ value: string }>(pool, 'SELECT value FROM hub.setting WHERE name = $1', [
    name,
  ]);
  const [row] = rows;
  if (row === undefined)
    throw new HubError('HUB_INTERNAL', `setting ${name} was taken away while it was read`);
  return row.value;
}
