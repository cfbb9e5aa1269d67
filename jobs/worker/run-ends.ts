// How the first load hears of the runs of its own process: the handler of a job reports here when it ends.
import { toWait } from '../wait.ts';

/** `error`: the job will not be tried again. */
export type RunEnd = 'succeeded' | Error;

export type RunEnds = {
  report(feed: string, end: RunEnd): void;
  /** The end of the feed's next run in this process; null when none was heard of within `ms`. */
  next(feed: string, ms: number, signal: AbortSignal): Promise<RunEnd | null>;
};

export function openRunEnds(): RunEnds {
  const listeners = new Map<string, Set<(end: RunEnd) => void>>();
  return {
    report: (feed, end) => {
      for (const listener of listeners.get(feed) ?? []) listener(end);
    },
    next: async (feed, ms, signal) => {
      const waiting = listeners.get(feed) ?? new Set();
      listeners.set(feed, waiting);
      let listener: (end: RunEnd) => void = () => undefined;
      const heard = new Promise<RunEnd>((resolve) => {
        listener = resolve;
        waiting.add(listener);
      });
      const done = new AbortController();
      const late = toWait(ms, AbortSignal.any([signal, done.signal])).then(() => null);
      const end = await Promise.race([heard, late]);
      waiting.delete(listener);
      done.abort();
      return end;
    },
  };
}
