// What both ways of hearing (PostgreSQL, Redis) are made of: what is told goes through the ledger, and the versions are
// compared with the store after every connection and at an interval, so that nothing stays lost.
import type { StoreLog } from '../log.ts';
import { type Change, type ChangeListener, type Heard, parseChange } from './contract.ts';
import { toEars, toLedger, type Version } from './ledger.ts';

export type WatchOptions = {
  readonly log: StoreLog;
  readonly everyMs: number;
  readonly readVersions: () => Promise<readonly Version[]>;
  /** The versions could not be read at the interval. */
  readonly onUnread: (error: unknown) => void;
};

export type Watch = {
  listen(listener: ChangeListener): () => void;
  /** A text that came over the wire. */
  hear(text: string): void;
  /** Compares with the store now; what comes meanwhile waits for it. Rejects as `readVersions` does. */
  compare(): Promise<void>;
  /** Begins to compare at the interval. */
  start(): void;
  close(): void;
};

export function openWatch({ log, everyMs, readVersions, onUnread }: WatchOptions): Watch {
  const ledger = toLedger();
  const ears = toEars((error, { unit, type }) =>
    log.warn({ unit, type, reason: toReason(error) }, 'a listener to changes has failed'),
  );
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const tell = (changes: readonly Change[], heard: Heard) => {
    for (const change of isClosed ? [] : changes) ears.tell(change, heard);
  };
  const compare = async () => {
    const versions = await readVersions();
    if (!isClosed) tell(ledger.compare(versions), 'caught-up');
  };
  const start = () => {
    if (isClosed) return;
    timer = setTimeout(() => {
      compare().catch(onUnread).finally(start);
    }, everyMs);
  };
  return {
    listen: ears.listen,
    hear: (text) => {
      const change = parseChange(text);
      if (change === null) log.warn({}, 'something that is no change came over the channel of changes');
      else if (!isClosed) tell([ledger.told(change)], 'told');
    },
    compare,
    start,
    close: () => {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

export const VERSIONS = {
  text: 'select unit, type, version::float8 as version from hub.type_state',
  values: [],
} as const;

export function toReason(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown fault';
}
