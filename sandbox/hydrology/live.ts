// Keeps a simulated database moving: one tick at each five-minute mark of its clock, until closed.

import { STEP } from '../storm/storm.ts';
import type { HydrologyDatabase } from './database.ts';

/** However fast the clock runs, one tick a second is enough: it brings every row up to now. */
const SHORTEST_WAIT_MS = 1000;

export type LiveOptions = {
  readonly database: Pick<HydrologyDatabase, 'clock' | 'loadedTo' | 'tick'>;
  readonly log: (line: string) => void;
  /** Calls back after so many milliseconds, unless the returned function is called before. */
  readonly after?: (milliseconds: number, callback: () => void) => () => void;
};

/** Starts ticking. A tick that fails is reported and made up for by the next one. A frozen clock needs none. */
export function openLive({ database, log, after = afterTimeout }: LiveOptions): { close(): Promise<void> } {
  const { clock } = database;
  let running: Promise<void> = Promise.resolve();
  let cancel = () => {};
  let closed = false;
  const plan = () => {
    if (closed || clock.frozen) return;
    const left = (database.loadedTo() + STEP - clock.now()) / clock.speed;
    cancel = after(Math.max(SHORTEST_WAIT_MS, left), () => {
      running = runTick();
    });
  };
  const runTick = async () => {
    try {
      await database.tick();
    } catch (error) {
      log(`hydrology tick failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    plan();
  };
  plan();
  return {
    close: async () => {
      closed = true;
      cancel();
      await running;
    },
  };
}

function afterTimeout(milliseconds: number, callback: () => void): () => void {
  const timer = setTimeout(callback, milliseconds);
  return () => clearTimeout(timer);
}
