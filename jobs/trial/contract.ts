// What a dry run tells of a unit before it goes live: what lies in its sources and what the manifest makes of it. Counts and
// names only: no value of a record stands in it.
import type { FaultId } from '../../connectors/kit/manifest/faults.ts';
import type { ErrorCode } from '../../schema/errors.ts';

/** An error keeps a unit from going live. `id` is null where the source itself failed: then `code` says how. */
export type TrialFinding = {
  readonly id: FaultId | null;
  readonly code: ErrorCode | null;
  readonly severity: 'error' | 'warning' | 'note';
  readonly message: string;
};

/** Records that would be set aside, by reason. */
export type TrialAside = {
  readonly code: ErrorCode;
  readonly field: string | null;
  readonly records: number;
};

export type TypeTrial = {
  readonly type: string;
  /** Rows that would land. */
  readonly rows: number;
  /** Rows whose key another row of the sample has too. */
  readonly doubled: number;
  readonly setAside: readonly TrialAside[];
  /** Fields that could not be read in some rows, which land without them. */
  readonly unreadable: readonly TrialAside[];
  /** Fields that no row of the sample has a value for. */
  readonly empty: readonly string[];
};

export type FeedTrial = {
  /** `source/object/strategy` */
  readonly feed: string;
  /** READ: a sample was read. EMPTY: nothing lay there. PUSHED: it sends by itself and cannot be asked. NOT_RUN: this hub cannot read it yet. */
  readonly state: 'READ' | 'EMPTY' | 'PUSHED' | 'NOT_RUN' | 'FAILED';
  /** The source's own estimate; null where it has none. */
  readonly rowsThere: number | null;
  /** Files that lie there; null where none do. */
  readonly files: number | null;
  readonly records: number;
  readonly notOurs: number;
  /** Lines and elements that could not be taken apart. */
  readonly illegible: number;
  readonly types: readonly TypeTrial[];
  readonly findings: readonly TrialFinding[];
};
