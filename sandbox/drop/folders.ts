// A department's folders on the disk, and the ways in which it carelessly writes into them: under the final name in pieces,
// seldom under another name first. Here they can also be taken away and brought back.
import { type FileHandle, mkdir, open, readdir, readFile, rename, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of which the first half is written. */
export type HalfFile = {
  readonly path: string;
  readonly written: number;
  finish(): Promise<void>;
  close(): Promise<void>;
};

export type Folders<Name extends string = string> = {
  path(folder: Name, name?: string): string;
  /** Complete when it resolves. Until then a reader that does not wait sees a part of it, unless it is renamed at the end. */
  write(folder: Name, name: string, bytes: Buffer, options: WriteOptions): Promise<void>;
  /** Writes the first half, which ends inside a line. */
  begin(folder: Name, name: string, bytes: Buffer): Promise<HalfFile>;
  has(folder: Name, name: string): Promise<boolean>;
  /** Whether exactly these bytes lie in the folder under that name, or where the hub puts what it has read. */
  holds(folder: Name, name: string, bytes: Buffer): Promise<boolean>;
  /** All folders are gone for whoever looks for them. Nothing in them is lost. */
  takeAway(): Promise<void>;
  /** Makes what is missing, and joins what came into being meanwhile. */
  bringBack(): Promise<void>;
};

export type WriteOptions = { readonly renamed: boolean; readonly pause: () => Promise<void> };

/** Where the hub moves what it has read. */
const READ = ['', 'archive', 'reject'];
const AWAY = '.away';
const PIECES = 3;

/** Makes the folders, or brings back what an earlier process left away. */
export async function openFolders<Name extends string>(
  root: string,
  names: readonly Name[],
): Promise<Folders<Name>> {
  const path = (folder: Name, name = '') => join(root, folder, name);
  const bringBack = async () => {
    for (const folder of names) {
      await mkdir(path(folder), { recursive: true });
      await runJoin(path(folder) + AWAY, path(folder));
    }
  };
  await bringBack();
  return {
    path,
    write: (folder, name, bytes, options) => runWrite(path(folder, name), bytes, options),
    begin: (folder, name, bytes) => openHalf(path(folder, name), bytes),
    has: (folder, name) => isThere(path(folder, name)),
    holds: async (folder, name, bytes) => {
      for (const place of READ) {
        const found = await readFile(join(path(folder), place, name)).catch(() => null);
        if (found?.equals(bytes) === true) return true;
      }
      return false;
    },
    takeAway: async () => {
      for (const folder of names) await rename(path(folder), path(folder) + AWAY);
    },
    bringBack,
  };
}

async function runWrite(path: string, bytes: Buffer, { renamed, pause }: WriteOptions): Promise<void> {
  const file = await open(renamed ? `${path}.tmp` : path, 'w');
  try {
    const size = Math.ceil(bytes.length / PIECES);
    for (let from = 0; from < bytes.length; from += size) {
      if (from > 0) await pause();
      await file.writeFile(bytes.subarray(from, from + size));
      await file.sync();
    }
  } finally {
    await file.close();
  }
  if (renamed) await rename(`${path}.tmp`, path);
}

async function openHalf(path: string, bytes: Buffer): Promise<HalfFile> {
  const file: FileHandle = await open(path, 'w');
  const middle = Math.floor(bytes.length / 2);
  const written = bytes[middle - 1] === 0x0a ? middle + 1 : middle;
  await file.writeFile(bytes.subarray(0, written));
  await file.sync();
  return {
    path,
    written,
    finish: async () => {
      await file.writeFile(bytes.subarray(written));
      await file.close();
    },
    close: () => file.close(),
  };
}

/** Moves everything in `from` into `to`, and never over what is there. A folder that does not exist holds nothing. */
async function runJoin(from: string, to: string): Promise<void> {
  const entries = await readdir(from, { withFileTypes: true }).catch(() => null);
  if (entries === null) return;
  for (const entry of entries) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      await mkdir(target, { recursive: true });
      await runJoin(source, target);
    } else await rename(source, await findFree(target));
  }
  await rmdir(from);
}

async function findFree(path: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? path : path.replace(/(\.[^.]*)?$/, `_${number}$1`);
    if (!(await isThere(free))) return free;
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
