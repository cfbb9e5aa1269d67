import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { forkSystem, hear } from '../process/forked.fixture.ts';

let folder: string;
let children: ChildProcess[];

const start = (environment: Record<string, string> = {}) => {
  const child = forkSystem('hydrology', {
    SANDBOX_FOLDER: folder,
    SANDBOX_PORT: '56300',
    SANDBOX_DAYS: '0',
    ...environment,
  });
  children.push(child);
  return child;
};
const ready = async (child: ChildProcess) => (await hear(child, 'ready')).secrets?.HYDROLOGY_URL ?? '';
const ended = (child: ChildProcess) =>
  child.exitCode === null && child.signalCode === null
    ? once(child, 'exit')
    : Promise.resolve([child.exitCode]);
const ask = async (url: string) => {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query('select count(*)::int as n from st_stbprp_b')).rows[0].n as number;
  } finally {
    await client.end().catch(() => undefined);
  }
};
/** The pid of the PostgreSQL in the folder; null once it has stopped in order. */
const postgresPid = async () => {
  const text = await readFile(join(folder, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').catch(
    () => null,
  );
  return text === null ? null : Number(text.split('\n')[0]);
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'one-network-hydrology-main-'));
  await chmod(folder, 0o755);
  children = [];
});

afterEach(async () => {
  // A start adopts what a killed process left; its stop takes PostgreSQL with it.
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(children.map(ended));
  if ((await postgresPid()) !== null) {
    const last = start();
    await ready(last);
    last.send({ type: 'stop' });
    await ended(last);
  }
  await rm(folder, { recursive: true, force: true });
});

describe('the hydrology process', () => {
  test('tells its parent the secrets, switches faults, and stops when told', async () => {
    const child = start();
    const { secrets } = await hear(child, 'ready');
    expect(secrets).toMatchObject({
      HYDROLOGY_OWNER_PHONE: '13900000000',
      // Where the hub is to listen: nobody does yet.
      HYDROLOGY_TELEMETRY_PORT: expect.stringMatching(/^57\d{3}$/),
      HYDROLOGY_RTU_PASSWORD: expect.stringMatching(/^[0-9A-F]{4}$/),
    });
    const url = secrets?.HYDROLOGY_URL ?? '';
    expect(await ask(url)).toBeGreaterThan(40);
    child.send({ type: 'fault', fault: 'down' });
    await hear(child, 'fault');
    await expect(ask(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    child.send({ type: 'counters' });
    expect((await hear(child, 'counters')).counters).toMatchObject({ down: { activations: 1 } });
    child.send({ type: 'fault', fault: 'flood' });
    expect((await hear(child, 'refused')).message).toMatch(/but got: fault flood/);
    child.send({ type: 'fault', fault: 'none' });
    await hear(child, 'fault');
    expect(await ask(url)).toBeGreaterThan(40);
    // Ctrl-C reaches the whole group; with a parent connected that is the parent's business.
    child.kill('SIGINT');
    expect(await ask(url)).toBeGreaterThan(40);
    child.send({ type: 'stop' });
    expect((await ended(child))[0]).toBe(0);
    expect(await postgresPid()).toBeNull();
  });

  test('stops with its PostgreSQL when its parent is gone, also in the middle of its start', async () => {
    const child = start();
    child.disconnect();
    expect((await ended(child))[0]).toBe(0);
    expect(await postgresPid()).toBeNull();
  });

  test('stops on SIGTERM', async () => {
    const child = start();
    await ready(child);
    child.kill('SIGTERM');
    expect((await ended(child))[0]).toBe(0);
    expect(await postgresPid()).toBeNull();
  });

  test('starts again on what SIGKILL left behind, at the same address', async () => {
    const killed = start();
    const { secrets } = await hear(killed, 'ready');
    const left = await postgresPid();
    killed.kill('SIGKILL');
    await ended(killed);
    // The hub listens where it was told to: the port is then in use, and the stations must find it there all the same.
    const url = secrets?.HYDROLOGY_URL ?? '';
    const hub = createServer().listen(Number(secrets?.HYDROLOGY_TELEMETRY_PORT), '127.0.0.1');
    await once(hub, 'listening');
    const next = start();
    expect((await hear(next, 'ready')).secrets).toEqual(secrets);
    hub.close();
    expect(await postgresPid()).toBe(left);
    expect(await ask(url)).toBeGreaterThan(40);
  });

  test('says what is wrong with its environment and ends', async () => {
    const child = start({ SANDBOX_SEED: 'x' });
    const failed = await hear(child, 'ready').catch((error: Error) => error.message);
    expect(failed).toMatch(/SANDBOX_SEED must be a whole number/);
    expect((await ended(child))[0]).toBe(1);
  });
});
