// A clock that stands until it is moved, a source that follows a script, and how calls end: for this folder's tests.
import { type ErrorCode, HubError } from '../../../schema/errors.ts';
import type { CallOptions, Page, Source } from '../contract.ts';
import type { Clock } from './clock.ts';

export type FakeClock = Clock & {
  /** Moves on and lets everything that was due run. */
  advance(ms: number): Promise<void>;
  /** Every sleep that was asked for, in order. */
  readonly slept: readonly number[];
};

export function toFakeClock(): FakeClock {
  let time = 1_000_000;
  const slept: number[] = [];
  const sleepers = new Set<{ readonly due: number; readonly wake: () => void }>();
  return {
    slept,
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        slept.push(ms);
        const sleeper = { due: time + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      }),
    async advance(ms) {
      time += ms;
      for (const sleeper of sleepers) {
        if (sleeper.due > time) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
      await settle();
    },
  };
}

/** Lets everything that is ready run. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** One thing that the source does with a call: answer, fail, or wait for the signal (`hang`) or for nothing (`stuck`). */
export type Act = 'answer' | 'hang' | 'stuck' | Error;

export type FakeSource = Source & { readonly calls: number; readonly closed: number; readonly open: number };

/** Follows `script` act by act, then answers. Its scan has three pages, with cursors `1`, `2`, `3`. */
export function toFakeSource(script: readonly Act[] = []): FakeSource {
  let calls = 0;
  let closed = 0;
  let open = 0;
  const perform = async <T>(answer: T, options: CallOptions | undefined): Promise<T> => {
    const act = script[calls] ?? 'answer';
    calls += 1;
    open += 1;
    try {
      if (act instanceof Error) throw act;
      if (act === 'answer') return answer;
      return await new Promise<T>((_, reject) => {
        if (act === 'hang') options?.signal?.addEventListener('abort', () => reject(options.signal?.reason));
      });
    } finally {
      open -= 1;
    }
  };
  const toPage = (number: number): Page => ({
    records: [{ page: number }],
    cursor: String(number),
    last: number === 3,
    unpushed: [],
  });
  return {
    get calls() {
      return calls;
    },
    get closed() {
      return closed;
    },
    get open() {
      return open;
    },
    capabilities: {
      describe: true,
      declares: true,
      readMany: true,
      select: true,
      scan: true,
      listen: false,
      spans: false,
      deliveries: false,
      digests: false,
      filter: [],
    },
    describe: (_names, options) => perform([], options),
    readMany: (_object, request, options) =>
      perform(
        request.keys.map(() => null),
        options,
      ),
    select: (_object, _request, options) => perform(toPage(1), options),
    async *scan(_object, request, options) {
      for (let number = Number(request.after ?? 0) + 1; number <= 3; number++)
        yield await perform(toPage(number), options);
    },
    digest: (_object, _request, options) => perform([], options),
    listen: async () => async () => undefined,
    deliveries: (_object, options) => perform([], options),
    settle: (_object, _delivery, _end, options) => perform(undefined, options),
    close: async () => {
      closed += 1;
    },
  };
}

export const REQUEST = { columns: ['a'], limit: 1 };
export const fault = (code: ErrorCode) => new HubError(code, 'as the script says');
export const down = fault('HUB_SOURCE_UNREACHABLE');
export const ask = (source: Source, signal?: AbortSignal) =>
  source.select('object', REQUEST, signal === undefined ? {} : { signal });
/** How a call ends: `ok` or its code. */
export const ending = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (error: unknown) => (error instanceof HubError ? error.code : String(error)),
  );
export async function scanned(source: Source): Promise<unknown[]> {
  const pages: unknown[] = [];
  for await (const page of source.scan('object', REQUEST)) pages.push(page.cursor);
  return pages;
}
