// How many batches of a source may wait for the hub at once: the peers behind them wait in line, first come, first served.
export type Gate = <T>(work: () => Promise<T>) => Promise<T>;

export function openGate(places: number): Gate {
  const queue: (() => void)[] = [];
  let free = places;
  const enter = () => {
    if (free === 0) return new Promise<void>((resolve) => queue.push(resolve));
    free -= 1;
    return Promise.resolve();
  };
  // The place passes on without becoming free: nobody overtakes.
  const leave = () => {
    const next = queue.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return async (work) => {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
