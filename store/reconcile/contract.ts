// What comparing a source with the store asks of the store: counts by piece of time, what is there of a page's records,
// what is there and was not among them, and what to publish. All of it under the lease of a run with task `reconcile`.
import type { PageCommit, Run, Store } from '../contract.ts';

/** Part of a feed's time, as instants and as the wall clock by which its pieces are named. */
export type TimeSpan = {
  /** Of the record: by it, records that are set aside find their piece. */
  readonly column: string;
  readonly zone: string;
  /** UTC instants; `to` is behind the last. */
  readonly from: string;
  readonly to: string;
  /** The same as `yyyy-MM-dd HH:mm:ss[.ffffff]` in `zone`. */
  readonly fromWall: string;
  readonly toWall: string;
};

/** `per: null` or no span: one piece, `from` null. Sums are whole numbers as text. */
export type Counted = {
  /** null: records set aside that no form of any type took. */
  readonly type: string | null;
  readonly of: 'stored' | 'aside';
  readonly from: string | null;
  readonly count: number;
  readonly sum: string;
};

/** `stale`: as it should be, but for the source's digest. `aside`: kept as a record, set aside or waiting. */
export type RowState = 'same' | 'stale' | 'differs' | 'missing' | 'aside';

export type Compared = {
  /** One a row of the page, in order. `key` is null while a part of it cannot be found. */
  readonly rows: readonly { readonly type: string; readonly key: string | null; readonly state: RowState }[];
  /** One a record that the mapping sets aside, in order: whether it is kept. */
  readonly setAside: readonly { readonly type: string | null; readonly kept: boolean }[];
  /** Native keys of the records that are set aside: rows that these brought before are no surplus. */
  readonly natives: readonly { readonly type: string; readonly native: string }[];
};

export type Surplus = { readonly count: number; readonly keys: readonly string[] };

/** A piece whose two sides differ in number and were found to lack nothing: not looked at again until one of them changes. */
export type KnownPiece = {
  readonly type: string;
  /** '' for the one piece. */
  readonly bucket: string;
  /** What both sides said, as one text. */
  readonly state: string;
  readonly surplus: number;
};

export type Finding = {
  readonly type: string;
  /** null: nothing can be said, and the basis is UNKNOWN. */
  readonly gap: number | null;
  readonly surplus: number | null;
};

export type ReconcileStore = {
  /** A statement a type and one for what is set aside. */
  count(
    run: Run,
    types: readonly string[],
    span: TimeSpan | null,
    per: 'hour' | 'day' | null,
  ): Promise<readonly Counted[]>;
  compare(run: Run, page: Pick<PageCommit, 'rows' | 'setAside' | 'recordOf' | 'digestOf'>): Promise<Compared>;
  /** Living rows of this feed in the span that are none of `keys` and of no record with one of `natives`; the first 100 keys of them. */
  surplus(
    run: Run,
    type: string,
    span: TimeSpan | null,
    seen: { readonly keys: readonly string[]; readonly natives: readonly string[] },
  ): Promise<Surplus>;
  /** Renews the lease. Rejects with HUB_SYNC_LEASE_LOST. */
  hold(run: Run, options: { readonly now: string; readonly holdMs: number }): Promise<void>;
  /** Those that were found under this manifest. */
  recall(run: Run): Promise<readonly KnownPiece[]>;
  /** Replaces what is known of the feed, writes `missing` (found before the repair) into the run, and publishes each type's gap over all its feeds. */
  publish(
    run: Run,
    found: {
      readonly now: string;
      readonly missing: number;
      readonly findings: readonly Finding[];
      readonly known: readonly KnownPiece[];
    },
  ): Promise<void>;
};

/** A store that can also be compared with its sources: what `openStore` opens. */
export type ComparableStore = Store & { readonly reconcile: ReconcileStore };
