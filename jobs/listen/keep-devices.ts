// While a source is listened to: what is new of its senders is written down every few seconds, and when nobody listens any more
// none of them is connected. Nothing of it holds up a batch.
import type { DeviceNotice } from '../../connectors/kit/contract.ts';
import { toError } from '../../schema/errors.ts';
import type { SyncStore } from '../../store/contract.ts';
import type { Log } from '../log.ts';
import { type Clock, toIso } from '../sync/open-run.ts';
import { toWait } from '../wait.ts';
import { openDeviceBook } from './device-book.ts';

export type KeepDevices = {
  readonly unit: string;
  readonly source: string;
  readonly store: SyncStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Between two times at which it is written down; 2 s when absent. */
  readonly everyMs?: number;
};

export type KeptDevices = {
  /** As a source's `onDevices`. */
  note(notices: readonly DeviceNotice[]): void;
  /** Writes down what is left, and that nobody listens; never rejects. */
  close(): Promise<void>;
};

const EVERY_MS = 2000;
/** In one statement. */
const MOST_AT_ONCE = 1000;

export function keepDevices({
  unit,
  source,
  store,
  clock,
  log,
  everyMs = EVERY_MS,
}: KeepDevices): KeptDevices {
  const book = openDeviceBook();
  const ending = new AbortController();
  const leave = () => store.leaveDevices(unit, source, { now: toIso(clock()) });
  const write = async () => {
    const updates = [...book.take()];
    try {
      while (updates.length > 0) {
        await store.noteDevices(unit, source, updates.slice(0, MOST_AT_ONCE));
        updates.splice(0, MOST_AT_ONCE);
      }
    } catch (error) {
      book.giveBack(updates);
      throw error;
    }
  };
  const trying = async (work: () => Promise<void>) =>
    work().catch((error: unknown) =>
      log.warn({ unit, source, reason: toError(error).message }, 'devices were not written down'),
    );
  const keep = async () => {
    await trying(leave);
    while (!ending.signal.aborted) {
      await trying(write);
      await toWait(everyMs, ending.signal);
    }
  };
  const kept = keep();
  return {
    note: book.note,
    close: async () => {
      ending.abort();
      await kept;
      await trying(write);
      await trying(leave);
      const unknown = book.unknown();
      if (unknown > 0) log.warn({ unit, source, unknown }, 'too many devices: nothing is known of these');
    },
  };
}
