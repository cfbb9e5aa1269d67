// How a policy of this folder is put around a source: every call of the source goes through one function.
import type { CallOptions, Page, Source } from '../contract.ts';

/** A policy: runs `call`, perhaps later, perhaps twice, perhaps not at all. `call` gets the options to pass on. */
export type Around = <T>(call: (options: CallOptions) => Promise<T>, options: CallOptions) => Promise<T>;

/** The same source with `around` about each call; a scan's calls are its pages. Listening and closing pass untouched. */
export function guard(source: Source, around: Around): Source {
  return {
    capabilities: source.capabilities,
    describe: (names, options = {}) => around((inner) => source.describe(names, inner), options),
    readMany: (object, request, options = {}) =>
      around((inner) => source.readMany(object, request, inner), options),
    select: (object, request, options = {}) =>
      around((inner) => source.select(object, request, inner), options),
    scan: (object, request, options = {}) =>
      guardScan(
        (after, inner) => source.scan(object, after === undefined ? request : { ...request, after }, inner),
        around,
        options,
      ),
    digest: (object, request, options = {}) =>
      around((inner) => source.digest(object, request, inner), options),
    listen: (onRecords, options) => source.listen(onRecords, options),
    deliveries: (object, options = {}) =>
      around((inner) => source.deliveries(object, { ...options, ...inner }), options),
    settle: (object, delivery, end, options = {}) =>
      around((inner) => source.settle(object, delivery, end, inner), options),
    close: () => source.close(),
  };
}

type OpenScan = (after: string | undefined, options: CallOptions) => AsyncIterable<Page>;
type Running = { readonly pages: AsyncIterator<Page>; readonly stop: AbortController };

/** Each page is one call. After a failed one the scan is opened anew behind the last page that arrived. */
async function* guardScan(open: OpenScan, around: Around, options: CallOptions): AsyncGenerator<Page> {
  let running: Running | null = null;
  let after: string | undefined;
  const next = async (inner: CallOptions) => {
    running ??= begin(open, after);
    const mine = running;
    const { pages, stop } = mine;
    const onAbort = () => stop.abort(inner.signal?.reason);
    inner.signal?.addEventListener('abort', onAbort, { once: true });
    try {
      if (inner.signal?.aborted) onAbort();
      return await pages.next();
    } catch (error) {
      if (running === mine) running = null;
      throw error;
    } finally {
      inner.signal?.removeEventListener('abort', onAbort);
    }
  };
  try {
    for (;;) {
      const step: IteratorResult<Page> = await around(next, options).catch((error) => {
        // The policy may have given up on a page that is still being read.
        abandon(running);
        running = null;
        throw error;
      });
      if (step.done) return;
      after = step.value.cursor ?? after;
      yield step.value;
    }
  } finally {
    abandon(running);
  }
}

function begin(open: OpenScan, after: string | undefined): Running {
  const stop = new AbortController();
  return { pages: open(after, { signal: stop.signal })[Symbol.asyncIterator](), stop };
}

function abandon(running: Running | null): void {
  if (running === null) return;
  running.stop.abort();
  running.pages.return?.().catch(() => undefined);
}
