// A file that the bureau has dropped, as its state keeps it.
import type { Instant } from '../clock/sandbox-clock.ts';
import type { State as KeptState } from '../drop/state.ts';

/** Raised whenever the lists change: older files then belong to another city. */
export const VERSION = 1;

export type DroppedFile = {
  readonly name: string;
  /** What a fault dropped, or `planned`. */
  readonly sort: 'planned' | 'hang' | 'garbage';
  readonly sha256: string;
  /** By the sandbox's clock. */
  readonly droppedAt: Instant;
};

export type State = KeptState<DroppedFile>;
