// `hub jobs`: what stands in the queue of each unit, what ended for good and why, and asking for a run by hand.

import { toFeedName } from '../../jobs/plan/plan-feeds.ts';
import type { FeedJobs } from '../../jobs/queue/contract.ts';
import type { LastRun } from '../../store/operate/contract.ts';
import type { Config } from '../config.ts';
import { findUnit, type Operator, toUnknown, withOperator } from '../open-operator.ts';
import { withQueue } from '../operator-queue.ts';
import { print } from '../print.ts';
import { toTable } from '../table.ts';

type UnitJobs = {
  readonly unit: string;
  readonly workers: number;
  readonly jobs: readonly FeedJobs[];
  readonly runs: readonly LastRun[];
};

export async function runJobs(
  unit: string | undefined,
  options: { readonly json?: boolean },
  config: Config,
): Promise<void> {
  await withOperator(config, async (operator) => {
    const units =
      unit === undefined ? operator.units.map((one) => one.unit) : [findUnit(operator, unit).unit];
    const all = await withQueue(config, operator, async (queue) => {
      const found: UnitJobs[] = [];
      for (const name of units)
        found.push({
          unit: name,
          workers: await queue.workers(name),
          jobs: await queue.jobs(name),
          runs: await operator.store.operate.lastRuns(name),
        });
      return found;
    });
    print(options.json === true ? JSON.stringify(all) : all.map(toUnitText).join('\n\n'));
  });
}

/** Asks for a run in place of each dead letter. */
export async function runJobsRetry(unit: string, feed: string | undefined, config: Config): Promise<void> {
  await withOperator(config, async (operator) => {
    const { unit: name } = findUnit(operator, unit);
    const asked = await withQueue(config, operator, (queue) => queue.retry(name, feed));
    print(
      asked.length === 0
        ? '  没有失败的任务 No job has ended for good.'
        : asked.map((one) => `  重新排队 asked for again: ${one.feed} (${one.task})`).join('\n'),
    );
  });
}

/** Asks for a run of each feed of the unit, or of one. */
export async function runJobsRun(unit: string, feed: string | undefined, config: Config): Promise<void> {
  await withOperator(config, async (operator) => {
    const feeds = toFeedNames(operator, unit, feed);
    await withQueue(config, operator, async (queue) => {
      for (const name of feeds) {
        const answer = await queue.enqueue(unit, name, 'manual');
        print(`  ${answer === 'added' ? '已排队 asked for' : '已在队列中 waits or runs already'}: ${name}`);
      }
      if ((await queue.workers(unit)) === 0)
        print(
          '  现在没有同步进程 No worker runs at present: it will be taken when one starts (`npm start` or `hub worker`).',
        );
    });
  });
}

function toFeedNames(operator: Operator, unit: string, feed: string | undefined): readonly string[] {
  const forms = findUnit(operator, unit).types.flatMap((type) => type.forms);
  const names = [...new Set(forms.map((form) => toFeedName(form.source, form.object, form.sync.strategy)))];
  if (feed === undefined) return names;
  if (names.includes(feed)) return [feed];
  throw toUnknown(`feed ${feed} of unit ${unit}`, names);
}

function toUnitText({ unit, workers, jobs, runs }: UnitJobs): string {
  const heading = `  ${unit}  ${workers} 个同步进程 worker(s)`;
  if (jobs.length === 0) return `${heading}\n  队列为空 nothing stands in the queue`;
  const lines = jobs.map((job) => {
    const run =
      job.task === 'sync'
        ? runs.find((one) => toFeedName(one.feed.source, one.feed.object, one.feed.strategy) === job.feed)
        : undefined;
    return [
      job.feed,
      job.task,
      job.everyMs === null ? '—' : `${Math.round(job.everyMs / 1000)} s`,
      job.nextAt?.slice(0, 19) ?? '—',
      `${job.waiting}/${job.active}/${job.retrying}`,
      run === undefined ? '—' : `${run.state} ${(run.endedAt ?? run.startedAt).slice(0, 19)}Z`,
    ];
  });
  const dead = jobs.flatMap(({ feed, task, dead: letter }) =>
    letter === null
      ? []
      : [
          `  ! ${feed} (${task})  ${letter.at}  尝试 ${letter.attempts} 次 attempt(s), ${letter.reason}\n    ${letter.code}  ${letter.message}`,
        ],
  );
  const table = toTable([
    [
      '数据 feed',
      '任务 task',
      '间隔 every',
      '下次 next',
      '等待/运行/重试 waiting/active/retrying',
      '上次 last run',
    ],
    ...lines,
  ]);
  const hint = dead.length === 0 ? [] : [`    重试 to try again: hub jobs retry ${unit} [feed]`];
  return [heading, table, ...dead, ...hint].join('\n');
}
