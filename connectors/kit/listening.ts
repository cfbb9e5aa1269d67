// What kinds share whose systems speak by themselves (socket, mqtt): they are listened to and asked nothing, hold what nobody would
// send again, and wait for what is under way, but not for ever.
import { isRetryable } from '../../schema/errors.ts';
import type { Batch, Capabilities, Source } from './contract.ts';
import type { Clock } from './resilience/clock.ts';

export const LISTENED_ONLY: Capabilities = {
  describe: false,
  declares: false,
  readMany: false,
  select: false,
  scan: false,
  listen: true,
  spans: false,
  deliveries: false,
  digests: false,
  filter: [],
};

type Asked = 'describe' | 'readMany' | 'select' | 'scan' | 'digest' | 'deliveries' | 'settle';

/** All that a source can be asked, refused. */
export function toUnasked(toRefusal: () => Error): Pick<Source, Asked> {
  const refuse = async (): Promise<never> => {
    throw toRefusal();
  };
  return {
    describe: refuse,
    readMany: refuse,
    select: refuse,
    // biome-ignore lint/correctness/useYield: it refuses before there is a page
    async *scan() {
      await refuse();
    },
    digest: refuse,
    deliveries: refuse,
    settle: refuse,
  };
}

export type OnRecords = (batch: Batch) => Promise<void>;

/** Between two tries of what nobody would send again. */
const AGAIN_MS = 1000;

/** Who is not answered never sends again: the batch is held, and nothing more is read, until the store is back. */
export function untilTaken(onRecords: OnRecords, clock: Clock, ending: AbortSignal): OnRecords {
  return async (batch) => {
    for (;;) {
      try {
        return await onRecords(batch);
      } catch (error) {
        if (!isRetryable(error) || ending.aborted) throw error;
        await clock.sleep(AGAIN_MS, ending).catch(() => undefined);
      }
    }
  };
}

/** Waits for the work, but not longer. */
export async function waitAtMost(ms: number, clock: Clock, work: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  const late = clock.sleep(ms, timer.signal).catch(() => undefined);
  try {
    await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}
