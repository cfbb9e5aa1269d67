// The store's seam: what jobs write through and the gateway reads through. One PostgreSQL; one schema a unit
// (`"hydrology"`), one table a type (`hydro_station`) with its `_history`, and the hub's own tables in schema `hub`.

import type { CallPace, ColumnKind, Digest, SourceRecord } from '../connectors/kit/contract.ts';
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
  /** Of a feed of deliveries that are whole lists: when the newest that was taken was complete, by scope (`''`: the whole city). */
  readonly listsAt?: Readonly<Record<string, string>>;
  /** UTC instant before which the source was never asked: where the first load began. Absent or null: asked for everything. */
  readonly since?: string | null;
  /** Of a feed whose cursor is a bare number: the highest value that had been seen at a time, oldest first. Absent elsewhere. */
  readonly trail?: readonly TrailStep[];
  /** What the manifest made of the records when the feed's last scan began; absent in marks of before it was written down. */
  readonly meaning?: string;
  /** Types that are stopped, each with the watermark behind which it has not read: they are read from there when they go on. */
  readonly held?: { readonly [type: string]: string | null };
  /** The next scan reads from here and not from the watermark (null: as far back as a first load) until one is finished. */
  readonly rewind?: { readonly to: string | null };
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
    /** It has had records of which nobody can say which they are: the list is not whole. */
    readonly illegible?: boolean;
  } | null;
};

/** The right to run a feed until `until`; every page commit checks and renews it, so that a worker that was away cannot write. */
export type Lease = {
  readonly feed: FeedKey;
  readonly token: string;
  readonly mark: FeedMark;
  /** What the feed's last run ended with; null when it succeeded, or when there was none. */
  readonly failing: ErrorCode | null;
  /** Deliveries that the delete brake holds back and no person has let go, at most one a whole list; absent: none. */
  readonly braked?: readonly string[];
};

export type RunReason = 'first' | 'schedule' | 'manual';
/** `reconcile`: says nothing of how fresh its types are, nor of how their feed is. */
export type RunTask = 'sync' | 'reconcile';
export type Run = {
  readonly id: string;
  readonly lease: Lease;
  readonly startedAt: string;
  readonly task: RunTask;
};

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
  /** How far the run is behind this page, 0…1; null or absent while nothing tells. */
  readonly position?: number | null;
  /** Snapshot runs: remember the keys seen, so that a key that comes twice is known, and at the end what is absent. */
  readonly remember: boolean;
  /** Which of several whole lists of one object this is (`sync.scope`); absent: there is one. */
  readonly scope?: string;
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
      /** The list that was read is whole for this scope: only rows that came with it can be absent. */
      readonly scope?: string;
      /** The run under whose number the snapshot's keys are remembered: the one that began the scan. */
      readonly scanRun?: string;
      /** Types that did not take part: they fail with this code, are not complete, and nothing of theirs is absent. */
      readonly stopped?: readonly string[];
      /** The source answered and had nothing: the feed no longer fails, and its types are not younger for it. */
      readonly idle?: true;
      /** The delivery that was read: a brake remembers it. */
      readonly delivery?: string;
      /** The source said itself how much it gave, and as much came: nothing of it is missing. */
      readonly counted?: true;
      /** Only kept records were tried again, the source was not asked: how the feed is stays as it was. */
      readonly replay?: true;
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

/** A table as a source described it, or as an answer showed it. */
export type TableShape = {
  readonly name: string;
  readonly columns: readonly {
    readonly name: string;
    readonly kind: ColumnKind;
    readonly native: string;
    /** By type: a digest of what the manifest made of the column when it was found good. */
    readonly readings?: { readonly [type: string]: string };
  }[];
};

/** `known`: as it was last found good or accepted. `present`: as it was before the last run. */
export type FeedShape = { readonly known: readonly TableShape[]; readonly present: readonly TableShape[] };

/** How a column differs from what is known. `DROPPED` and `RETYPED` stop `types`; the others only tell. */
export type Drift = {
  /** The table: the feed's object, or one that is joined to it. */
  readonly relation: string;
  readonly column: string;
  readonly change: 'DROPPED' | 'RETYPED' | 'ALTERED' | 'NEW';
  readonly was: string | null;
  /** What it is now, in the source's own word; null when it is gone. */
  readonly kind: string | null;
  /** Types that stop for it. */
  readonly types: readonly string[];
  /** `Type.field` of everything that it feeds. */
  readonly fields: readonly string[];
};

export type SeenDrift = Drift & { readonly feed: FeedKey; readonly seenAt: string };

/** What a person does about drift. */
export type DriftStore = {
  list(unit?: string): Promise<readonly SeenDrift[]>;
  /** Takes the present shape of a unit's feeds (of one of their objects: `source/object`) as known; answers what was accepted. */
  accept(unit: string, feed?: string): Promise<readonly SeenDrift[]>;
};

/** What is new of one sender of a source that is listened to. Null: nothing new. */
export type DeviceUpdate = {
  readonly device: string;
  readonly peer: string | null;
  /** What holds now. */
  readonly connected: boolean;
  readonly connectedAt: string | null;
  readonly heardAt: string | null;
  readonly disconnectedAt: string | null;
  /** Sound and refused frames to be added. */
  readonly frames: number;
  readonly refused: number;
  readonly reason: string | null;
};

/** What the sync jobs do with the store. All times are UTC ISO 8601; `now` comes from the caller's clock. */
export type SyncStore = {
  /**
   * null while another worker holds the feed; one whose holder `isGone` is taken over before its time. `most`: null also
   * while so many other feeds of the source are held, by whatever process: each makes one call at a time.
   */
  acquire(
    feed: FeedKey,
    options: {
      readonly now: string;
      readonly holdMs: number;
      readonly holder: string;
      readonly isGone?: (holder: string) => boolean;
      readonly most?: number;
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
  /** Books a call to a source in the allowance that all processes of this store share; one statement. See SourceSettings. */
  bookCall(unit: string, source: string, pace: CallPace): Promise<number | null>;
  /** Writes down how the hub stands with senders, one update a device; one statement. */
  noteDevices(unit: string, source: string, updates: readonly DeviceUpdate[]): Promise<void>;
  /** Nobody listens to the source any more, or nobody did before: no sender of it is connected. */
  leaveDevices(unit: string, source: string, options: { readonly now: string }): Promise<void>;
  /** How far a feed has come, whoever holds it. */
  readMark(feed: FeedKey): Promise<FeedMark>;
  openRun(
    lease: Lease,
    options: { readonly reason: RunReason; readonly now: string; readonly task?: RunTask },
  ): Promise<Run>;
  /** Says beside a run what was unusual about it. */
  noteRun(run: Run, note: string): Promise<void>;
  /** The shape of a feed's source; null before the first run. */
  readShape(feed: FeedKey): Promise<FeedShape | null>;
  /** Keeps the shape (null: none is declared) and what differs in place of what was kept; answers the differences that are news. */
  keepShape(
    run: Run,
    seen: { readonly shape: FeedShape | null; readonly drifts: readonly Drift[] },
    options: { readonly now: string },
  ): Promise<readonly Drift[]>;
  /** Rejects with HUB_SYNC_LEASE_LOST, writing nothing, when the lease is no longer this one. */
  commitPage(
    run: Run,
    page: PageCommit,
    options: { readonly now: string; readonly holdMs: number },
  ): Promise<RunCounts>;
  /**
   * Kept records of this feed that are to be mapped again: whose link's target may have come, that a person has sent once
   * more, or that were set aside under another manifest than the present one. What `run` has kept itself is left out. The
   * newest come first: of two versions of a row the newer lands, and the older finds that.
   */
  takeWaiting(feed: FeedKey, limit: number, run?: string): Promise<readonly KeptRecord[]>;
  /** Marks the run's end. With `absence`: tombstones what was not seen, or rejects with HUB_SYNC_DELETE_BRAKE. */
  closeRun(run: Run, end: RunEnd, options: { readonly now: string }): Promise<RunCounts>;
};

/** A statement of the compiler: text made of identifiers and literals of the manifest's own tables, values only as binds. */
export type ReadStatement = { readonly text: string; readonly values: readonly unknown[] };

export type ReadOptions = { readonly signal?: AbortSignal };

/**
 * What the gateway does with the store: one statement, its rows. Rejects with HUB_STORE_… errors only. Several who ask the same at
 * once may get the same rows (read/share-reads.ts): nobody may change them.
 */
export type ReadStore = {
  read<Row extends Record<string, unknown>>(
    statement: ReadStatement,
    options?: ReadOptions,
  ): Promise<readonly Row[]>;
};

export type Store = {
  readonly sync: SyncStore;
  readonly reader: ReadStore;
  readonly drift: DriftStore;
  /** Makes and migrates the tables of these units; several processes may call it at once. Rejects with HUB_STORE_MIGRATION, changing nothing of that unit. */
  migrate(units: readonly Unit[]): Promise<readonly MigrationStep[]>;
  /** A value shared by all processes of this store, made on first use (`cursor-key`: 32 random bytes, hex). */
  setting(name: 'cursor-key'): Promise<string>;
  close(): Promise<void>;
};

export type MigrationStep = { readonly unit: string; readonly statement: string };
