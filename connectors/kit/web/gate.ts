// The places of a source: as many requests at once as the manifest allows (`limits.inFlight`), first come, first served.

export type Gate = {
  /** Resolves with the function that gives the place back; rejects with the signal's reason when it aborts first. */
  enter(signal: AbortSignal): Promise<() => void>;
};

export function toGate(places: number): Gate {
  const queue = new Set<() => void>();
  let free = places;
  const leave = () => {
    const [next] = queue;
    if (next === undefined) {
      free += 1;
      return;
    }
    // The place passes on without becoming free: nobody overtakes.
    queue.delete(next);
    next();
  };
  return {
    async enter(signal) {
      signal.throwIfAborted();
      if (free > 0) {
        free -= 1;
        return leave;
      }
      await new Promise<void>((resolve, reject) => {
        const onAbort = () => {
          queue.delete(enter);
          reject(signal.reason);
        };
        const enter = () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        };
        queue.add(enter);
        signal.addEventListener('abort', onAbort, { once: true });
      });
      return leave;
    },
  };
}
