// What is read together: the unit of scheduling, of leases and of runs. Made by plan-feeds.ts from a manifest, read by
// sync/ and worker/. Plain data, no functions.
import type { Condition } from '../../connectors/kit/contract.ts';
import type { FeedKey } from '../../store/contract.ts';

/** An `extend` table and the types whose forms join it: a doubled row there spoils these types and no others. */
export type FeedExtend = { readonly as: string; readonly types: readonly string[] };

/** What a type of the feed reads from one column: `alias.column` for a 1:1 table. */
export type ColumnUse = {
  readonly type: string;
  readonly column: string;
  /** Of a 1:1 table. */
  readonly joined: boolean;
  /** The type goes on without it. */
  readonly optional: boolean;
  /** Fields, and `(where)`, `(division)`, … where the column decides about the row itself. */
  readonly fields: readonly string[];
  /** Changes when what the manifest makes of the column does. */
  readonly reading: string;
};

/** How a feed's source is asked. */
export type Asks = 'rows' | 'span' | 'deliveries' | 'batches';

/** One object of one source, read with one strategy, for all the types that it feeds. */
export type Feed = {
  readonly key: FeedKey;
  /** `source/object/strategy`: unique in its unit; the name of its jobs and of its schedule. */
  readonly name: string;
  /** Types that this feed brings rows of, in manifest order. */
  readonly types: readonly string[];
  /** rows: in an order, bounded by a column · span: by a span of time, in any order · deliveries: one file after the other · batches: not asked, listened to. */
  readonly asks: Asks;
  /** Why this feed cannot run yet; null when it can. */
  readonly unsupported: string | null;
  /** Milliseconds between runs: the shortest that any of its types asks for; 0 where nothing is polled. */
  readonly everyMs: number;
  /** Re-read before the mark at each run, re-read once an hour, depth of the first load: the largest of its types. */
  readonly overlapMs: number;
  readonly lateMs: number;
  readonly backfillMs: number;
  /** `cursor`: the first load asks for everything, since a thing that was not changed for long is there all the same. */
  readonly fromBeginning: boolean;
  /** `window` over rows: the column of the time that orders and bounds the scan. `cursor`: the column of the mark. */
  readonly timeColumn: string | null;
  /** How that column says its time, where it is no native one. */
  readonly timeFormats: readonly string[];
  /** What a bare timestamp of this source means. */
  readonly zone: string;
  /** Conditions that the source may evaluate; empty where the forms of the object do not agree on them. */
  readonly filter: readonly Condition[];
  readonly order: readonly string[];
  /** Columns behind the key fields, for objects that declare no key. */
  readonly keyHint: readonly string[];
  readonly pageRows: number;
  /** How long the feed's lease lives without a page: it must outlast a page whose source is asked again until its time-out. */
  readonly holdMs: number;
  /** How many feeds of the source may run at once, in all processes together; null where there are no more feeds than that. */
  readonly most: number | null;
  readonly extends: readonly FeedExtend[];
  /** Captures of a file's name: a list is whole for their values, and only its own rows can go missing. Empty: whole for all. */
  readonly scope: readonly string[];
  /** Objects of the same source whose messages say that this feed's source lives, and nothing else. */
  readonly heartbeats: readonly string[];
  /** One a type and column. */
  readonly uses: readonly ColumnUse[];
  /** Changes when what the manifest makes of the object's records does; labels have no part in it. */
  readonly meaning: string;
  /** Types whose rows go when a whole snapshot no longer has them. */
  readonly absence: readonly string[];
  /** Names of the feeds whose first load must be complete before this one's begins. */
  readonly after: readonly string[];
  /** Position in the first load: feeds of one stage may run side by side. */
  readonly stage: number;
};

/** A feed before its place in the first load is known. */
export type LooseFeed = Omit<Feed, 'after' | 'stage' | 'most'>;

/** A feed before it is known how many of its source may run at once. */
export type StagedFeed = Omit<Feed, 'most'>;
