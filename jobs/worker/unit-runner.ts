// One unit in this process: its feeds, its sources, the handler that its jobs run, and its first load.
import type { UnitType } from '../../connectors/kit/manifest/model.ts';
import type { ObjectMapping } from '../../connectors/kit/mapping/outcome.ts';
import { HubError, isHubError } from '../../schema/errors.ts';
import type { Drift, SyncStore } from '../../store/contract.ts';
import type { ReconcileStore } from '../../store/reconcile/contract.ts';
import { toDriftText } from '../drift/tell-drift.ts';
import type { Log } from '../log.ts';
import type { Feed } from '../plan/feed.ts';
import { findMapping } from '../plan/find-mapping.ts';
import type { FeedJob, JobQueue, UnitWork } from '../queue/contract.ts';
import { isComparable } from '../reconcile/comparing.ts';
import { reconcileFeed } from '../reconcile/reconcile-feed.ts';
import type { ReconcileReport } from '../reconcile/report.ts';
import type { Clock } from '../sync/open-run.ts';
import type { Progress } from '../sync/progress.ts';
import { type RunReport, syncFeed } from '../sync/sync-feed.ts';
import { runWhenFree } from '../sync/when-free.ts';
import { toWait } from '../wait.ts';
import { type FirstLoad, keepLoading, runFirstLoad } from './first-load.ts';
import type { Holder } from './holder.ts';
import { keepListening } from './keep-listening.ts';
import { keepSchedules } from './keep-schedules.ts';
import type { OpenSources } from './open-sources.ts';
import { openRunEnds } from './run-ends.ts';
import { openTurns, type Turns } from './turns.ts';

export type UnitRunnerOptions = {
  readonly unit: string;
  /** Those that can run. */
  readonly feeds: readonly Feed[];
  readonly mappings: readonly ObjectMapping[];
  readonly sources: OpenSources;
  readonly store: SyncStore;
  /** Absent: nothing is compared. */
  readonly reconcile?: ReconcileStore;
  /** Of the unit. */
  readonly types: readonly UnitType[];
  readonly queue: JobQueue;
  readonly clock: Clock;
  readonly log: Log;
  readonly holder: Holder;
  readonly concurrency: number;
  readonly retryMs: number;
  readonly keepMs: number;
  readonly lateEveryMs?: number;
  readonly onProgress?: (progress: Progress) => void;
};

export type UnitRunner = {
  /** Ends with the first pass over the feeds; what it could not load is gone on with behind it. */
  readonly firstLoad: Promise<readonly FirstLoad[]>;
  close(options: { readonly graceMs: number }): Promise<void>;
};

/** Begins to run the unit's jobs and its first load. Rejects with HUB_QUEUE_UNREACHABLE. */
export async function openUnitRunner(options: UnitRunnerOptions): Promise<UnitRunner> {
  const { unit, queue, log, sources, store, clock, retryMs } = options;
  const feeds = options.feeds.filter(({ asks }) => asks !== 'batches');
  const ends = openRunEnds();
  const faults = new Map<string, Error>();
  const running = { ...options, turns: openTurns() };
  const handler = async (job: FeedJob, signal: AbortSignal) => {
    try {
      if (job.task === 'reconcile') return await runReconcile(job, signal, running);
      const report = await runJob(job, signal, running);
      if (report === null || report.state === 'busy') return 'passed';
      ends.report(job.feed, 'succeeded');
      return undefined;
    } catch (error) {
      if (error instanceof Error && job.task === 'sync') faults.set(job.feed, error);
      tell(log, job, error);
      throw error;
    }
  };
  const work = await queue.work(unit, {
    concurrency: options.concurrency,
    handler,
    onFailed: (job, error) => {
      if (job.task === 'sync') ends.report(job.feed, faults.get(job.feed) ?? error);
    },
  });
  const names = feeds.map((feed) => feed.name);
  await queue.keepSchedules(unit, names).catch(async (error: unknown) => {
    await work.stop({ graceMs: 0 });
    throw error;
  });
  const stopping = new AbortController();
  // Whether a first load brought everything is asked at once, and not after an hour.
  const onLoaded = async (feed: Feed) => {
    if (options.reconcile !== undefined && isComparable(feed))
      await queue.enqueue(unit, feed.name, 'first', 'reconcile');
  };
  const load = { feeds, queue, store, ends, log, retryMs, signal: stopping.signal, now: clock, onLoaded };
  const firstLoad = runFirstLoad(load);
  const background = Promise.all([
    firstLoad
      .then((loads) => keepLoading(loads, load))
      .catch((error: Error) => log.error({ unit, reason: error.message }, 'first load ended')),
    keepSchedules({
      ...{ feeds, queue, store, log, signal: stopping.signal, keepMs: options.keepMs },
      compares: options.reconcile !== undefined,
    }),
  ]);
  const listening = Promise.all(
    toPushed(options.feeds).map((pushed) => listenToFeeds(pushed, options, stopping.signal)),
  );
  return {
    firstLoad,
    close: ({ graceMs }) => closeRunner({ stopping, work, listening, background, sources }, graceMs),
  };
}

/** The feeds that are listened to, by their source. */
function toPushed(feeds: readonly Feed[]): readonly (readonly [Feed, ...Feed[]])[] {
  const groups = new Map<string, [Feed, ...Feed[]]>();
  for (const feed of feeds) {
    if (feed.asks !== 'batches') continue;
    const group = groups.get(feed.key.source);
    if (group === undefined) groups.set(feed.key.source, [feed]);
    else group.push(feed);
  }
  return [...groups.values()];
}

function listenToFeeds(
  feeds: readonly [Feed, ...Feed[]],
  options: UnitRunnerOptions,
  signal: AbortSignal,
): Promise<void> {
  const { sources, store, clock, log, retryMs } = options;
  const { name, isGone } = options.holder;
  const mappingOf = (feed: Feed) => findMapping(options.mappings, feed);
  const source = sources.of(feeds[0]);
  return keepListening(feeds, {
    ...{ source, store, clock, log, retryMs, signal, mappingOf },
    ...{ holder: name, isGone },
  });
}

type Closing = {
  readonly stopping: AbortController;
  readonly work: UnitWork;
  readonly listening: Promise<unknown>;
  readonly background: Promise<unknown>;
  readonly sources: OpenSources;
};

// Pages first: their sources must stay open until the last of them is written.
async function closeRunner(
  { stopping, work, listening, background, sources }: Closing,
  graceMs: number,
): Promise<void> {
  stopping.abort();
  const late = new AbortController();
  const answered = Promise.race([listening, toWait(graceMs, late.signal)]);
  await Promise.all([work.stop({ graceMs }), answered]);
  late.abort();
  await sources.close();
  await Promise.all([background, listening]);
}

type Running = UnitRunnerOptions & { readonly turns: Turns };

async function runJob(job: FeedJob, signal: AbortSignal, options: Running): Promise<RunReport | null> {
  const { log, onProgress } = options;
  const feed = options.feeds.find((candidate) => candidate.name === job.feed);
  // A job of an older manifest: nobody plans it any more. What is listened to is not asked.
  if (feed === undefined || feed.asks === 'batches') return null;
  const shared = toShared(feed, job, signal, options);
  const report = await runInTurn(
    feed,
    () => syncFeed(feed, onProgress === undefined ? shared : { ...shared, onProgress }),
    signal,
    options.turns,
  );
  for (const { delivery, error } of report.refused)
    log.warn(
      { unit: job.unit, feed: feed.name, delivery, code: error.code, reason: error.message },
      'delivery refused',
    );
  if (report.outdated.length > 0)
    log.warn({ unit: job.unit, feed: feed.name, deliveries: report.outdated }, 'older lists put away unread');
  // An empty folder is looked at every few seconds: that is no news.
  if (report.state !== 'idle')
    log.info(
      {
        unit: job.unit,
        ...report,
        refused: report.refused.length,
        outdated: report.outdated.length,
        reason: job.reason,
      },
      'run ended',
    );
  if (report.state === 'stopped')
    throw new HubError('HUB_SYNC_STOPPED', `feed ${feed.name} was asked to stop`);
  return report;
}

function toShared(feed: Feed, job: FeedJob, signal: AbortSignal, options: UnitRunnerOptions) {
  const { store, clock, holder, log, lateEveryMs } = options;
  const mapping = findMapping(options.mappings, feed);
  const { name, isGone } = holder;
  const source = options.sources.of(feed);
  const onNote = (note: string) => log.info({ unit: job.unit, feed: feed.name }, note);
  const onDrift = (drifts: readonly Drift[]) => {
    for (const drift of drifts)
      log.warn({ unit: job.unit, feed: feed.name, stopped: drift.types }, toDriftText(drift));
  };
  return {
    ...{ source, mapping, store, clock, holder: name, isGone, signal, reason: job.reason, onNote, onDrift },
    ...(lateEveryMs === undefined ? {} : { lateEveryMs }),
  };
}

async function runReconcile(
  job: FeedJob,
  signal: AbortSignal,
  options: Running,
): Promise<'passed' | undefined> {
  const { log, reconcile, types } = options;
  const feed = options.feeds.find((candidate) => candidate.name === job.feed);
  if (feed === undefined || reconcile === undefined || !isComparable(feed)) return 'passed';
  const shared = { ...toShared(feed, job, signal, options), reconcile, types };
  const report = await runInTurn(feed, () => reconcileFeed(feed, shared), signal, options.turns);
  if (report.state === 'stopped')
    throw new HubError('HUB_SYNC_STOPPED', `feed ${feed.name} was asked to stop`);
  tellFound(log, job, report);
  return report.state === 'busy' ? 'passed' : undefined;
}

// Keys stay out of the log: they may name persons.
function tellFound(log: Log, job: FeedJob, { feed, state, run, types, milliseconds }: ReconcileReport): void {
  const lost = types.some(({ missing, gap }) => missing > 0 || (gap ?? 0) > 0);
  const fields = { unit: job.unit, feed, state, run, types, milliseconds };
  if (lost) log.warn(fields, 'rows were missing');
  else log.info(fields, 'compared');
}

const PATIENCE_MS = 5000;

// A feed that is held may be held by nobody: its worker died on another machine. If this job simply ended, the feed would
// rest until its next turn, which may be a day away.
async function runInTurn<Report extends RunReport | ReconcileReport>(
  feed: Feed,
  run: () => Promise<Report>,
  signal: AbortSignal,
  turns: Turns,
): Promise<Report> {
  const waiting = { signal, patienceMs: PATIENCE_MS, freed: turns.next };
  const report = await runWhenFree(feed, () => turns.take(run), waiting);
  return report.state === 'busy' && signal.aborted ? { ...report, state: 'stopped' } : report;
}

function tell(log: Log, job: FeedJob, error: unknown): void {
  if (isHubError(error, 'HUB_SYNC_STOPPED')) return;
  const code = isHubError(error) ? error.code : 'HUB_INTERNAL';
  const reason = error instanceof Error ? error.message : String(error);
  const fields = { unit: job.unit, feed: job.feed, task: job.task, attempt: job.attempt, code, reason };
  if (isHubError(error)) log.warn(fields, 'run failed');
  else log.error({ ...fields, stack: error instanceof Error ? error.stack : undefined }, 'run failed');
}
