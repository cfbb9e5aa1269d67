import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openKeptSecrets } from './kept-secrets.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'one-network-secrets-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the secrets of a system', () => {
  test('are made once, for their owner alone, and stay the same', async () => {
    const made = await openKeptSecrets(join(folder, 'new'), 'tide', ['user', 'password']);
    expect(made.user).not.toBe(made.password);
    expect(await openKeptSecrets(join(folder, 'new'), 'tide', ['user', 'password'])).toEqual(made);
    expect((await stat(join(folder, 'new', 'tide-credentials.json'))).mode & 0o777).toBe(0o600);
  });

  test.each(['no json', '{"user":"a"}', 'null'])('are refused where the file holds %s', async (text) => {
    await writeFile(join(folder, 'tide-credentials.json'), text);
    await expect(openKeptSecrets(folder, 'tide', ['user', 'password'])).rejects.toThrow(
      'must hold user, password',
    );
  });
});
