// Moves and writes files so that a crash at any moment loses nothing: whole copies under other names first, names last,
// and both on the disk before the original goes.
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, open, rename, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { toMark } from './faults.ts';

/** To a name that is free. Atomic on one disk; across two, the file is never without a whole copy. */
export async function moveFile(from: Buffer | string, to: string): Promise<'renamed' | 'copied'> {
  try {
    await rename(from, to);
    return 'renamed';
  } catch (error) {
    if (toMark(error) !== 'EXDEV') throw error;
  }
  // Another disk is mounted there: the copy is whole and on the disk before it has its name and the original goes.
  const copy = toPart(to);
  await copyFile(from, copy, constants.COPYFILE_EXCL);
  const { atime, mtime } = await stat(from);
  await utimes(copy, atime, mtime);
  await syncPath(copy);
  await rename(copy, to);
  await unlink(from);
  return 'copied';
}

/** Atomic: nobody finds half of it under its name. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const part = toPart(path);
  await writeFile(part, text, { flag: 'wx' });
  await syncPath(part);
  await rename(part, path);
}

/** A name that nobody can have prepared with a link to somewhere else. */
const toPart = (path: string) => `${path}.${randomUUID()}.part`;

async function syncPath(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Some network folders cannot be synced; their server has it then. */
export async function syncFolder(path: string): Promise<void> {
  await syncPath(path).catch((error) => {
    if (!['EINVAL', 'EISDIR', 'EPERM', 'EACCES', 'ENOTSUP', 'EBADF'].includes(toMark(error))) throw error;
  });
}
