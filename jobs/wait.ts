// Waiting that ends early when whoever waits is told to stop.

/** Resolves after `ms`, or as soon as the signal is aborted; never rejects and keeps nothing alive afterwards. */
export function toWait(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
