import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { forkSystem, hear } from '../process/forked.fixture.ts';

let folder: string;
let child: ChildProcess;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'one-network-forestry-main-'));
  child = forkSystem('forestry', { SANDBOX_FOLDER: folder, SANDBOX_DAYS: '1' });
});

afterEach(async () => {
  if (child.exitCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

describe('the forestry process', () => {
  test('tells its parent the folders, switches faults, and stops when told', async () => {
    const { secrets } = await hear(child, 'ready');
    expect(secrets).toMatchObject({ FORESTRY_OWNER_PHONE: '13900000001' });
    const firms = secrets?.FORESTRY_FIRMS_FOLDER ?? '';
    const drop = secrets?.FORESTRY_DROP_FOLDER ?? '';
    expect([firms, drop].every((url) => url.startsWith('file://'))).toBe(true);
    expect((await readdir(fileURLToPath(firms))).length).toBeGreaterThan(3);
    expect((await readdir(fileURLToPath(drop))).length).toBeGreaterThan(2);
    child.send({ type: 'fault', fault: 'down' });
    await hear(child, 'fault');
    await expect(readdir(fileURLToPath(firms))).rejects.toMatchObject({ code: 'ENOENT' });
    child.send({ type: 'counters' });
    expect((await hear(child, 'counters')).counters).toMatchObject({ down: { activations: 1 } });
    child.send({ type: 'stop' });
    expect((await once(child, 'exit'))[0]).toBe(0);
    expect((await readdir(fileURLToPath(firms))).length).toBeGreaterThan(3);
  });
});
