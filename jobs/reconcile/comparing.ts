// What every step of a comparison works with, and of which feeds there can be one.
import type { UnitType } from '../../connectors/kit/manifest/model.ts';
import type { ReconcileStore } from '../../store/reconcile/contract.ts';
import type { Feed } from '../plan/feed.ts';
import type { AskedColumns } from '../sync/object-columns.ts';
import type { OpenRun } from '../sync/open-run.ts';

export type Comparing = {
  readonly open: OpenRun;
  readonly asked: AskedColumns;
  readonly reconcile: ReconcileStore;
  /** Those that can be compared. */
  readonly types: readonly string[];
  readonly unitTypes: readonly UnitType[];
  readonly dryRun: boolean;
  /** Whether a type's keys may be told. */
  readonly shows: (type: string) => boolean;
  /** By type: keys of rows that differ, which may lie in another piece than their records. */
  readonly moved: ReadonlyMap<string, Set<string>>;
};

/** Whether a feed can be compared at all. */
export function isComparable(feed: Feed): boolean {
  return toHindrance(feed) === null;
}

/** Why a feed cannot be compared; null when it can. */
export function toHindrance({ unsupported, asks, key, timeFormats }: Feed): string | null {
  if (unsupported !== null) return unsupported;
  if (asks === 'deliveries') return 'what lay in a folder is gone from it once it is read';
  if (asks === 'batches') return 'what a source has sent by itself cannot be asked for again';
  if (key.strategy === 'window' && timeFormats.length > 0)
    return 'its times are texts, which cannot be cut into pieces';
  return null;
}
