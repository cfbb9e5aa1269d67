// The store's seam: what jobs write through and the gateway reads through. One PostgreSQL; one schema a unit
// (`"hydrology"`), one table a type (`hydro_station`) with its `_history`, and the hub's own tables in schema `hub`.

import type { Digest, SourceRecord } from '../connectors/kit/contract.ts';
import type { Unit } from '../connectors/kit/manifest/model.ts';
import type { Fault, MappedRow } from '../connectors/kit/mapping/outcome.ts';
import type { ErrorCode } from '../schema/errors.ts';

/** One object of one source, read with one strategy, for all the types it feeds. The unit of scheduling and of leases. */
export type FeedKey = {
  readonly unit: string;
  readonly source: string;
  readonly object: string;
  readonly strategy: 'snapshot' | 'window' | 'cursor' | 'push';
};

/** `at`: UTC instant. `high`: a whole number as text. */
export type TrailStep = { readonly at: string; readonly high: string };

/** How far a feed has come; written in the same transaction as the page it describes. */
export type FeedMark = {
  /** Newest time (UTC instant) or cursor value seen by a finished run; null before the first. */
  readonly watermark: string | null;
  /** UTC instant of the last finished late re-read. */
  readonly lateAt: string | null;
  /** Of a feed of deliveries that are whole lists: when the newest that was taken was complete. Absent elsewhere. */
  readonly listAt?: string;
  /** UTC instant before which the source was never asked: where the first load began. Absent or null: asked for everything. */
  readonly since?: string | null;
  /** Of a feed whose cursor is a bare number: the highest value that had been seen at a time, oldest first. Absent elsewhere. */
  readonly trail?: readonly TrailStep[];
  /** A scan that is not finished: where it began and the cursor behind its last committed page. A new run resumes it. */
  readonly scan: {
    readonly from: string | null;
    /** End of the span where the source is asked by one; absent or null elsewhere. */
    readonly to?: string | null;
    readonly late: boolean;
    readonly cursor: string | null;
    readonly newest: string | null;
    /** Highest value seen, where the cursor is a bare number. */
    readonly high?: string;
    readonly run: string;
    /** UTC instant at which it was begun; absent in marks of before it was written down. */
    readonly begunAt?: string;
  } | null;
};

/** The right to run a feed until `until`; every page commit checks and renews it, so that a worker that was away cannot write. */
export type Lease = {
  readonly feed: FeedKey;
  readonly token: string;
  readonly mark: FeedMark;
  /** What the feed's last run ended with; null when it succeeded, or when there was none. */
  readonly failing: ErrorCode | null;
};

export type RunReason = 'first' | 'schedule' | 'manual';
export type Run = { readonly id: string; readonly lease: Lease; readonly startedAt: string };

export type RunCounts = {
  read: number;
  /** Rows new or changed. */
  written: number;
  unchanged: number;
  deleted: number;
  /** Records, counted each time they are seen; `distinct` set-aside records stand in hub.set_aside. */
  setAside: number;
  waiting: number;
  notOurs: number;
  /** Landed with at least one fault. */
  faulty: number;
};

export type SetAside = {
  /** null when no form took the record. */
  readonly type: string | null;
  readonly fault: Fault;
  readonly record: SourceRecord;
  /** The source's digest of the record; absent where it gives none. */
  readonly digest?: Digest;
};

/** A page whose rows, marks and set-aside records are committed together or not at all. */
export type PageCommit = {
  readonly rows: readonly MappedRow[];
  readonly setAside: readonly SetAside[];
  /** Rows whose `onMissing: wait` link has no target yet are found by the store; it keeps these records for the replay. `row` is an index into `rows`. */
  readonly recordOf: (row: number) => SourceRecord;
  /** The source's digest of the record that a row came from; null where it gives none. */
  readonly digestOf: (row: number) => Digest | null;
  readonly notOurs: number;
  readonly read: number;
  readonly receivedAt: string;
  readonly mark: FeedMark;
  /** Snapshot runs: remember the keys seen, so that `finish` can find what is absent. */
  readonly remember: boolean;
  /** Ids of kept records (`takeWaiting`) that this page replays: taken out with it, except those that have to be kept again. */
  readonly replayed?: readonly string[];
  /** When the source last gave what is replayed: a row that was received later stands, and is not put back to what it was. */
  readonly seenAt?: string;
  /** The run that this was, where it is known: clocks of two workers may differ, their runs follow each other. */
  readonly seenIn?: string;
};

export type RunEnd =
  | {
      readonly state: 'succeeded';
      readonly mark: FeedMark;
      readonly absence: boolean;
      /** The run under whose number the snapshot's keys are remembered: the one that began the scan. */
      readonly scanRun?: string;
      /** The source answered and had nothing: the feed no longer fails, and its types are not younger for it. */
      readonly idle?: true;
    }
  | { readonly state: 'failed' | 'stopped'; readonly error: Error };

/** A waiting or set-aside record for replay. */
export type KeptRecord = {
  readonly id: string;
  readonly type: string | null;
  readonly record: SourceRecord;
  readonly digest: Digest | null;
  readonly receivedAt: string;
  /** When the source last gave it, and to which run. */
  readonly seenAt: string;
  readonly seenIn: string;
};

/** What the sync jobs do with the store. All times are UTC ISO 8601; `now` comes from the caller's clock. */
export type SyncStore = {
  /** null while another worker holds the feed; one whose holder `isGone` is taken over before its time. */
  acquire(
    feed: FeedKey,
    options: {
      readonly now: string;
      readonly holdMs: number;
      readonly holder: string;
      readonly isGone?: (holder: string) => boolean;
    },
  ): Promise<Lease | null>;
  release(lease: Lease): Promise<void>;
  /**
   * Keeps a feed that is listened to, whether anything comes or not; rejects with HUB_SYNC_LEASE_LOST when it is another's.
   * `heardAt`: when its source last gave a sign of life, from which the age of its types counts; null: it is listened to
   * and was not heard yet, which ends an outage and makes nothing younger.
   */
  renew(
    lease: Lease,
    options: { readonly now: string; readonly holdMs: number; readonly heardAt?: string | null },
  ): Promise<void>;
  /** How far a feed has come, whoever holds it. */
  readMark(feed: FeedKey): Promise<FeedMark>;
  openRun(lease: Lease, options: { readonly reason: RunReason; readonly now: string }): Promise<Run>;
  /** Rejects with HUB_SYNC_LEASE_LOST, writing nothing, when the lease is no longer this one. */
  commitPage(
    run: Run,
    page: PageCommit,
    options: { readonly now: string; readonly holdMs: number },
  ): Promise<RunCounts>;
  /** Records of this feed that wait for a link's target, the newest first; each is replayed as a page of its own run. */
  takeWaiting(feed: FeedKey, limit: number): Promise<readonly KeptRecord[]>;
  /** Marks the run's end. With `absence`: tombstones what was not seen, or rejects with HUB_SYNC_DELETE_BRAKE. */
  closeRun(run: Run, end: RunEnd, options: { readonly now: string }): Promise<RunCounts>;
};

/** A statement of the compiler: text made of identifiers and literals of the manifest's own tables, values only as binds. */
export type ReadStatement = { readonly text: string; readonly values: readonly unknown[] };

/** What the gateway does with the store: one statement, its rows. Rejects with HUB_STORE_… errors only. */
export type ReadStore = {
  read<Row extends Record<string, unknown>>(
    statement: ReadStatement,
    options?: { readonly signal?: AbortSignal },
  ): Promise<readonly Row[]>;
};

export type Store = {
  readonly sync: SyncStore;
  readonly reader: ReadStore;
  /** Makes and migrates the tables of these units; several processes may call it at once. Rejects with HUB_STORE_MIGRATION, changing nothing of that unit. */
  migrate(units: readonly Unit[]): Promise<readonly MigrationStep[]>;
  /** A value shared by all processes of this store, made on first use (`cursor-key`: 32 random bytes, hex). */
  setting(name: 'cursor-key'): Promise<string>;
  close(): Promise<void>;
};

export type MigrationStep = { readonly unit: string; readonly statement: string };
