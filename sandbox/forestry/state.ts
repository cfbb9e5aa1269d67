// A file that the bureau has dropped, as its state keeps it.
import type { Instant } from '../clock/sandbox-clock.ts';
import type { State as KeptState } from '../drop/state.ts';
import type { BrokenSort } from './broken.ts';
import type { FolderName } from './schedule.ts';

/** Raised whenever the simulation changes: older files then belong to another city. */
export const VERSION = 1;

export type DroppedFile = {
  readonly folder: FolderName;
  readonly name: string;
  /** What a test or a fault dropped, or `planned`. */
  readonly sort: 'planned' | 'hang' | 'garbage' | BrokenSort;
  /** The planned file whose rows it repeats, line by line; null: it has rows of its own, or none that count. */
  readonly copyOf: string | null;
  /** Rows under the header. */
  readonly rows: number;
  readonly sha256: string;
  /** By the sandbox's clock. */
  readonly droppedAt: Instant;
};

export type State = KeptState<DroppedFile>;
