// The hidden state of the simulated traffic police: everything else follows from it and the time.
import type { Section } from './section.ts';

/** What makes the system's answers awkward; each can be switched off by a test. */
export type Traps = {
  /** A token ends after so many calls, long before the time that was promised. */
  readonly callsOfAToken: number;
  /** Detectors that say nothing, events without a position, codes that no document knows, 祁阳's code before 2021. */
  readonly gaps: boolean;
};

export const ALL_TRAPS: Traps = { callsOfAToken: 25, gaps: true };

export type World = { readonly seed: number; readonly sections: readonly Section[]; readonly traps: Traps };
