import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { forgetSandboxSecrets, keepSandboxSecrets, readSandboxSecrets } from './sandbox-secrets.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-secrets-'));
  file = join(folder, 'sandbox-secrets.json');
});
afterEach(() => rm(folder, { recursive: true }));

describe('the secrets of the sandbox city', () => {
  test('lie in the data folder for their owner alone, until they are forgotten', async () => {
    await keepSandboxSecrets(folder, { TIDE_URL: 'postgres://a:b@127.0.0.1:1/x' });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readSandboxSecrets(folder)).toEqual({ TIDE_URL: 'postgres://a:b@127.0.0.1:1/x' });
    await forgetSandboxSecrets(folder);
    await forgetSandboxSecrets(folder);
    expect([await readdir(folder), await readSandboxSecrets(folder)]).toEqual([[], {}]);
  });

  test('take the place of what a killed start has left, whoever could read that', async () => {
    await writeFile(file, 'half', { mode: 0o644 });
    expect(await readSandboxSecrets(folder)).toEqual({});
    await keepSandboxSecrets(folder, { TIDE_URL: 'new' });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readSandboxSecrets(folder)).toEqual({ TIDE_URL: 'new' });
  });
});
