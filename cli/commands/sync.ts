// `hub sync <unit> [feed…]`: brings a unit up to date now and shows how it goes. A worker that is alive does it and is
// followed; without one, or with --here, this process does. Exit code 1 when a feed was not brought to its end.
import type { Feed } from '../../jobs/plan/feed.ts';
import type { JobQueue } from '../../jobs/queue/contract.ts';
import type { Config } from '../config.ts';
import { toStopSignal } from '../lifetime.ts';
import { planUnit } from '../open-feeds.ts';
import { type Operator, toUnknown, withOperator } from '../open-operator.ts';
import { withQueue } from '../operator-queue.ts';
import { print } from '../print.ts';
import { type FollowOptions, followRuns } from '../sync/follow-runs.ts';
import { openView, type View } from '../sync/open-view.ts';
import { runHere } from '../sync/run-here.ts';
import type { Sight } from '../sync/sight.ts';

export type SyncCommandOptions = { readonly here?: boolean; readonly json?: boolean };

export async function runSync(
  config: Config,
  unitName: string,
  feedNames: readonly string[],
  options: SyncCommandOptions,
): Promise<void> {
  await withOperator(config, async (operator) => {
    const signal = toStopSignal();
    const sights = await syncAll(config, operator, { unit: unitName, feeds: feedNames }, options, signal);
    if (options.json === true) for (const sight of sights) print(JSON.stringify(sight));
    if (sights.some(({ state }) => state !== 'succeeded' && state !== 'passed')) process.exitCode = 1;
  });
}

async function syncAll(
  config: Config,
  operator: Operator,
  wanted: { readonly unit: string; readonly feeds: readonly string[] },
  { here = false, json = false }: SyncCommandOptions,
  signal: AbortSignal,
): Promise<readonly Sight[]> {
  const planned = planUnit(operator, wanted.unit);
  const feeds = toChosen(planned.feeds, wanted.feeds);
  const watched = async (
    work: (shared: Pick<FollowOptions, 'look' | 'signal'>) => Promise<readonly Sight[]>,
  ) => {
    const names = feeds.map(({ name }) => name);
    const view = json ? SILENT : openView(names, process.stdout, Date.now);
    return work({ look: view.look, signal }).finally(view.end);
  };
  const { sync: store, operate } = operator.store;
  if (here) return watched((shared) => runHere(planned, feeds, { ...shared, store, notes: new Map() }));
  return withQueue(config, operator, async (queue) => {
    const notes = await readLetters(queue, wanted.unit);
    if ((await queue.workers(wanted.unit)) > 0)
      return watched((shared) => followRuns(feeds, { ...shared, unit: wanted.unit, queue, operate, notes }));
    if (!json)
      print('  没有同步进程，由本进程同步 No worker takes this unit’s jobs: this process reads it itself.');
    return watched((shared) => runHere(planned, feeds, { ...shared, store, notes }));
  });
}

function toChosen(feeds: readonly Feed[], names: readonly string[]): readonly Feed[] {
  const known = feeds.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw toUnknown(`feed ${unknown}`, known);
  return names.length === 0 ? feeds : feeds.filter(({ name }) => names.includes(name));
}

/** What is to be said of feeds whose last job ended for good. */
async function readLetters(queue: JobQueue, unit: string): Promise<ReadonlyMap<string, string>> {
  const notes = new Map<string, string>();
  for (const { feed, task, dead } of await queue.jobs(unit))
    if (dead !== null && task === 'sync')
      notes.set(feed, `此前的任务已失败 its job ended for good at ${dead.at}: ${dead.code}`);
  return notes;
}

const SILENT: View = { look: () => undefined, end: () => undefined };
