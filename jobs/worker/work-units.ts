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
  /** Told of each unit that `take` begins, before it does: its tables. A unit for which it rejects is left out. */
  readonly prepare?: (unit: Unit) => Promise<unknown>;
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
  /**
   * Runs these units from now on: what is new is begun, what has changed is begun anew, what is not among
   * them is ended and loses its schedules; the others are not touched. Answers those that cannot run here: they are tried once
   * more at the next call. Never rejects because of a unit; one call at a time.
   */
  take(units: readonly Unit[]): Promise<readonly LeftOut[]>;
  /** Lets the pages under way be written (up to `graceMs`, 10 s), then closes the sources. Twice is harmless. */
  close(options?: { readonly graceMs?: number }): Promise<void>;
};

const RETRY_MS = 15_000;
const KEEP_MS = 60_000;
const GRACE_MS = 10_000;
const CONCURRENCY = 4;

type Running = { readonly meaning: string; readonly feeds: readonly Feed[]; readonly runner: UnitRunner };

/** Begins to work. A unit that cannot run is left out and reported; only a queue that does not answer rejects. */
export async function workUnits(options: WorkOptions, parts: WorkerParts): Promise<Worker> {
  const running = new Map<string, Running>();
  const leftOut: LeftOut[] = [];
  const closeAll = async (graceMs: number) => {
    await Promise.all([...running.values()].map(({ runner }) => runner.close({ graceMs })));
  };
  for (const unit of options.units) {
    try {
      const begun = await beginUnit(unit, options, parts);
      if ('error' in begun) leftOut.push(begun);
      else running.set(unit.unit, begun);
    } catch (error) {
      await closeAll(0);
      throw error;
    }
  }
  const begun = [...running.values()];
  const tell = toTeller(options.log);
  tell(leftOut);
  let closing: Promise<void> | null = null;
  return {
    feeds: begun.flatMap(({ feeds }) => feeds),
    leftOut,
    firstLoad: Promise.all(begun.map(({ runner }) => runner.firstLoad)).then((loads) => loads.flat()),
    take: async (units) => {
      if (closing !== null) return [];
      const left = await takeUnits(units, running, options, parts);
      tell(left);
      return left;
    },
    close: ({ graceMs = GRACE_MS } = {}) => {
      closing ??= closeAll(graceMs);
      return closing;
    },
  };
}

// Side by side: one that is slow to let its pages be written must not keep a new one waiting.
async function takeUnits(
  units: readonly Unit[],
  running: Map<string, Running>,
  options: WorkOptions,
  parts: WorkerParts,
): Promise<readonly LeftOut[]> {
  const { log, queue } = options;
  const gone = [...running.keys()].filter((name) => !units.some(({ unit }) => unit === name));
  const end = async (name: string) => {
    const old = running.get(name);
    running.delete(name);
    await old?.runner.close({ graceMs: GRACE_MS });
  };
  const leave = async (name: string) => {
    await end(name);
    await queue.keepSchedules(name, []).catch((error: Error) => {
      log.warn({ unit: name, reason: error.message }, 'the schedules of a unit that has left stay for now');
    });
    log.info({ unit: name }, 'unit has left');
  };
  const join = async (unit: Unit): Promise<readonly LeftOut[]> => {
    if (running.get(unit.unit)?.meaning === JSON.stringify(unit)) return [];
    await end(unit.unit);
    const begun = await beginLater(unit, options, parts);
    if ('error' in begun) return [begun];
    running.set(unit.unit, begun);
    log.info({ unit: unit.unit, manifest: unit.manifest, feeds: begun.feeds.length }, 'unit has joined');
    return [];
  };
  const [, joined] = await Promise.all([Promise.all(gone.map(leave)), Promise.all(units.map(join))]);
  return joined.flat();
}

async function beginLater(unit: Unit, options: WorkOptions, parts: WorkerParts): Promise<Running | LeftOut> {
  try {
    await options.prepare?.(unit);
    return await beginUnit(unit, options, parts);
  } catch (error) {
    return toLeftOut(unit, error);
  }
}

/** Rejects when the queue does not answer; whatever else hinders the unit leaves it out. */
async function beginUnit(unit: Unit, options: WorkOptions, parts: WorkerParts): Promise<Running | LeftOut> {
  const ready = await prepareUnit(unit, options, parts).catch((error: unknown) => toLeftOut(unit, error));
  if ('error' in ready) return ready;
  try {
    const runner = await openUnitRunner({ ...options, ...ready.runner });
    return { meaning: JSON.stringify(unit), feeds: ready.feeds, runner };
  } catch (error) {
    await ready.runner.sources.close();
    throw error;
  }
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

function toLeftOut({ unit }: Unit, error: unknown): LeftOut {
  return { unit, error: error instanceof Error ? error : new Error(String(error)) };
}

/** Each reason once: a unit that is tried again and again must not fill the log. */
function toTeller(log: Log): (leftOut: readonly LeftOut[]) => void {
  let told = new Map<string, string>();
  return (leftOut) => {
    for (const { unit, error } of leftOut)
      if (told.get(unit) !== error.message) log.error({ unit, reason: error.message }, 'unit left out');
    told = new Map(leftOut.map(({ unit, error }) => [unit, error.message]));
  };
}
