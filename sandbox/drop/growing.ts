// A file that grows for ever: what a hanging department looks like in a folder. It never becomes stable until it is closed.
import { open } from 'node:fs/promises';

export type GrowingOptions = {
  readonly path: string;
  readonly head: Buffer;
  /** Written in turn, again and again. */
  readonly pieces: readonly Buffer[];
  readonly everyMs: number;
  readonly count: (bytes: number) => void;
};

export type Growing = {
  /** Ends it after a whole piece; resolves to how many there are and to all that was written. */
  close(): Promise<{ readonly pieces: number; readonly bytes: Buffer }>;
};

/** Resolves when the head is written; from then on a piece follows every `everyMs`. */
export async function openGrowing({ path, head, pieces, everyMs, count }: GrowingOptions): Promise<Growing> {
  // The handle stays with the file wherever it is moved.
  const file = await open(path, 'w');
  const written: Buffer[] = [];
  let failed: unknown = null;
  const write = async (bytes: Buffer) => {
    await file.writeFile(bytes);
    written.push(bytes);
    count(bytes.length);
  };
  await write(head);
  let last: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    const piece = pieces[(written.length - 1) % pieces.length] ?? Buffer.from('\n');
    last = last
      .then(() => write(piece))
      .catch((error) => {
        failed ??= error;
      });
  }, everyMs);
  return {
    close: async () => {
      clearInterval(timer);
      await last;
      await file.close();
      if (failed !== null) throw failed;
      return { pieces: written.length - 1, bytes: Buffer.concat(written) };
    },
  };
}
