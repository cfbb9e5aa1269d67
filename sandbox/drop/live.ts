// Keeps a bureau dropping files while its clock runs: a tick a second, until closed.
import { type After, openTicks } from '../process/ticks.ts';

const EVERY_MS = 1000;

export type LiveOptions = {
  /** The system, as its lines name it. */
  readonly name: string;
  readonly tick: () => Promise<unknown>;
  readonly log: (line: string) => void;
  readonly after?: After;
};

/** Starts ticking. A tick that fails is reported, once until one succeeds again, and made up for by the next one. */
export function openLive({ name, tick, log, after }: LiveOptions): { close(): Promise<void> } {
  let reported = false;
  const runTick = async () => {
    try {
      await tick();
      reported = false;
    } catch (error) {
      if (!reported) log(`${name} tick failed: ${error instanceof Error ? error.message : String(error)}`);
      reported = true;
    }
  };
  return openTicks({ waitMs: () => EVERY_MS, tick: runTick, after });
}
