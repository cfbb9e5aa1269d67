// A file that the bureau has dropped, as its state keeps it.
import type { Instant } from '../clock/sandbox-clock.ts';
import type { State as KeptState } from '../drop/state.ts';
import type { BrokenSort } from './broken.ts';

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

export type State = KeptState<DroppedFile>;
