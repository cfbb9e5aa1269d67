// What every step of a run works with: who asks, from where, whereto, and by which clock.
import type { Source } from '../../connectors/kit/contract.ts';
import type { ObjectMapping } from '../../connectors/kit/mapping/outcome.ts';
import type { Drift, Lease, Run, RunReason, SyncStore } from '../../store/contract.ts';
import type { Feed } from '../plan/feed.ts';
import type { Progress } from './progress.ts';

/** Milliseconds since 1970, UTC: the only source of time of a run. */
export type Clock = () => number;

export type SyncOptions = {
  readonly source: Source;
  readonly mapping: ObjectMapping;
  readonly store: SyncStore;
  readonly clock: Clock;
  /** Aborted: the page under way is finished, the run ends as stopped and is resumed by the next one. */
  readonly signal: AbortSignal;
  readonly reason: RunReason;
  /** Who holds the feed meanwhile: a name of this process, for people. */
  readonly holder: string;
  /** True for a holder of a lease that is known to be dead: its feed is taken over at once. */
  readonly isGone?: (holder: string) => boolean;
  /** Between two re-reads of what came late; PT1H. */
  readonly lateEveryMs?: number;
  readonly onProgress?: (progress: Progress) => void;
  /** Told what is unusual about this run; it stands beside it too. */
  readonly onNote?: (note: string) => void;
  /** Told once of each difference between the source's shape and what was known of it. */
  readonly onDrift?: (drifts: readonly Drift[]) => void;
};

/** What every step of an open run works with. */
export type OpenRun = Omit<SyncOptions, 'reason' | 'holder' | 'isGone'> & {
  readonly feed: Feed;
  readonly lease: Lease;
  readonly run: Run;
};

/** ISO 8601 with milliseconds, UTC. */
export function toIso(ms: number): string {
  return new Date(ms).toISOString();
}
