import type { ChildProcess } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { forkSystem, hear } from '../process/forked.fixture.ts';

let folder: string;
let child: ChildProcess;
let listener: Socket;

const start = () => {
  child = forkSystem('maritime', { SANDBOX_FOLDER: folder, SANDBOX_DAYS: '1', SANDBOX_PORT: '56570' });
  return child;
};
const end = async () => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
};
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'one-network-maritime-main-'));
  listener = createSocket('udp4');
  start();
});
afterEach(async () => {
  await end();
  await new Promise<void>((resolve) => listener.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

describe('the maritime process', () => {
  test('tells its parent where to listen, sends by itself, chooses the same port when it is started again, and stops when told', async () => {
    const { secrets } = await hear(child, 'ready');
    expect(Object.keys(secrets ?? {})).toEqual([
      'MARITIME_AIS_PORT',
      'MARITIME_FOLDER',
      'MARITIME_OWNER_PHONE',
    ]);
    const port = Number(secrets?.MARITIME_AIS_PORT);
    const lists = fileURLToPath(secrets?.MARITIME_FOLDER ?? '');
    expect(await readdir(lists)).toHaveLength(2);
    await new Promise<void>((resolve) => listener.bind(port, resolve));
    expect(String((await once(listener, 'message'))[0])).toMatch(/^!AIVDM,/);
    await end();
    // The port is taken now, by whoever listens to it.
    expect((await hear(start(), 'ready')).secrets).toEqual(secrets);
    expect(String((await once(listener, 'message'))[0])).toMatch(/^!AIVDM,/);
    child.send({ type: 'fault', fault: 'down' });
    await hear(child, 'fault');
    await expect(readdir(lists)).rejects.toMatchObject({ code: 'ENOENT' });
    child.send({ type: 'stop' });
    expect((await once(child, 'exit'))[0]).toBe(0);
    expect(await readdir(lists)).toHaveLength(2);
  });
});
