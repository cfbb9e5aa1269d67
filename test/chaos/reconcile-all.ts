// After the chaos was judged: the hub compares every feed that it can with its source. It must find what the judge has found:
// nothing is missing, nothing differs, nothing had to be mended.
import { sqlKind } from '../../connectors/kinds/sql/sql-kind.ts';
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import { compileMappings } from '../../connectors/kit/mapping/compile-mappings.ts';
import { planFeeds } from '../../jobs/plan/plan-feeds.ts';
import { isComparable } from '../../jobs/reconcile/comparing.ts';
import { reconcileFeed } from '../../jobs/reconcile/reconcile-feed.ts';
import { openDivisions } from '../../schema/divisions/open-divisions.ts';
import { openStore } from '../../store/open-store.ts';
import { eventually } from '../support/eventually.ts';
import type { Difference } from './compare.ts';
import type { World } from './world.ts';

export async function reconcileAll(world: World, unit: Unit): Promise<readonly Difference[]> {
  const mappings = compileMappings(unit, { divisions: await openDivisions() });
  const store = await openStore({ url: world.storeUrl, maxConnections: 4 });
  const found: Difference[] = [];
  try {
    await store.migrate([unit]);
    for (const feed of planFeeds(unit, mappings).filter(isComparable)) {
      const { source: name, object } = feed.key;
      const mapping = mappings.find((one) => one.source === name && one.object === object);
      const zone = unit.sources.find((one) => one.name === name)?.zone ?? '';
      if (mapping === undefined) continue;
      const access = { unit: unit.unit, name, url: world.sourceUrl, zone };
      const source = await sqlKind.open({
        ...access,
        inFlight: 2,
        timeoutMs: 5000,
        pageRows: feed.pageRows,
      });
      try {
        const options = { source, mapping, store: store.sync, reconcile: store.reconcile, types: unit.types };
        const run = { reason: 'manual' as const, holder: 'chaos', clock: Date.now };
        // A worker whose clock ran ahead may have left its lease in the future.
        const report = await eventually(
          async () => {
            const end = await reconcileFeed(feed, {
              ...options,
              ...run,
              signal: new AbortController().signal,
            });
            return end.state === 'busy' ? null : end;
          },
          { what: `the comparison of ${feed.name}`, withinMs: 30_000, everyMs: 200 },
        );
        found.push(...report.types.flatMap((type) => toDifferences(feed.name, report.state, type)));
      } finally {
        await source.close();
      }
    }
  } finally {
    await store.close();
  }
  return found;
}

type Counted = {
  readonly type: string;
  readonly missing: number;
  readonly differing: number;
  readonly repaired: number;
  readonly gap: number | null;
  readonly surplus: number | null;
  readonly reason: string | null;
};

function toDifferences(table: string, state: string, counted: Counted): readonly Difference[] {
  const { type, missing, differing, repaired, gap, surplus, reason } = counted;
  if (state === 'succeeded' && missing + differing + repaired === 0 && gap === 0 && !surplus) return [];
  const what = `${state}: missing ${missing}, differing ${differing}, repaired ${repaired}, surplus ${surplus}, gap ${gap} (${reason ?? ''})`;
  return [{ check: 'reconciled', table, key: type, what }];
}
