// The worker's body: every unit's feeds, planned, loaded once in order and then run by schedule, until it is closed. The
// mapping engine and the resilience come as arguments; open-worker.ts puts in the hub's own.
import type { ConnectorKind, Source, SourceSettings } from '../../connectors/kit/contract.ts';
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import type { ObjectMapping } from '../../connectors/kit/mapping/outcome.ts';
import type { Store } from '../../store/contract.ts';
import type { ComparableStore } from '../../store/reconcile/contract.ts';
import type { Log } from '../log.ts';
import type { Feed } from '../plan/feed.ts';
import { planFeeds } from '../plan/plan-feeds.ts';
import type { JobQueue } from '../queue/contract.ts';
import type { Clock } from '../sync/open-run.ts';
import type { Progress } from '../sync/progress.ts';
import type { FirstLoad } from './first-load.ts';
import { openHolder } from './holder.ts';
import { openSources } from './open-sources.ts';
import { openUnitRunner, type UnitRunner } from './unit-runner.ts';

/** The parts of the kit that the worker puts together. */
export type WorkerParts = {
  readonly compile: (unit: Unit) => readonly ObjectMapping[];
  /** Puts deadline, retries, bulkhead and breaker around a source. */
  readonly protect: (source: Source, settings: SourceSettings) => Source;
};

export type WorkOptions = {
  readonly units: readonly Unit[];
  /** By the manifest's word: `sql`. */
  readonly kinds: Readonly<Record<string, ConnectorKind>>;
  readonly secrets: (name: string) => string | undefined;
  /** Migrated for these units already. */
  readonly store: Pick<Store, 'sync'> & Partial<Pick<ComparableStore, 'reconcile'>>;
  readonly queue: JobQueue;
  readonly clock: Clock;
  readonly log: Log;
  readonly onProgress?: (progress: Progress) => void;
  /** Name of this process among the holders of leases, for people. */
  readonly holder?: string;
  /** Between two tries to load a feed for the first time; PT15S. */
  readonly retryMs?: number;
  /** Between two looks after the schedules; PT1M. */
  readonly keepMs?: number;
  /** Between two re-reads of what came late; PT1H. */
  readonly lateEveryMs?: number;
};

/** A unit that does not run here, and why: a missing secret, a kind that this hub does not have, a circle of waits. */
export type LeftOut = { readonly unit: string; readonly error: Error };

export type Worker = {
  /** Feeds of the units that run; those with `unsupported` are listed and do not run. */
  readonly feeds: readonly Feed[];
  readonly leftOut: readonly LeftOut[];
  /** Ends when every feed was loaded or could not be, for now: the latter are tried again until they can. */
  readonly firstLoad: Promise<readonly FirstLoad[]>;
  /** Lets the pages under way be written (up to `graceMs`, 10 s), then closes the sources. Twice is harmless. */
  close(options?: { readonly graceMs?: number }): Promise<void>;
};

const RETRY_MS = 15_000;
const KEEP_MS = 60_000;
const GRACE_MS = 10_000;
const CONCURRENCY = 4;

/** Begins to work. A unit that cannot run is left out and reported; only a queue that does not answer rejects. */
export async function workUnits(options: WorkOptions, parts: WorkerParts): Promise<Worker> {
  const feeds: Feed[] = [];
  const leftOut: LeftOut[] = [];
  const runners: UnitRunner[] = [];
  const closeAll = async (graceMs: number) => {
    await Promise.all(runners.map((runner) => runner.close({ graceMs })));
  };
  for (const unit of options.units) {
    const ready = await prepareUnit(unit, options, parts).catch((error: unknown) =>
      toLeftOut(unit, error, options.log),
    );
    if ('error' in ready) {
      leftOut.push(ready);
      continue;
    }
    feeds.push(...ready.feeds);
    try {
      runners.push(await openUnitRunner({ ...options, ...ready.runner }));
    } catch (error) {
      await ready.runner.sources.close();
      await closeAll(0);
      throw error;
    }
  }
  let closing: Promise<void> | null = null;
  return {
    feeds,
    leftOut,
    firstLoad: Promise.all(runners.map((runner) => runner.firstLoad)).then((loads) => loads.flat()),
    close: ({ graceMs = GRACE_MS } = {}) => {
      closing ??= closeAll(graceMs);
      return closing;
    },
  };
}

async function prepareUnit(unit: Unit, options: WorkOptions, parts: WorkerParts) {
  const { kinds, secrets, log, store } = options;
  const mappings = parts.compile(unit);
  const feeds = planFeeds(unit, mappings, (kind) => kinds[kind]?.capabilities);
  for (const feed of feeds)
    if (feed.unsupported !== null)
      log.warn({ unit: unit.unit, feed: feed.name, reason: feed.unsupported }, 'feed left out');
  const runnable = feeds.filter((feed) => feed.unsupported === null);
  const sources = await openSources(unit, feeds, {
    kinds,
    secrets,
    bookCall: store.sync.bookCall,
    protect: parts.protect,
  });
  const runner = {
    unit: unit.unit,
    feeds: runnable,
    mappings,
    sources,
    store: store.sync,
    ...(store.reconcile === undefined ? {} : { reconcile: store.reconcile }),
    types: unit.types,
    holder: openHolder(options.holder ?? `worker-${process.pid}`),
    concurrency: Math.max(1, Math.min(CONCURRENCY, runnable.length)),
    retryMs: options.retryMs ?? RETRY_MS,
    keepMs: options.keepMs ?? KEEP_MS,
  };
  return { feeds, runner };
}

function toLeftOut(unit: Unit, error: unknown, log: Log): LeftOut {
  const fault = error instanceof Error ? error : new Error(String(error));
  log.error({ unit: unit.unit, reason: fault.message }, 'unit left out');
  return { unit: unit.unit, error: fault };
}
