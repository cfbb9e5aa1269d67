// What `hub start` says when it cannot begin: one coded line with the fix, no stack, no secret.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const HUB = fileURLToPath(new URL('../hub.ts', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-start-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function run(environment: Record<string, string>): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH, ...environment };
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', HUB, 'start'],
      { env },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? 1, out: stdout + stderr }),
    );
  });
}

test('a data folder that cannot be made is named, with the variable to change', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  const { code, out } = await run({ HUB_DATA_DIR: file });
  expect(code).toBe(1);
  expect(out).toContain(
    `HUB_CONFIG_INVALID  数据目录不可用 The data folder ${file} cannot be used (ENOTDIR)`,
  );
  expect(out).not.toMatch(/\n\s+at /);
});

test('a PostgreSQL that does not answer is told before anything else is started, without its password', async () => {
  const { code, out } = await run({
    HUB_DATA_DIR: folder,
    HUB_DATABASE_URL: 'postgres://hub:hunter2@127.0.0.1:1/hub',
  });
  expect(code).toBe(1);
  expect(out).toContain('HUB_STORE_UNREACHABLE  the store does not answer (ECONNREFUSED)');
  expect(out).not.toContain('hunter2');
  expect(await readdir(folder)).toEqual(['log']);
});
