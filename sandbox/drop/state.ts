// What a department has dropped so far, kept beside its folders (never in them): a file that the hub has moved away is not
// dropped again after a restart, and the ledger goes on where it stopped.
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Instant, SandboxClock } from '../clock/sandbox-clock.ts';
import { HOUR, MINUTE } from '../storm/storm.ts';

/** From what all that is ever dropped follows. */
export type World = {
  readonly seed: number;
  /** Where the history begins and, first of all runs, ended. */
  readonly from: Instant;
  readonly start: Instant;
};

/** `version` is the simulation's: files of an older one belong to another city. */
export type State<File> = World & { readonly version: number; now: Instant; readonly files: File[] };

export type StateOptions<File> = {
  readonly path: string;
  readonly version: number;
  readonly seed: number;
  /** Days of history before the clock's start. */
  readonly days: number;
  readonly clock: SandboxClock;
  /** Another city's files must not be read as this one's. */
  forget(file: File): Promise<void>;
};

/** What an earlier run of the same seed left, with the clock not before it; else a new history. */
export async function openState<File>(
  options: StateOptions<File>,
): Promise<{ readonly state: State<File>; readonly kept: boolean }> {
  const { path, version, seed, days, clock, forget } = options;
  const text = await readFile(path, 'utf8').catch(() => null);
  const found = text === null ? null : (JSON.parse(text) as State<File>);
  if (found !== null && found.version === version && found.seed === seed) {
    clock.moveTo(found.now);
    return { state: found, kept: true };
  }
  for (const file of found?.files ?? []) await forget(file);
  const start = Math.floor(clock.now() / MINUTE) * MINUTE;
  return {
    state: { version, seed, from: start - days * 24 * HOUR, start, now: start, files: [] },
    kept: false,
  };
}

/** Whole or not at all. */
export async function writeState<File>(path: string, state: State<File>): Promise<void> {
  await writeFile(`${path}.tmp`, JSON.stringify(state));
  await rename(`${path}.tmp`, path);
}
