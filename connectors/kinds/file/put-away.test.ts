// Putting away at the worst moments: other content comes under the name of what is put away, and names as long as they can be.
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { wallClock } from '../../kit/resilience/clock.ts';
import { type FileEntry, openFolder } from './folder.ts';
import { openPutAway, type PutAway } from './put-away.ts';

const MONTH = '2026-04';
const REASON = { code: 'HUB_SOURCE_FORMAT', message: 'line 3', zh: '文件格式有误' };

let folder: string;
let putAway: PutAway;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-away-'));
  putAway = openPutAway(folder, { unit: 'forestry', source: 'drop' });
});
afterEach(() => rm(folder, { recursive: true }));

const toSha = (text: string) => createHash('sha256').update(text).digest('hex');
async function write(name: string, text: string): Promise<FileEntry> {
  await writeFile(join(folder, name), text);
  const entry = await openFolder(folder, 0, wallClock).find(name);
  if (entry === null) throw new Error(`${name} must be there`);
  return entry;
}
const lying = async () =>
  (await readdir(folder, { withFileTypes: true })).filter((each) => each.isFile()).map(({ name }) => name);

test('content that took the name at the last moment goes back, to be read', async () => {
  const entry = await write('a.csv', 'id\n1\n');
  await write('a.csv', 'id\n1\n2\n');
  await putAway.archive(entry, toSha('id\n1\n'), MONTH);
  expect(await readFile(join(folder, 'a.csv'), 'utf8')).toBe('id\n1\n2\n');
  expect(await readdir(join(folder, 'archive', MONTH))).toEqual([]);
});

test('it is not deleted either where what was to be put away lies in the archive already', async () => {
  await putAway.archive(await write('a.csv', 'id\n1\n'), toSha('id\n1\n'), MONTH);
  const again = await write('a.csv', 'id\n1\n');
  await write('a.csv', 'id\n1\n2\n');
  await putAway.archive(again, toSha('id\n1\n'), MONTH);
  expect(await readFile(join(folder, 'a.csv'), 'utf8')).toBe('id\n1\n2\n');
  expect(await readdir(join(folder, 'archive', MONTH))).toEqual(['a.csv']);
});

test('a name as long as the file system takes is shortened, and known by it when it comes again', async () => {
  const name = `${'护'.repeat(83)}.csv`;
  const entry = await write(name, 'id\n');
  await putAway.archive(entry, toSha('id\n'), MONTH);
  const [archived = ''] = await readdir(join(folder, 'archive', MONTH));
  expect(archived).toMatch(/^护{52}\.[0-9a-f]{12}\.csv$/);
  expect(await putAway.isRepeat(await write(name, 'id\n'), toSha('id\n'))).toBe(true);
  await putAway.reject(await write(name, 'id\n'), toSha('id\n'), REASON, '2026-04-05T00:00:00Z');
  expect((await readdir(join(folder, 'reject'))).sort()).toEqual([archived, `${archived}.reason.json`]);
  expect(await lying()).toEqual([]);
});
