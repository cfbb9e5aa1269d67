// The beat of a simulated system: one tick after the other, each planned when the one before it has ended, until closed.

export type TicksOptions = {
  /** Milliseconds until the next tick; null: no tick is needed any more. Asked when a tick has ended. */
  readonly waitMs: () => number | null;
  /** Reports its own faults: one that rejects ends the beat. */
  readonly tick: () => Promise<void>;
  /** Calls back after so many milliseconds, unless the returned function is called before. */
  readonly after?: After | undefined;
};
export type After = (milliseconds: number, callback: () => void) => () => void;

/** Closing waits for the tick under way. */
export function openTicks({ waitMs, tick, after = afterTimeout }: TicksOptions): { close(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  let cancel = () => {};
  let closed = false;
  const plan = () => {
    const wait = closed ? null : waitMs();
    if (wait === null) return;
    cancel = after(wait, () => {
      running = runTick();
    });
  };
  const runTick = async () => {
    await tick();
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
