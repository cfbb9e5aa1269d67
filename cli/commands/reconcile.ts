// `hub reconcile <unit> [type]`: compares the unit's sources with the store in this process, feed by feed, and tells what it
// found. Exit code 1 when rows are missing still.
import { compileMappings } from '../../connectors/kit/mapping/compile-mappings.ts';
import { wallClock } from '../../connectors/kit/resilience/clock.ts';
import { toResilientSource } from '../../connectors/kit/resilience/to-resilient-source.ts';
import type { Feed } from '../../jobs/plan/feed.ts';
import { planFeeds } from '../../jobs/plan/plan-feeds.ts';
import { isComparable } from '../../jobs/reconcile/comparing.ts';
import { type ReconcileOptions, reconcileFeed } from '../../jobs/reconcile/reconcile-feed.ts';
import type { ReconcileReport } from '../../jobs/reconcile/report.ts';
import { openHolder } from '../../jobs/worker/holder.ts';
import { openSources } from '../../jobs/worker/open-sources.ts';
import { toWait } from '../../jobs/worker/wait.ts';
import { HubError } from '../../schema/errors.ts';
import type { Config } from '../config.ts';
import { toKinds } from '../kinds.ts';
import { openLog } from '../log.ts';
import { type Operator, openOperator } from '../open-operator.ts';
import { toReconcileText, toUnknownText } from './reconcile-text.ts';

export type ReconcileCommandOptions = { readonly dryRun?: boolean; readonly json?: boolean };

export async function runReconcile(
  config: Config,
  unitName: string,
  type: string | undefined,
  options: ReconcileCommandOptions,
): Promise<void> {
  const operator = await openOperator(config);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  try {
    const reports = await compareAll(operator, { unit: unitName, type }, options, stop.signal);
    if (options.json === true) print(JSON.stringify(reports, null, 2));
    if (reports.some(({ types }) => types.some(({ gap }) => (gap ?? 0) > 0))) process.exitCode = 1;
  } finally {
    await operator.close();
  }
}

async function compareAll(
  { units, divisions, store, secret }: Operator,
  wanted: { readonly unit: string; readonly type: string | undefined },
  { dryRun = false, json = false }: ReconcileCommandOptions,
  signal: AbortSignal,
): Promise<readonly ReconcileReport[]> {
  const unit = units.find((one) => one.unit === wanted.unit);
  if (unit === undefined)
    throw toUnknown(
      `unit ${wanted.unit}`,
      units.map((one) => one.unit),
    );
  const names = unit.types.map(({ name }) => name);
  if (wanted.type !== undefined && !names.includes(wanted.type))
    throw toUnknown(`type ${wanted.type}`, names);
  const mappings = compileMappings(unit, { divisions });
  const kinds = toKinds(divisions, openLog({ logLevel: 'error' }, 'reconcile', 2));
  const all = planFeeds(unit, mappings, (kind) => kinds[kind]?.capabilities).filter(
    ({ types }) => wanted.type === undefined || types.includes(wanted.type),
  );
  const feeds = all.filter(isComparable);
  if (!json) for (const feed of all) if (!feeds.includes(feed)) print(toUnknownText(feed));
  const sources = await openSources(unit, feeds, {
    kinds,
    secrets: secret,
    protect: (source, settings) => toResilientSource(source, settings, wallClock),
  });
  const holder = openHolder(`reconcile-${process.pid}`);
  const reports: ReconcileReport[] = [];
  try {
    for (const feed of feeds) {
      const mapping = mappings.find(
        ({ source, object }) => source === feed.key.source && object === feed.key.object,
      );
      if (mapping === undefined) throw new HubError('HUB_INTERNAL', `feed ${feed.name} has no mapping`);
      const report = await compareWhenFree(feed, {
        ...{
          source: sources.of(feed),
          mapping,
          store: store.sync,
          reconcile: store.reconcile,
          dryRun,
          signal,
        },
        ...{
          types: unit.types,
          clock: Date.now,
          reason: 'manual',
          holder: holder.name,
          isGone: holder.isGone,
        },
      });
      reports.push(report);
      if (!json) print(toReconcileText(report, dryRun));
    }
  } finally {
    await sources.close();
  }
  return reports;
}

const LOOK_MS = 1000;

// The worker may be reading the feed just now.
async function compareWhenFree(feed: Feed, options: ReconcileOptions): Promise<ReconcileReport> {
  for (let waited = 0; ; waited += LOOK_MS) {
    const report = await reconcileFeed(feed, options);
    if (report.state !== 'busy' || waited >= feed.holdMs || options.signal.aborted) return report;
    await toWait(LOOK_MS, options.signal);
  }
}

function toUnknown(what: string, known: readonly string[]): HubError {
  return new HubError('HUB_CONFIG_INVALID', `没有 There is no ${what}; there are: ${known.join(', ')}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
