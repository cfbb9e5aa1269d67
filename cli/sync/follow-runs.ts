// The feeds of `hub sync` run by a worker: each is asked for, then followed by what stands in the queue and in the run table.
import type { Feed } from '../../jobs/plan/feed.ts';
import type { FeedJobs, JobQueue } from '../../jobs/queue/contract.ts';
import { toWait } from '../../jobs/wait.ts';
import type { LastRun, OperatorStore } from '../../store/operate/contract.ts';
import { isOver, type Look, type Sight, toHindrance, toSightOfRun, toWaiting } from './sight.ts';

export type FollowOptions = {
  readonly unit: string;
  readonly queue: JobQueue;
  readonly operate: Pick<OperatorStore, 'lastRuns'>;
  readonly notes: ReadonlyMap<string, string>;
  readonly look: Look;
  /** Aborted: nothing is followed any more; what was asked for goes on. */
  readonly signal: AbortSignal;
};

type Followed = {
  readonly feed: Feed;
  /** Runs up to this one are not what was asked for. */
  readonly before: bigint;
  /** When the letter was written that lay there before; null where none did. */
  readonly letterAt: string | null;
};

const LOOK_MS = 250;
/** How long a unit may have no worker before what it should do is given up. */
const ALONE_MS = 15_000;

export async function followRuns(feeds: readonly Feed[], options: FollowOptions): Promise<readonly Sight[]> {
  const { unit, queue, look, notes, signal } = options;
  const followed = await askFor(feeds, options);
  const sights = new Map<string, Sight>(feeds.map((feed) => [feed.name, toFirst(feed)]));
  // A run that succeeds takes the letter of an earlier one away.
  const noted = () =>
    [...sights.values()].map((one) =>
      one.state === 'succeeded' ? one : { ...one, note: one.note ?? notes.get(one.feed) ?? null },
    );
  const show = () => look(noted());
  const open = () => followed.filter(({ feed }) => !isOver(sights.get(feed.name) ?? toFirst(feed)));
  let alone = 0;
  for (show(); open().length > 0; show()) {
    await toWait(LOOK_MS, signal);
    // First the queue: what is gone from it has its end in the run table.
    const jobs = await queue.jobs(unit);
    const runs = await options.operate.lastRuns(unit);
    alone = (await queue.workers(unit)) === 0 ? alone + LOOK_MS : 0;
    for (const one of open()) sights.set(one.feed.name, toSight(one, jobs, runs));
    const why = signal.aborted
      ? '不再跟踪，任务继续 no longer followed; the run goes on'
      : '同步进程已离开 the worker has gone; the run waits for the next one';
    if (signal.aborted || alone >= ALONE_MS)
      for (const { feed } of open())
        sights.set(feed.name, { ...(sights.get(feed.name) ?? toFirst(feed)), state: 'stopped', note: why });
  }
  return noted();
}

async function askFor(
  feeds: readonly Feed[],
  { unit, queue, operate }: FollowOptions,
): Promise<readonly Followed[]> {
  const jobs = await queue.jobs(unit);
  const runs = await operate.lastRuns(unit);
  const followed: Followed[] = [];
  for (const feed of feeds) {
    if (toHindrance(feed) !== null) continue;
    const last = findRun(feed, runs);
    const isRunning = last?.state === 'RUNNING';
    const answer = await queue.enqueue(unit, feed.name, 'manual');
    // One that is under way and takes the place of a second one is followed itself.
    const own = isRunning && answer === 'merged' ? 1n : 0n;
    const before = last === undefined ? -1n : BigInt(last.id) - own;
    followed.push({ feed, before, letterAt: findJob(feed, jobs)?.dead?.at ?? null });
  }
  return followed;
}

function toFirst(feed: Feed): Sight {
  const hindrance = toHindrance(feed);
  return hindrance === null ? toWaiting(feed.name) : { ...toWaiting(feed.name, hindrance), state: 'passed' };
}

function toSight(
  { feed, before, letterAt }: Followed,
  jobs: readonly FeedJobs[],
  runs: readonly LastRun[],
): Sight {
  const last = findRun(feed, runs);
  const run = last !== undefined && BigInt(last.id) > before ? last : undefined;
  const sight = run === undefined ? toWaiting(feed.name) : toSightOfRun(feed.name, run, Date.now());
  if (sight.state === 'succeeded') return sight;
  const job = findJob(feed, jobs);
  if (job !== undefined && job.waiting + job.active + job.retrying > 0)
    return job.retrying > 0
      ? { ...sight, state: 'waiting', note: '将重试 to be tried again' }
      : { ...sight, state: isOver(sight) ? 'waiting' : sight.state };
  const letter = job?.dead ?? null;
  if (letter !== null && letter.at !== letterAt)
    return { ...sight, state: 'failed', code: letter.code, note: `${letter.message}  ${RETRY}` };
  if (sight.state !== 'waiting') return sight;
  // Nothing of it stands in the queue and no run was opened: another process holds the feed, or there was nothing to read.
  return { ...sight, state: last?.state === 'RUNNING' ? 'busy' : 'passed' };
}

const RETRY = '重试 to try again: hub jobs retry';

function findJob({ name }: Feed, jobs: readonly FeedJobs[]): FeedJobs | undefined {
  return jobs.find(({ feed, task }) => feed === name && task === 'sync');
}

function findRun({ key }: Feed, runs: readonly LastRun[]): LastRun | undefined {
  return runs.find(
    ({ feed }) => feed.source === key.source && feed.object === key.object && feed.strategy === key.strategy,
  );
}
