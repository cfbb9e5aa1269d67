// What the bureau has dropped so far, kept beside the folder (never in it): a file that the hub has moved away is not dropped
// again after a restart, and the ledger goes on where it stopped.
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Instant } from '../clock/sandbox-clock.ts';
import type { BrokenSort } from './broken.ts';
import type { World } from './schedule.ts';

/** Raised whenever the simulation changes: older files then belong to another city. */
export const VERSION = 1;

export type DroppedFile = {
  readonly name: string;
  /** What a test or a fault dropped, or `planned`. */
  readonly sort: 'planned' | 'hang' | 'garbage' | BrokenSort;
  readonly sha256: string;
  /** By the sandbox's clock. */
  readonly droppedAt: Instant;
};

export type State = World & { readonly version: number; now: Instant; readonly files: DroppedFile[] };

/** Null: nothing is kept. */
export async function readState(path: string): Promise<State | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as State);
}

/** Whole or not at all. */
export async function writeState(path: string, state: State): Promise<void> {
  await writeFile(`${path}.tmp`, JSON.stringify(state));
  await rename(`${path}.tmp`, path);
}
