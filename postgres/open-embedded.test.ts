import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { type EmbeddedPostgres, findEmbeddedPostgres, openEmbeddedPostgres } from './open-embedded.ts';
import { findFreePort } from './ports.ts';
import { isAlive } from './postmaster.ts';

let folder: string;
let running: EmbeddedPostgres[];

const open = async (port = 55_300) => {
  const server = await openEmbeddedPostgres({ folder, port, settings: { fsync: 'off' } });
  running.push(server);
  return server;
};

const ask = async (url: string, statement: string) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'one-network-embedded-'));
  // Closed to others, root's PostgreSQL would live in the shared place instead.
  await chmod(folder, 0o755);
  running = [];
});

afterEach(async () => {
  for (const server of running) await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the embedded PostgreSQL', () => {
  test('keeps its data over a stop and a start', async () => {
    const first = await open();
    await ask(first.url, 'create table kept as select 7 as n');
    await first.close();
    expect(await isAlive(first.pid)).toBe(false);
    const second = await open();
    expect(await ask(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
    expect(second.adopted).toBe(false);
  });

  test('is found by who only wants to speak to it, and only while it runs', async () => {
    expect(await findEmbeddedPostgres(join(folder, 'nowhere'))).toBeNull();
    const server = await open();
    expect(await findEmbeddedPostgres(folder)).toMatchObject({ port: server.port });
    expect(await ask(server.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await server.close();
    expect(await findEmbeddedPostgres(folder)).toBeNull();
  });

  test('takes the next free port when its own is in use', async () => {
    const port = (await findFreePort(55_400)) ?? 0;
    const stranger = createServer().listen(port, '127.0.0.1');
    await new Promise((resolve) => stranger.once('listening', resolve));
    const server = await open(port);
    expect(server.port).toBeGreaterThan(port);
    await new Promise((resolve) => stranger.close(resolve));
  });

  test('refuses a folder that another live process owns, and names that process', async () => {
    const other = spawn('sleep', ['60']);
    const stat = await readFile(`/proc/${other.pid}/stat`, 'utf8');
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    await writeFile(join(folder, 'owner.json'), JSON.stringify({ pid: other.pid, started }));
    await expect(open()).rejects.toMatchObject({
      reason: 'data',
      message: expect.stringContaining(`process ${other.pid}`),
    });
    other.kill('SIGKILL');
    await new Promise((resolve) => other.once('exit', resolve));
    expect((await open()).pid).toBeGreaterThan(0);
  });

  test('adopts the postmaster that a killed owner left behind', async () => {
    const left = await open();
    // What SIGKILL leaves: a live postmaster, and an owner file whose process is gone.
    await writeFile(join(folder, 'owner.json'), JSON.stringify({ pid: 2 ** 22 + 1, started: '1' }));
    const adopted = await open();
    expect(adopted).toMatchObject({ adopted: true, pid: left.pid, port: left.port });
  });

  test('starts after its postmaster was killed without warning', async () => {
    const killed = await open();
    await ask(killed.url, 'create table kept as select 1 as n');
    process.kill(killed.pid, 'SIGKILL');
    await killed.close();
    const again = await open();
    expect(await ask(again.url, 'select n from kept')).toEqual([{ n: 1 }]);
  });

  test('a half-made cluster of a killed first start is made anew', async () => {
    await mkdir(join(folder, 'postgres', 'cluster.draft'), { recursive: true });
    await writeFile(join(folder, 'postgres', 'cluster.draft', 'PG_VERSION'), '18\n');
    expect(await ask((await open()).url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  test('a cluster of another major version is refused with the fix', async () => {
    await (await open()).close();
    await writeFile(join(folder, 'postgres', 'cluster', 'PG_VERSION'), '12\n');
    await expect(open()).rejects.toMatchObject({
      reason: 'data',
      message: expect.stringContaining('HUB_DATA_DIR'),
    });
  });

  test('listens on the loopback address only, and only with its password', async () => {
    const server = await open();
    expect(await ask(server.url, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    const wrong = new URL(server.url);
    wrong.password = 'wrong';
    await expect(ask(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/);
  });
});
