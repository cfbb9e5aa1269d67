import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openChild } from './child.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-child-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const open = (script: string, signal = new AbortController().signal) =>
  openChild({
    name: 'worker',
    args: ['-e', script],
    environment: process.env,
    logFile: join(folder, 'worker.log'),
    signal,
    onMessage: () => undefined,
    onDeath: () => undefined,
  });
const READY = "process.send({ type: 'ready', name: 'worker' }); setInterval(() => undefined, 1000);";

describe('a process of the start', () => {
  test('that cannot start gives its own reason and code', async () => {
    const script =
      "process.send({ type: 'failed', code: 'HUB_QUEUE_UNREACHABLE', message: 'no answer' }, () => process.exit(1))";
    await expect(open(script)).rejects.toMatchObject({
      code: 'HUB_QUEUE_UNREACHABLE',
      message: expect.stringMatching(/^worker did not start: no answer \(log: .*worker\.log\)$/),
    });
  });

  test('that dies without a word is a fault of the hub', async () => {
    await expect(open('process.exit(3)')).rejects.toMatchObject({
      code: 'HUB_INTERNAL',
      message: expect.stringContaining('it ended with code 3'),
    });
  });

  test('that is still starting when the end comes is ended', async () => {
    const end = new AbortController();
    const opening = open('setInterval(() => undefined, 1000)', end.signal);
    end.abort();
    await expect(opening).rejects.toThrow('it ended with SIGTERM');
  });

  test('that is ready is left to be stopped in its turn', async () => {
    const end = new AbortController();
    const child = await open(`process.on('message', () => process.exit(0)); ${READY}`, end.signal);
    end.abort();
    expect(child.ready).toMatchObject({ name: 'worker' });
    await child.stop();
  });
});
