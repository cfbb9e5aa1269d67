import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Folders, openFolders } from './folders.ts';

let root: string;
let folders: Folders<'firms' | 'drop'>;

const BYTES = Buffer.from('a,b\n1,2\n3,4\n');
const at = (...names: string[]) => join(root, ...names);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'one-network-folders-'));
  folders = await openFolders(root, ['firms', 'drop']);
});

afterEach(() => rm(root, { recursive: true, force: true }));

describe('the folders', () => {
  test('show a part of a file under its final name while it is written', async () => {
    const seen: string[] = [];
    const pause = async () => {
      seen.push(await readFile(at('firms', 'a.csv'), 'utf8'));
    };
    await folders.write('firms', 'a.csv', BYTES, { renamed: false, pause });
    expect(seen).toEqual(['a,b\n', 'a,b\n1,2\n']);
    expect(await readFile(at('firms', 'a.csv'))).toEqual(BYTES);
  });

  test('show a file that is renamed at the end only whole', async () => {
    const seen: string[] = [];
    const pause = async () => {
      seen.push(...(await readdir(at('drop'))));
    };
    await folders.write('drop', 'a.csv', BYTES, { renamed: true, pause });
    expect(new Set(seen)).toEqual(new Set(['a.csv.tmp']));
    expect(await readdir(at('drop'))).toEqual(['a.csv']);
    expect(await readFile(at('drop', 'a.csv'))).toEqual(BYTES);
  });

  test('keep a half file half, ending inside a line, until it is finished', async () => {
    const lines = Buffer.from('12345\n123456\n');
    const half = await folders.begin('firms', 'a.csv', lines);
    expect(await readFile(half.path, 'utf8')).toBe('12345\n1');
    await half.finish();
    expect(await readFile(half.path)).toEqual(lines);
  });

  test('know a file also where the hub puts what it has read, by its bytes', async () => {
    await folders.write('drop', 'a.csv', BYTES, { renamed: false, pause: async () => undefined });
    expect(await folders.holds('drop', 'a.csv', BYTES)).toBe(true);
    await mkdir(at('drop', 'archive'));
    await rename(at('drop', 'a.csv'), at('drop', 'archive', 'a.csv'));
    expect(await folders.holds('drop', 'a.csv', BYTES)).toBe(true);
    expect(await folders.holds('drop', 'a.csv', Buffer.from('other'))).toBe(false);
    expect(await folders.holds('firms', 'a.csv', BYTES)).toBe(false);
  });

  test('come back with everything, also when a reader has made them anew meanwhile', async () => {
    await writeFile(at('firms', 'unread.csv'), 'unread');
    await mkdir(at('firms', 'archive'));
    await writeFile(at('firms', 'archive', 'read.csv'), 'read');
    await folders.takeAway();
    await expect(stat(at('firms'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(stat(at('drop'))).rejects.toMatchObject({ code: 'ENOENT' });
    await mkdir(at('firms', 'archive'), { recursive: true });
    await writeFile(at('firms', 'unread.csv'), 'other');
    await folders.bringBack();
    expect((await readdir(at('firms'))).toSorted()).toEqual(['archive', 'unread.csv', 'unread_2.csv']);
    expect(await readFile(at('firms', 'unread.csv'), 'utf8')).toBe('other');
    expect(await readFile(at('firms', 'unread_2.csv'), 'utf8')).toBe('unread');
    expect(await readFile(at('firms', 'archive', 'read.csv'), 'utf8')).toBe('read');
    expect((await readdir(root)).toSorted()).toEqual(['drop', 'firms']);
  });

  test('are brought back at the next start when a process ended without them', async () => {
    await writeFile(at('drop', 'unread.csv'), 'unread');
    await folders.takeAway();
    await openFolders(root, ['firms', 'drop']);
    expect(await readFile(at('drop', 'unread.csv'), 'utf8')).toBe('unread');
  });
});
