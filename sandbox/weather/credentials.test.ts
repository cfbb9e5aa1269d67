import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openCredentials } from './credentials.ts';

let folder: string;
const file = () => join(folder, 'city', 'weather-credentials.json');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'one-network-weather-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the credentials of the weather bureau', () => {
  test('are made once, kept, and readable by nobody else', async () => {
    const made = await openCredentials(join(folder, 'city'));
    expect(made.musicPassword.length).toBeGreaterThan(20);
    expect(made.capKey).not.toBe(made.musicPassword);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect(await openCredentials(join(folder, 'city'))).toEqual(made);
  });

  test.each(['', 'null', '{"musicUser":"x"}'])('are refused with the file when it holds %p', async (text) => {
    await openCredentials(join(folder, 'city'));
    await writeFile(file(), text);
    await expect(openCredentials(join(folder, 'city'))).rejects.toThrow(/weather-credentials.json must hold/);
  });
});
