import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { type DatabaseSystem, openDatabaseSystem } from '../database/database-system.ts';
import { toHydrology } from './simulation.ts';

const START = Date.parse('2026-04-05T00:00:00Z');

let folder: string;
let system: DatabaseSystem;

const open = () =>
  openDatabaseSystem(toHydrology(1), {
    folder,
    port: 56_200,
    days: 0.25,
    clock: { start: START, frozen: true, wall: () => START + 86_400_000 },
    log: () => undefined,
  });
const ask = async (url: string, statement: string, timeout = 5000) => {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: timeout,
    query_timeout: timeout,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(statement)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
};
const COUNT = 'select count(*)::int as n from st_river_r';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'one-network-hydrology-'));
  // Closed to others, root's PostgreSQL would live in a shared place instead.
  await chmod(folder, 0o755);
  system = await open();
});

afterAll(async () => {
  await system.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the hydrology system', () => {
  test('answers the hub through its front, and counts it', async () => {
    const [row] = await ask(system.url, COUNT);
    expect(row.n).toBeGreaterThan(1000);
    expect(new URL(system.url).port).toBe(String(system.port));
    expect(system.faultCounters().none.bytesToClient).toBeGreaterThan(0);
  });

  test('keeps the ledger from the hub', async () => {
    await expect(ask(system.url, 'select 1 from ledger.rain')).rejects.toThrow(/permission denied/);
    expect(await ask(system.adminUrl, 'select 1 as n from ledger.clock')).toEqual([{ n: 1 }]);
  });

  test('refuses connections when it is down, while its own clock goes on', async () => {
    await system.setFault('down');
    await expect(ask(system.url, COUNT)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await system.tick(START + 3_600_000);
    await system.setFault('none');
    expect(await ask(system.url, `select max(tm)::text as last from st_river_r`)).toEqual([
      { last: '2026-04-05 09:00:00' },
    ]);
  });

  test('says nothing when it hangs: the client’s own patience ends it', async () => {
    await system.setFault('hang');
    await expect(ask(system.url, COUNT, 100)).rejects.toThrow(/timeout/i);
    await system.setFault('none');
    const { connections, bytesFromClient, bytesToClient } = system.faultCounters().hang;
    expect(connections).toBe(1);
    expect(bytesFromClient).toBeGreaterThan(0);
    expect(bytesToClient).toBe(0);
  });

  test('speaks no PostgreSQL when it answers garbage', async () => {
    await system.setFault('garbage');
    await expect(ask(system.url, COUNT)).rejects.toThrow(/invalid/i);
    await system.setFault('none');
    expect(system.faultCounters().garbage.bytesToClient).toBeGreaterThan(0);
    expect(await ask(system.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  test('keeps its rows, its address and its password over a stop and a start', async () => {
    const { url } = system;
    const hash = `select md5(string_agg(r::text, '|' order by r::text)) as hash from st_river_r r`;
    const before = await ask(url, hash);
    await system.close();
    await expect(ask(url, COUNT)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    system = await open();
    expect(system.url).toBe(url);
    expect(await ask(url, hash)).toEqual(before);
  });
});
