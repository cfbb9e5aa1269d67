// A hub as a source that is listened to sees it: it takes batches, waits or refuses, as a test says.
import type { Batch, SourceRecord, Unreadable } from '../../connectors/kit/contract.ts';

/** A hub that takes every batch at once, until `shut`; `refuse` answers it instead of taking it, while it is set. */
export function openTaker() {
  const batches: Batch[] = [];
  const asked: Batch[] = [];
  const hub = { refuse: null as Error | null };
  let gate: { readonly opened: Promise<void>; readonly open: () => void } | null = null;
  return Object.assign(hub, {
    /** Those that are durable, and all that were handed over. */
    batches,
    asked,
    records: (): readonly SourceRecord[] => batches.flatMap(({ records }) => records),
    unreadable: (): readonly Unreadable[] => batches.flatMap((batch) => batch.unreadable ?? []),
    shut() {
      const { promise, resolve } = withResolver();
      gate = { opened: promise, open: resolve };
    },
    open() {
      gate?.open();
      gate = null;
    },
    async take(batch: Batch) {
      asked.push(batch);
      await gate?.opened;
      if (hub.refuse !== null) throw hub.refuse;
      batches.push(batch);
    },
  });
}

function withResolver(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
