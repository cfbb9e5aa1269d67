// `hub reconcile <unit> [type]`: compares the unit's sources with the store in this process, feed by feed, and tells what it
// found. Exit code 1 when rows are missing still.
import { isComparable } from '../../jobs/reconcile/comparing.ts';
import { type ReconcileOptions, reconcileFeed } from '../../jobs/reconcile/reconcile-feed.ts';
import type { ReconcileReport } from '../../jobs/reconcile/report.ts';
import { runWhenFree } from '../../jobs/sync/when-free.ts';
import { openHolder } from '../../jobs/worker/holder.ts';
import type { Config } from '../config.ts';
import { toStopSignal } from '../lifetime.ts';
import { planUnit } from '../open-feeds.ts';
import { type Operator, toUnknown, withOperator } from '../open-operator.ts';
import { print } from '../print.ts';
import { toReconcileText, toUnknownText } from './reconcile-text.ts';

export type ReconcileCommandOptions = { readonly dryRun?: boolean; readonly json?: boolean };

export async function runReconcile(
  config: Config,
  unitName: string,
  type: string | undefined,
  options: ReconcileCommandOptions,
): Promise<void> {
  await withOperator(config, async (operator) => {
    const signal = toStopSignal();
    const reports = await compareAll(operator, { unit: unitName, type }, options, signal);
    if (options.json === true) print(JSON.stringify(reports, null, 2));
    if (reports.some(({ types }) => types.some(({ gap }) => (gap ?? 0) > 0))) process.exitCode = 1;
  });
}

async function compareAll(
  operator: Operator,
  wanted: { readonly unit: string; readonly type: string | undefined },
  { dryRun = false, json = false }: ReconcileCommandOptions,
  signal: AbortSignal,
): Promise<readonly ReconcileReport[]> {
  const planned = planUnit(operator, wanted.unit);
  const { unit, feeds: all } = planned;
  const names = unit.types.map(({ name }) => name);
  if (wanted.type !== undefined && !names.includes(wanted.type))
    throw toUnknown(`type ${wanted.type}`, names);
  const chosen = all.filter(({ types }) => wanted.type === undefined || types.includes(wanted.type));
  const feeds = chosen.filter(isComparable);
  if (!json) for (const feed of chosen) if (!feeds.includes(feed)) print(toUnknownText(feed));
  const sources = await planned.open(feeds);
  const holder = openHolder(`reconcile-${process.pid}`);
  const reports: ReconcileReport[] = [];
  try {
    for (const feed of feeds) {
      const options: ReconcileOptions = {
        ...{ source: sources.of(feed), mapping: planned.mappingOf(feed), types: unit.types, dryRun, signal },
        ...{ store: operator.store.sync, reconcile: operator.store.reconcile, clock: Date.now },
        ...{ reason: 'manual', holder: holder.name, isGone: holder.isGone },
      };
      // The worker may be reading the feed just now.
      const report = await runWhenFree(feed, () => reconcileFeed(feed, options), options);
      reports.push(report);
      if (!json) print(toReconcileText(report, dryRun));
    }
  } finally {
    await sources.close();
  }
  return reports;
}
