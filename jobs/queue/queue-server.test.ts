// The queue and the server behind it: one that is not there, and how many connections it is asked for.
import { describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { openTestDatabase } from '../../test/support/database.ts';
import { eventually } from '../../test/support/eventually.ts';
import type { Log } from '../log.ts';
import { openQueue } from './open-queue.ts';

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('the queue and its server', () => {
  test.each([
    { kind: 'postgres', url: 'postgres://hub:s3cret@127.0.0.1:1/hub' },
    { kind: 'redis', url: 'redis://:s3cret@127.0.0.1:1/0' },
  ] as const)('a $kind server that is not there is a coded error without the password', async (address) => {
    const error = await openQueue(address, { log: SILENT, deadlineMs: 800 }).catch((fault: unknown) => fault);
    expect(error).toMatchObject({ code: 'HUB_QUEUE_UNREACHABLE', recovery: 'retry' });
    expect(String(error)).toContain('127.0.0.1:1');
    expect(String(error)).not.toContain('s3cret');
  });

  test('fourteen units on PostgreSQL share one bounded pool of connections', async () => {
    const database = await openTestDatabase();
    const address = { kind: 'postgres', url: database.url } as const;
    const queue = await openQueue(address, { log: SILENT, connections: 20 });
    const units = Array.from({ length: 14 }, (_, index) => `unit${index}`);
    let runs = 0;
    for (const unit of units) await queue.work(unit, { concurrency: 2, handler: async () => void runs++ });
    await Promise.all(
      units.flatMap((unit) => [1, 2, 3].map((n) => queue.enqueue(unit, `feed${n}`, 'first'))),
    );
    await eventually(() => runs === 42, { what: 'all 42 runs' });
    expect(await countConnections(database.url)).toBeGreaterThan(14);
    expect(await countConnections(database.url)).toBeLessThanOrEqual(20);
    await queue.close({ graceMs: 5000 });
    expect(await countConnections(database.url)).toBe(0);
    await database.close();
  });
});

async function countConnections(url: string): Promise<number | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ open: number }>(
    `select count(*)::int as open from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`,
  );
  await client.end();
  return rows[0]?.open;
}
