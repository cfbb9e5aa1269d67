import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { moveFile, writeWhole } from './move-file.ts';

const made: string[] = [];
const makeFolder = async (parent: string) => {
  const path = await mkdtemp(join(parent, 'hub-move-'));
  made.push(path);
  return path;
};
afterEach(async () => {
  await Promise.all(made.splice(0).map((path) => rm(path, { recursive: true })));
});

const SHARED = '/dev/shm';
const isOtherDisk = await Promise.all([stat(tmpdir()), stat(SHARED)]).then(
  ([one, other]) => one.dev !== other.dev,
  () => false,
);

test('a file moves under its new name', async () => {
  const folder = await makeFolder(tmpdir());
  await writeFile(join(folder, 'a'), '道县');
  await moveFile(join(folder, 'a'), join(folder, 'b'));
  expect(await readdir(folder)).toEqual(['b']);
  expect(await readFile(join(folder, 'b'), 'utf8')).toBe('道县');
});

(isOtherDisk ? test : test.skip)(
  'to another disk it is copied whole, and no part of it stays behind',
  async () => {
    const [from, to] = [await makeFolder(tmpdir()), await makeFolder(SHARED)];
    await writeFile(join(from, 'a'), '道县');
    await moveFile(join(from, 'a'), join(to, 'a'));
    expect([await readdir(from), await readdir(to)]).toEqual([[], ['a']]);
    expect(await readFile(join(to, 'a'), 'utf8')).toBe('道县');
  },
);

test('a text is written whole, over what stood there', async () => {
  const folder = await makeFolder(tmpdir());
  await writeWhole(join(folder, 'a.json'), '1');
  await writeWhole(join(folder, 'a.json'), '2');
  expect(await readdir(folder)).toEqual(['a.json']);
  expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe('2');
});
