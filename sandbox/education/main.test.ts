import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

type Message = { type: string; secrets?: Record<string, string>; counters?: unknown };

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

let folder: string;
let child: ChildProcess;

const hear = async (type: string): Promise<Message> => {
  for (;;) {
    const [message] = (await once(child, 'message')) as [Message];
    if (message.type === type) return message;
  }
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'one-network-education-main-'));
  child = fork(MAIN, {
    execArgv: ['--import', 'tsx'],
    env: { PATH: process.env.PATH, SANDBOX_FOLDER: folder, SANDBOX_DAYS: '1' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
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
    const { secrets } = await hear('ready');
    expect(secrets).toMatchObject({ EDUCATION_OWNER_PHONE: '13900000002' });
    const upload = secrets?.EDUCATION_FOLDER ?? '';
    expect(upload.startsWith('file://')).toBe(true);
    expect(await readdir(fileURLToPath(upload))).toHaveLength(22);
    child.send({ type: 'fault', fault: 'down' });
    await hear('fault');
    await expect(readdir(fileURLToPath(upload))).rejects.toMatchObject({ code: 'ENOENT' });
    child.send({ type: 'counters' });
    expect((await hear('counters')).counters).toMatchObject({ down: { activations: 1 } });
    child.send({ type: 'stop' });
    expect((await once(child, 'exit'))[0]).toBe(0);
    expect(await readdir(fileURLToPath(upload))).toHaveLength(22);
  });
});
