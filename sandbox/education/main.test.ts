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
  folder = await mkdtemp(join(tmpdir(), 'one-network-education-main-'));
  child = forkSystem('education', { SANDBOX_FOLDER: folder, SANDBOX_DAYS: '1' });
});

afterEach(async () => {
  if (child.exitCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

describe('the education process', () => {
  test('tells its parent its folder, switches faults, and stops when told', async () => {
    const { secrets } = await hear(child, 'ready');
    expect(secrets).toMatchObject({ EDUCATION_OWNER_PHONE: '13900000002' });
    const upload = secrets?.EDUCATION_FOLDER ?? '';
    expect(upload.startsWith('file://')).toBe(true);
    expect(await readdir(fileURLToPath(upload))).toHaveLength(22);
    child.send({ type: 'fault', fault: 'down' });
    await hear(child, 'fault');
    await expect(readdir(fileURLToPath(upload))).rejects.toMatchObject({ code: 'ENOENT' });
    child.send({ type: 'counters' });
    expect((await hear(child, 'counters')).counters).toMatchObject({ down: { activations: 1 } });
    child.send({ type: 'stop' });
    expect((await once(child, 'exit'))[0]).toBe(0);
    expect(await readdir(fileURLToPath(upload))).toHaveLength(22);
  });
});
