// Keeps the bureau dropping files while its clock runs: a tick a second, until closed.

const EVERY_MS = 1000;

export type LiveOptions = {
  readonly tick: () => Promise<unknown>;
  readonly log: (line: string) => void;
  /** Calls back after so many milliseconds, unless the returned function is called before. */
  readonly after?: (milliseconds: number, callback: () => void) => () => void;
};

/** Starts ticking. A tick that fails is reported, once until one succeeds again, and made up for by the next one. */
export function openLive({ tick, log, after = afterTimeout }: LiveOptions): { close(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  let cancel = () => {};
  let closed = false;
  let reported = false;
  const plan = () => {
    if (closed) return;
    cancel = after(EVERY_MS, () => {
      running = runTick();
    });
  };
  const runTick = async () => {
    try {
      await tick();
      reported = false;
    } catch (error) {
      if (!reported) log(`forestry tick failed: ${error instanceof Error ? error.message : String(error)}`);
      reported = true;
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
