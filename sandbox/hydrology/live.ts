// Keeps a simulated database moving: one tick at each five-minute mark of its clock, until closed.
import { type After, openTicks } from '../process/ticks.ts';
import { STEP } from '../storm/storm.ts';
import type { HydrologyDatabase } from './database.ts';

/** However fast the clock runs, one tick a second is enough: it brings every row up to now. */
const SHORTEST_WAIT_MS = 1000;

export type LiveOptions = {
  readonly database: Pick<HydrologyDatabase, 'clock' | 'loadedTo' | 'tick'>;
  readonly log: (line: string) => void;
  readonly after?: After;
};

/** Starts ticking. A tick that fails is reported and made up for by the next one. A frozen clock needs none. */
export function openLive({ database, log, after }: LiveOptions): { close(): Promise<void> } {
  const { clock } = database;
  const waitMs = () => {
    if (clock.frozen) return null;
    return Math.max(SHORTEST_WAIT_MS, (database.loadedTo() + STEP - clock.now()) / clock.speed);
  };
  const tick = async () => {
    try {
      await database.tick();
    } catch (error) {
      log(`hydrology tick failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return openTicks({ waitMs, tick, after });
}
