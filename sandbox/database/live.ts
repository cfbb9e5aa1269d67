// Keeps a simulated database moving: one tick at each mark of its clock, until closed.
import { type After, openTicks } from '../process/ticks.ts';
import type { SimulatedDatabase } from './simulated-database.ts';

/** However fast the clock runs, one tick a second is enough: it brings every row up to now. */
const SHORTEST_WAIT_MS = 1000;

export type LiveOptions = {
  /** The department, as the log calls it. */
  readonly name: string;
  readonly database: Pick<SimulatedDatabase, 'clock' | 'step' | 'loadedTo' | 'tick'>;
  readonly log: (line: string) => void;
  readonly after?: After;
};

/** Starts ticking. A tick that fails is reported and made up for by the next one. A frozen clock needs none. */
export function openLive({ name, database, log, after }: LiveOptions): { close(): Promise<void> } {
  const { clock, step } = database;
  const waitMs = () => {
    if (clock.frozen) return null;
    return Math.max(SHORTEST_WAIT_MS, (database.loadedTo() + step - clock.now()) / clock.speed);
  };
  const tick = async () => {
    try {
      await database.tick();
    } catch (error) {
      log(`${name} tick failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return openTicks({ waitMs, tick, after });
}
