// Secrets as files, over a real folder.
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseConfig } from './config.ts';
import { readSecretFile } from './secret-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-secrets-'));
});
afterAll(() => rm(folder, { recursive: true }));

const write = async (name: string, text: string, mode = 0o600) => {
  await writeFile(join(folder, name), text);
  await chmod(join(folder, name), mode);
};

describe('a secret that comes as a file', () => {
  test('is read each time, without the line break at its end, and the environment goes before it', async () => {
    const { secret } = parseConfig({ HUB_SECRETS_DIR: folder, TIDE_URL: 'of the environment' });
    expect(secret('TIDE_KEY')).toBeUndefined();
    await write('TIDE_KEY', 'first\n');
    await write('TIDE_URL', 'of the file');
    expect([secret('TIDE_KEY'), secret('TIDE_URL')]).toEqual(['first', 'of the environment']);
    await write('TIDE_KEY', 'second');
    expect(secret('TIDE_KEY')).toBe('second');
  });

  test('may be a link and readable for all, as Kubernetes gives it', async () => {
    await mkdir(join(folder, '..data'));
    await writeFile(join(folder, '..data', 'TIDE_TOKEN'), 'token', { mode: 0o644 });
    await symlink(join('..data', 'TIDE_TOKEN'), join(folder, 'TIDE_TOKEN'));
    expect(readSecretFile(folder, 'TIDE_TOKEN')).toBe('token');
  });

  test('is refused where others than its owner may change it, without showing it', async () => {
    await write('TIDE_OPEN', 'hunter2', 0o666);
    const read = () => readSecretFile(folder, 'TIDE_OPEN');
    expect(read).toThrow(/TIDE_OPEN may be changed by others than its owner/);
    expect(read).not.toThrow(/hunter2/);
    await write('TIDE_OPEN', 'hunter2', 0o600);
    await chmod(folder, 0o777);
    expect(read).toThrow(/chmod go-w/);
    await chmod(folder, 0o1777);
    expect(read()).toBe('hunter2');
    await chmod(folder, 0o700);
  });

  test('is looked for by names of secrets only: none leads out of the folder', () => {
    for (const name of ['../etc/passwd', 'tide', '..data/TIDE_TOKEN', 'TIDE_NONE', ''])
      expect(readSecretFile(folder, name)).toBeUndefined();
  });
});
