// Looks at a folder: which regular files lie in it, and which of them have lain there unchanged for long enough. A file
// that still grows may have an old time on it, so the looks are remembered and compared.
import type { BigIntStats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { parseStrict } from '../../kit/encoding-bytes.ts';
import type { Clock } from '../../kit/resilience/clock.ts';

export type FileEntry = {
  /** For people and patterns; in gb18030 on the disk where it is no UTF-8. */
  readonly name: string;
  /** As the system calls it. */
  readonly path: Buffer;
  readonly size: number;
  readonly modifiedMs: number;
  /** Changes with every writing that the system notices. */
  readonly mark: string;
};
export type Folder = {
  readonly path: string;
  /** Complete files, oldest first, then by name. Throws what the file system throws. */
  look(): Promise<readonly FileEntry[]>;
  /** One file by its name, complete or not; null when it is not there. */
  find(name: string): Promise<FileEntry | null>;
};

const UNFINISHED = /\.(tmp|part|filepart)$/i;

export function openFolder(path: string, stableMs: number, clock: Clock): Folder {
  /** Since when each file has looked as it does. */
  let seen = new Map<string, { readonly mark: string; readonly sinceMs: number }>();

  const list = async (): Promise<readonly FileEntry[]> => {
    const names = await readdir(path, { encoding: 'buffer' });
    const entries: FileEntry[] = [];
    for (const raw of names) {
      const entry = await readEntry(path, raw);
      if (entry !== null) entries.push(entry);
    }
    return entries;
  };
  return {
    path,
    async look() {
      const entries = await list();
      const now = clock.now();
      const looks: typeof seen = new Map();
      for (const { name, mark } of entries) {
        const before = seen.get(name);
        looks.set(name, before?.mark === mark ? before : { mark, sinceMs: now });
      }
      seen = looks;
      const isComplete = ({ name, modifiedMs }: FileEntry) => {
        const age = now - modifiedMs;
        // A time in the future is another machine's clock: then the looks alone decide.
        return now - (looks.get(name)?.sinceMs ?? now) >= stableMs && (age >= stableMs || age < 0);
      };
      return entries
        .filter(isComplete)
        .sort((a, b) => a.modifiedMs - b.modifiedMs || (a.name < b.name ? -1 : 1));
    },
    async find(name) {
      const direct = await readEntry(path, Buffer.from(name));
      if (direct !== null) return direct;
      return (await list()).find((entry) => entry.name === name) ?? null;
    },
  };
}

/** Null for what is no file to be read: folders, links, hidden and unfinished ones, and what has just gone. */
async function readEntry(folder: string, raw: Buffer): Promise<FileEntry | null> {
  const name = parseStrict('utf-8', raw) ?? parseStrict('gb18030', raw) ?? raw.toString('latin1');
  if (name.startsWith('.') || UNFINISHED.test(name)) return null;
  const path = Buffer.concat([Buffer.from(`${folder}/`), raw]);
  try {
    const stats = await lstat(path, { bigint: true });
    return stats.isFile() ? { name, path, ...toLooks(stats) } : null;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return null;
    throw error;
  }
}

function toLooks(stats: BigIntStats): Pick<FileEntry, 'size' | 'modifiedMs' | 'mark'> {
  const size = Number(stats.size);
  return { size, modifiedMs: Number(stats.mtimeNs) / 1e6, mark: toFileMark(stats) };
}

export function toFileMark({ dev, ino, size, mtimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${size}:${mtimeNs}`;
}
