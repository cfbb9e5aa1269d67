// The operator's side of the store: what a person may see and decide (`hub aside`, `hub deletes`, `hub jobs`, `hub sync`).
// Not for the graph: set-aside originals may be citizens' data. All times are UTC ISO 8601.
import type { SourceRecord } from '../../connectors/kit/contract.ts';
import type { FeedKey, Store } from '../contract.ts';

export type AsideFilter = {
  readonly unit?: string;
  readonly type?: string;
  readonly code?: string;
  readonly ids?: readonly string[];
};

export type AsideState = 'WAITING' | 'SET_ASIDE' | 'REPLAY';

/** Records that could not land for one reason. */
export type AsideGroup = {
  readonly unit: string;
  readonly type: string | null;
  readonly code: string;
  readonly field: string | null;
  readonly state: AsideState;
  readonly records: number;
  readonly newest: string;
  /** The manifest that the newest was tried under. */
  readonly manifest: string;
  /** How many of them go for their age within 30 days. */
  readonly goingSoon: number;
};

export type AsideEntry = {
  readonly id: string;
  readonly feed: FeedKey;
  readonly type: string | null;
  readonly state: AsideState;
  readonly code: string;
  readonly field: string | null;
  readonly column: string | null;
  readonly message: string;
  readonly times: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** When it goes if the source does not give it again. */
  readonly goesAt: string;
  readonly manifest: string;
};

export type Replay = {
  /** Records marked to be tried again by the next run of their feed. */
  readonly records: number;
  /** Their sources' objects, as the records were kept. */
  readonly feeds: readonly FeedKey[];
  /** Asked for too, and of a kind that only the source can mend. */
  readonly left: number;
};

/** Records that went for their age, by feed. */
export type Purged = { readonly feed: FeedKey; readonly records: number; readonly at: string };

/** The newest run of a feed that read what is new; one that compared is none. */
export type LastRun = {
  readonly feed: FeedKey;
  readonly id: string;
  readonly state: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'STOPPED';
  readonly reason: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly read: number;
  readonly written: number;
  readonly setAside: number;
  /** 0…1; null while nothing tells how much there is. */
  readonly position: number | null;
  readonly errorCode: string | null;
};

/** A feed whose last whole list would have deleted too much. */
export type Braked = {
  readonly feed: FeedKey;
  /** Which of the feed's lists (`sync.scope`); null: it has one. */
  readonly scope: string | null;
  readonly at: string;
  readonly types: readonly {
    readonly type: string;
    readonly live: number;
    readonly missing: number;
    /** The first ten that would go. */
    readonly keys: readonly string[];
  }[];
  /** A person has let it go; the next run deletes it. */
  readonly accepted: boolean;
};

export type OperatorStore = {
  braked(unit?: string): Promise<readonly Braked[]>;
  /** The next run that reads this list may delete as many rows of each type as were held back, once. False: nothing of it is held back. */
  acceptDeletes(list: Pick<Braked, 'feed' | 'scope'>): Promise<boolean>;
  lastRuns(unit: string): Promise<readonly LastRun[]>;
  asideGroups(filter: AsideFilter): Promise<readonly AsideGroup[]>;
  /** Newest first. */
  asideEntries(filter: AsideFilter, limit: number): Promise<readonly AsideEntry[]>;
  /** The original as it was kept; null when there is none of this id. */
  asideOriginal(id: string): Promise<(AsideEntry & { readonly record: SourceRecord }) | null>;
  replayAside(filter: AsideFilter & { readonly unit: string }): Promise<Replay>;
  asidePurged(unit?: string): Promise<readonly Purged[]>;
};

/** The store as it is opened: both seams. */
export type OpenedStore = Store & { readonly operate: OperatorStore };
