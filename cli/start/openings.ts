// What `hub start` has opened and still opens: closed in the reverse order, whatever moment the end comes at.
import { setMaxListeners } from 'node:events';
import { HubError } from '../../schema/errors.ts';

export type Openings = {
  /** Fires when the end has begun: what is still opening may give up. */
  readonly signal: AbortSignal;
  /** Opens one thing; rejects when the end has begun, and what came open all the same is closed before it does. */
  open<Thing>(work: () => Promise<Thing>, close: (thing: Thing) => Promise<void>): Promise<Thing>;
  /** Waits for what is opening, then closes all of it, the last one first. A close that fails leaves the others to be closed; calling it again waits for the same end. */
  closeAll(): Promise<void>;
};

export function toOpenings(): Openings {
  const ending = new AbortController();
  // Every system that is being opened listens.
  setMaxListeners(0, ending.signal);
  const closers: (() => Promise<void>)[] = [];
  const opening = new Set<Promise<void>>();
  const checkOpen = (): void => {
    if (ending.signal.aborted) throw new HubError('HUB_SYNC_STOPPED', 'The start was given up.');
  };
  const openOne = async <Thing>(work: () => Promise<Thing>, close: (thing: Thing) => Promise<void>) => {
    const thing = await work();
    closers.push(() => close(thing));
    return thing;
  };
  const runClose = async (): Promise<void> => {
    ending.abort();
    await Promise.all(opening);
    for (const close of closers.splice(0).reverse()) await close().catch(() => undefined);
  };
  let closing: Promise<void> | null = null;
  return {
    signal: ending.signal,
    async open(work, close) {
      checkOpen();
      const opened = openOne(work, close);
      const settled = opened.then(
        () => undefined,
        () => undefined,
      );
      opening.add(settled);
      const thing = await opened.finally(() => opening.delete(settled));
      checkOpen();
      return thing;
    },
    closeAll() {
      closing ??= runClose();
      return closing;
    },
  };
}
