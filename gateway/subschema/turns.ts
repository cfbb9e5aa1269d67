// How a gateway composes while it serves: work that is long is cut where it can be, and requests that have arrived go first.
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Called between two pieces of work: lets the event loop turn once the pieces have taken `sliceMs` together. */
export type Turns = () => Promise<void>;

const SLICE_MS = 25;

export function openTurns(sliceMs = SLICE_MS): Turns {
  let begun = performance.now();
  return async () => {
    if (performance.now() - begun < sliceMs) return;
    await nextTurn();
    begun = performance.now();
  };
}
