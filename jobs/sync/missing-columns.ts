// Answers and files declare no columns: one that no record of a run has at all is drift, told and not stopped for, since
// in frames, JSON and XML what is missing is null. Called by scan-pages.ts.
import type { SourceRecord } from '../../connectors/kit/contract.ts';
import type { Drift } from '../../store/contract.ts';
import type { Feed } from '../plan/feed.ts';
import { type OpenRun, toIso } from './open-run.ts';

export type Missing = {
  look(records: readonly SourceRecord[]): void;
  /** Writes down what no record had; a run without records says nothing. */
  keep(): Promise<void>;
};

export function openMissing(open: OpenRun): Missing {
  const { feed, mapping, source, store, run, clock } = open;
  const isDeclared = feed.asks === 'rows' && source.capabilities.declares;
  let missing: readonly string[] | null = isDeclared ? [] : null;
  return {
    look: (records) => {
      for (const record of records) {
        if (missing?.length === 0) return;
        const lacks = mapping.lacks(record);
        missing = (missing ?? lacks).filter((column) => lacks.includes(column));
      }
    },
    keep: async () => {
      if (isDeclared || missing === null) return;
      const drifts = missing.map((column) => toDrift(feed, column));
      const news = await store.keepShape(run, { shape: null, drifts }, { now: toIso(clock()) });
      if (news.length > 0) open.onDrift?.(news);
    },
  };
}

function toDrift(feed: Feed, column: string): Drift {
  const relation = feed.key.object;
  return {
    relation,
    column,
    change: 'DROPPED',
    was: null,
    kind: null,
    types: [],
    fields: toFields(feed, column),
  };
}

function toFields({ uses }: Feed, column: string): readonly string[] {
  return uses
    .filter((use) => use.column === column)
    .flatMap(({ type, fields }) => fields.map((field) => `${type}.${field}`));
}

/** `LAT (feeds FireHotspot.location)`. */
export function toFed(feed: Feed, column: string): string {
  const fields = toFields(feed, column);
  return fields.length === 0 ? column : `${column} (feeds ${fields.join(', ')})`;
}
