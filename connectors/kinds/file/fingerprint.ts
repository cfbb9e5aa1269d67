// What a file is known by: its name and its content. The id of a delivery says both, so that the same file once more is
// the same delivery, wherever and whenever it comes.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileEntry } from './folder.ts';

const ID = /^(.+)#([0-9a-f]{64})$/s;
const CHUNK = 262_144;

export type DeliveryId = { readonly name: string; readonly sha256: string };

export function toDeliveryId({ name, sha256 }: DeliveryId): string {
  return `${name}#${sha256}`;
}

export function parseDeliveryId(id: string): DeliveryId | null {
  const [, name, sha256] = ID.exec(id) ?? [];
  return name === undefined || sha256 === undefined || /[/\0]/.test(name) ? null : { name, sha256 };
}

export type Fingerprints = {
  /** SHA-256 of the content, hex, remembered as long as the file looks the same; null when it has just gone. */
  of(entry: FileEntry, signal: AbortSignal): Promise<string | null>;
};

/** Files beyond `fileBytes`, and those that may not be read, are known by their looks: they are refused anyway. */
export function openFingerprints(fileBytes: number): Fingerprints {
  const known = new Map<string, { readonly mark: string; readonly sha256: string }>();
  return {
    async of(entry, signal) {
      const path = entry.path.toString('latin1');
      const before = known.get(path);
      if (before?.mark === entry.mark) return before.sha256;
      const isRead = entry.size <= fileBytes;
      const sha256 = isRead ? await hashFile(entry.path, signal).catch(orLooks(entry)) : toLooksHash(entry);
      if (sha256 === null) return null;
      known.delete(path);
      known.set(path, { mark: entry.mark, sha256 });
      if (known.size > MOST_KNOWN) known.delete(known.keys().next().value ?? '');
      return sha256;
    },
  };
}

const MOST_KNOWN = 10_000;

function toLooksHash({ size, modifiedMs }: FileEntry): string {
  return createHash('sha256').update(`${size} bytes of ${modifiedMs}`).digest('hex');
}

const orLooks = (entry: FileEntry) => (error: { readonly code?: unknown }) => {
  if (error.code === 'ENOENT') return null;
  if (error.code === 'EACCES' || error.code === 'EPERM') return toLooksHash(entry);
  throw error;
};

/** Streamed: a file may be large. */
export async function hashFile(path: Buffer | string, signal?: AbortSignal): Promise<string> {
  const file = await open(path, 'r');
  try {
    const hash = createHash('sha256');
    const chunk = Buffer.allocUnsafe(CHUNK);
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(chunk, 0, CHUNK, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(chunk.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
