// Puts files away: archive/<yyyy-MM>/ for those that were read or passed over, reject/ with the reason for those that
// cannot be read. A file is never lost and never overwrites other content; what is there already is not moved again.
import { randomUUID } from 'node:crypto';
import { chmod, chown, link, lstat, mkdir, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { FilePlace } from './faults.ts';
import { refuse, toMark } from './faults.ts';
import { hashFile } from './fingerprint.ts';
import { type FileEntry, toFileMark } from './folder.ts';
import { moveFile, syncFolder, writeWhole } from './move-file.ts';

export type Reason = { readonly code: string; readonly message: string; readonly zh: string };

/** Throws what the file system throws. */
export type PutAway = {
  /** `month`: `2026-04`. */
  archive(entry: FileEntry, sha256: string, month: string): Promise<void>;
  reject(entry: FileEntry, sha256: string, reason: Reason, at: string): Promise<void>;
  /**
   * The same name with the same content was put away before, in any month, and no other content under this name is newer
   * than that but older than this file: such a file was written anew, and says again what it said before.
   */
  isRepeat(entry: FileEntry, sha256: string): Promise<boolean>;
};

const ARCHIVE = 'archive';
const REJECT = 'reject';
const MONTH = /^\d{4}-\d{2}$/;

export function openPutAway(folder: string, place: FilePlace): PutAway {
  const makeFolder = async (...names: readonly string[]): Promise<string> => {
    let path = folder;
    for (const name of names) {
      path = join(path, name);
      await makeOne(path, folder, { ...place, file: name });
    }
    return path;
  };
  return {
    async archive(entry, sha256, month) {
      const target = await makeFolder(ARCHIVE, month);
      const { name, isThere } = await toFreeName(target, entry, sha256);
      await moveTo(entry, target, { name, isThere }, folder);
    },
    async reject(entry, sha256, reason, at) {
      const target = await makeFolder(REJECT);
      const { name, isThere } = await toFreeName(target, entry, sha256);
      const { code, message, zh } = reason;
      const body = { code, zh, message, file: entry.name, at, sha256 };
      // First the reason: a file in reject/ without one would tell nobody anything.
      await writeWhole(join(target, `${name}.reason.json`), `${JSON.stringify(body, null, 2)}\n`);
      await moveTo(entry, target, { name, isThere }, folder);
    },
    async isRepeat(entry, sha256) {
      const months = await listMonths(join(folder, ARCHIVE));
      const same = new Map<string, number>();
      for (const month of months)
        for (const name of toNames(entry.name, sha256).slice(0, 2)) {
          const path = join(folder, ARCHIVE, month, name);
          if (await isSame(path, entry, sha256)) same.set(path, await toModified(path));
        }
      if (same.size === 0) return false;
      const others: number[] = [];
      for (const month of months)
        for (const path of await listOfName(join(folder, ARCHIVE, month), entry.name))
          if (!same.has(path)) others.push(await toModified(path));
      const other = Math.max(...others, Number.NEGATIVE_INFINITY);
      return Math.max(...same.values()) > other || entry.modifiedMs <= other;
    },
  };
}

async function toModified(path: string): Promise<number> {
  return Number((await lstat(path, { bigint: true })).mtimeNs) / 1e6;
}

/** What was put away under this name, whatever its content. */
async function listOfName(target: string, whole: string): Promise<readonly string[]> {
  const { short, ext } = toParts(whole);
  const found = await readdir(target, { withFileTypes: true });
  return found
    .filter((each) => each.isFile() && (each.name === whole || isHashed(each.name, short, ext)))
    .map(({ name }) => join(target, name));
}

function isHashed(name: string, short: string, ext: string): boolean {
  if (!name.startsWith(`${short}.`) || !name.endsWith(ext)) return false;
  return /^\.[0-9a-f]{12}(-[2-5])?$/.test(name.slice(short.length, name.length - ext.length));
}

/** As the folder above it is: whoever may fetch and clear away files there may do so here. */
async function makeOne(path: string, like: string, place: FilePlace): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (toMark(error) !== 'EEXIST') throw error;
    const found = await lstat(path);
    // Who drops files must not choose where the hub writes.
    if (found.isSymbolicLink())
      throw refuse(
        'HUB_SOURCE_REFUSED',
        place,
        'is a link: the hub puts files into real folders only; mount it instead',
      );
    if (!found.isDirectory()) throw error;
    return;
  }
  const { mode, uid, gid } = await stat(like);
  await chmod(path, mode & 0o7777);
  if (process.getuid?.() === 0) await chown(path, uid, gid);
  await syncFolder(parse(path).dir);
}

/** `name`, then `name.<hash12>`, then numbered: the first that is free or holds the same content. */
async function toFreeName(
  target: string,
  entry: FileEntry,
  sha256: string,
): Promise<{ readonly name: string; readonly isThere: boolean }> {
  for (const name of toNames(entry.name, sha256)) {
    const path = join(target, name);
    if (await isSame(path, entry, sha256)) return { name, isThere: true };
    if (!(await exists(path))) return { name, isThere: false };
  }
  return { name: `${entry.name}.${randomUUID()}`, isThere: false };
}

function toParts(whole: string): { readonly name: string; readonly short: string; readonly ext: string } {
  const parts = parse(whole);
  const { name, ext } = parts.ext.length > MOST_ENDING ? { name: whole, ext: '' } : parts;
  return { name, ext, short: toShort(name, MOST_BYTES - Buffer.byteLength(ext)) };
}

function toNames(whole: string, sha256: string): readonly string[] {
  const { name, short, ext } = toParts(whole);
  const hash = sha256.slice(0, 12);
  const hashed = `${short}.${hash}`;
  return [
    short === name ? whole : `${hashed}${ext}`,
    `${hashed}${ext}`,
    ...[2, 3, 4, 5].map((number) => `${hashed}-${number}${ext}`),
  ];
}

/** A name of 255 bytes, the file system's most, leaves no room for a hash or `.reason.json` and a part's own name. */
const MOST_BYTES = 160;
const MOST_ENDING = 10;

function toShort(name: string, most: number): string {
  let short = '';
  let bytes = 0;
  for (const character of name) {
    bytes += Buffer.byteLength(character);
    if (bytes > most) return short;
    short += character;
  }
  return name;
}

/** A file that may not be read, or is too large to, is known by its looks; the file put away keeps those. */
async function isSame(path: string, entry: FileEntry, sha256: string): Promise<boolean> {
  try {
    const found = await lstat(path);
    return found.isFile() && found.size === entry.size && (await hashFile(path)) === sha256;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(toMark(error))) return false;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error) => {
      if (toMark(error) === 'ENOENT') return false;
      throw error;
    },
  );
}

/**
 * `isThere`: the same content lies there under that name, and what comes takes its place, since it is younger. A writer may
 * put other content under its name at the last moment: that goes back, to be read.
 */
async function moveTo(
  entry: FileEntry,
  target: string,
  { name, isThere }: { readonly name: string; readonly isThere: boolean },
  folder: string,
): Promise<void> {
  const moved = join(target, isThere ? `${randomUUID()}.part` : name);
  const way = await moveFile(entry.path, moved);
  const isOther = way === 'renamed' && toFileMark(await lstat(moved, { bigint: true })) !== entry.mark;
  if (isOther) await giveBack(moved, entry);
  else if (isThere) await putOver(moved, join(target, name));
  await syncFolder(target);
  await syncFolder(folder);
}

/** Of two files with one content the younger stays. */
async function putOver(moved: string, path: string): Promise<void> {
  if ((await toModified(moved)) > (await toModified(path))) await rename(moved, path);
  else await unlink(moved);
}

/** Where something newer lies there again by now, it stays among what was put away: nothing is overwritten. */
async function giveBack(moved: string, { path }: FileEntry): Promise<void> {
  try {
    await link(moved, path);
  } catch (error) {
    if (toMark(error) === 'EEXIST') return;
    throw error;
  }
  await unlink(moved);
}

/** Months of a real archive; what lies behind a link was not put there by the hub. */
async function listMonths(path: string): Promise<readonly string[]> {
  try {
    if (!(await lstat(path)).isDirectory()) return [];
    const found = await readdir(path, { withFileTypes: true });
    return found.filter((each) => each.isDirectory() && MONTH.test(each.name)).map((each) => each.name);
  } catch (error) {
    if (toMark(error) === 'ENOENT') return [];
    throw error;
  }
}
