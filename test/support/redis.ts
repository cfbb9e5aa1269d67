// A Redis of the test's own: its process, its port, its folder. Only where a redis-server binary exists.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findAnyPort } from '../../postgres/ports.ts';

export type TestRedis = {
  readonly url: string;
  /** Ends the process and removes its folder. */
  close(): Promise<void>;
};

/** True where `redis-server` can be started. */
export function hasRedis(): boolean {
  return spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Starts a Redis that keeps nothing on disk, on a free port of 127.0.0.1. */
export async function openTestRedis(port?: number): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-redis-'));
  const chosen = port ?? (await findAnyPort());
  const options = [
    '--port',
    String(chosen),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  // BullMQ warns about any other policy: a queue must never lose keys to memory pressure.
  const child = spawn('redis-server', [...options, '--maxmemory-policy', 'noeviction'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await untilReady(child);
  return {
    url: `redis://127.0.0.1:${chosen}/0`,
    close: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        await exited;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`redis-server ended at once: ${log.slice(-500)}`)));
    child.stdout?.on('data', (bytes: Buffer) => {
      log += bytes.toString();
      if (log.includes('Ready to accept connections')) resolve();
    });
  });
}
