import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../test/support/eventually.ts';
import { keepRunning, type Revival } from './keep-running.ts';
import { type EmbeddedPostgres, openEmbeddedPostgres } from './open-embedded.ts';
import { isAlive } from './postmaster.ts';

let folder: string;
let server: EmbeddedPostgres;
let told: Revival[];
let kept: { close(): Promise<void> } | undefined;

const open = (port: number) => openEmbeddedPostgres({ folder, port, settings: { fsync: 'off' } });
const keep = () => {
  kept = keepRunning({ server, reopen: open, onRevival: (revival) => told.push(revival), everyMs: 20 });
};

const ask = async (url: string) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query('select 7 as n');
  await client.end();
  return rows;
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'one-network-keep-'));
  // Closed to others, root's PostgreSQL would live in the shared place instead.
  await chmod(folder, 0o755);
  server = await open(55_600);
  told = [];
  kept = undefined;
});
afterEach(async () => {
  await (kept ?? server).close();
  await rm(folder, { recursive: true, force: true });
});

describe('a PostgreSQL that is kept running', () => {
  test('is started again under the same URL when it was killed, and stopped at the end', async () => {
    keep();
    process.kill(server.pid, 'SIGKILL');
    await eventually(() => told.length === 1);
    expect(told).toEqual([{ revived: true }]);
    expect(await ask(server.url)).toEqual([{ n: 7 }]);
    await kept?.close();
    await expect(ask(server.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('tells once why it cannot be, and runs when it can be', async () => {
    process.kill(server.pid, 'SIGKILL');
    await eventually(async () => !(await isAlive(server.pid)));
    const stranger = createServer();
    await new Promise<void>((resolve) => stranger.listen(server.port, '127.0.0.1', resolve));
    keep();
    const reason = `port ${server.port} is taken by another process`;
    await eventually(() => told.length === 1);
    await new Promise((resolve) => stranger.close(resolve));
    await eventually(() => told.length === 2);
    expect(told).toEqual([{ revived: false, reason }, { revived: true }]);
  });
});
