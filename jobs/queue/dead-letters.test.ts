// What a person sees of a unit's queue: what waits, in which order it goes, and jobs that ended for good, which stay until
// somebody has seen to them. Over every back end with the same text.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { HubError } from '../../schema/errors.ts';
import { eventually } from '../../test/support/eventually.ts';
import { type TestQueueServer, toQueueServers } from '../../test/support/queue-backends.ts';
import type { Log } from '../log.ts';
import type { FeedJob, FeedJobs, JobQueue } from './contract.ts';
import { openQueue } from './open-queue.ts';

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const FEED = 'fork/st_river_r/window';
const OTHER = 'fork/st_stbprp_b/snapshot';
const REFUSED = new HubError('HUB_SOURCE_REFUSED', 'fork refuses the password');

describe.each([...toQueueServers()])('the queue over $name', (server) => {
  let running: TestQueueServer;
  let unitNumber = 0;
  const nextUnit = () => `dead${unitNumber++}`;
  beforeAll(async () => {
    running = await server.open();
  });
  afterAll(() => running.close());

  const opened: JobQueue[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((queue) => queue.close({ graceMs: 1000 })));
  });
  const open = async (): Promise<JobQueue> => {
    const queue = await openQueue(running.address, {
      log: SILENT,
      retries: { attempts: 2, backoffMs: 20 },
    });
    opened.push(queue);
    return queue;
  };
  const deadOf = async (queue: JobQueue, unit: string): Promise<readonly FeedJobs[]> =>
    (await queue.jobs(unit)).filter(({ dead }) => dead !== null);

  test('a run by hand goes before a first load, that before a schedule, and comparing last', async () => {
    const [queue, unit, seen] = [await open(), nextUnit(), [] as string[]];
    await queue.schedule(unit, 'a/scheduled/window', 60_000, 'sync');
    await queue.enqueue(unit, 'a/compared/window', 'schedule', 'reconcile');
    await queue.enqueue(unit, 'a/due/window', 'schedule');
    await queue.enqueue(unit, 'a/first/window', 'first');
    await queue.enqueue(unit, 'a/manual/window', 'manual');
    // It waits as a scheduled run; whoever asks by hand waits for it.
    await queue.enqueue(unit, 'a/urged/window', 'schedule');
    expect(await queue.enqueue(unit, 'a/urged/window', 'manual')).toBe('merged');
    expect(await queue.counts(unit)).toMatchObject({ waiting: 5, delayed: 1 });
    const handler = async (job: FeedJob) => void seen.push(job.feed);
    await queue.work(unit, { concurrency: 1, handler });
    await eventually(() => seen.length === 5);
    expect(new Set(seen.slice(0, 2))).toEqual(new Set(['a/manual/window', 'a/urged/window']));
    expect(seen.slice(2)).toEqual(['a/first/window', 'a/due/window', 'a/compared/window']);
  });

  test('a job that ended for good stays with its code, its reason and its attempts, whoever asked for it', async () => {
    const [queue, unit] = [await open(), nextUnit()];
    const handler = async (job: FeedJob) => {
      if (job.feed === FEED) throw REFUSED;
      throw new HubError('HUB_SOURCE_UNREACHABLE', 'fork does not answer');
    };
    await queue.enqueue(unit, FEED, 'manual');
    await queue.enqueue(unit, OTHER, 'first', 'reconcile');
    await queue.work(unit, { concurrency: 1, handler });
    await eventually(async () => (await deadOf(queue, unit)).length === 2);
    const dead = await deadOf(await open(), unit);
    expect(dead).toMatchObject([
      {
        feed: FEED,
        task: 'sync',
        dead: {
          code: 'HUB_SOURCE_REFUSED',
          message: 'fork refuses the password',
          attempts: 1,
          reason: 'manual',
        },
      },
      { feed: OTHER, task: 'reconcile', dead: { code: 'HUB_SOURCE_UNREACHABLE', attempts: 2 } },
    ]);
  });

  test('of a feed that fails again and again only the newest stays, and the words of strange errors do not', async () => {
    const [queue, unit] = [await open(), nextUnit()];
    let runs = 0;
    const handler = async () => {
      runs += 1;
      throw runs < 4 ? REFUSED : new Error('the citizen 张三 at column 7');
    };
    await queue.work(unit, { concurrency: 1, handler });
    await queue.schedule(unit, FEED, 50);
    await eventually(() => runs > 4);
    await queue.keepSchedules(unit, []);
    await eventually(async () => (await queue.counts(unit)).failed === 1);
    const [one] = await deadOf(queue, unit);
    expect(one?.dead).toMatchObject({ code: 'HUB_INTERNAL', reason: 'schedule' });
    expect(one?.dead?.message).not.toContain('张三');
  });

  test('a retry asks for a run in its place; a run of the feed that succeeds takes it away', async () => {
    const [queue, unit] = [await open(), nextUnit()];
    let broken = true;
    const seen: string[] = [];
    const handler = async (job: FeedJob) => {
      if (broken) throw REFUSED;
      seen.push(`${job.feed} ${job.reason}`);
      return undefined;
    };
    await queue.work(unit, { concurrency: 1, handler });
    await queue.enqueue(unit, FEED, 'manual');
    await queue.enqueue(unit, OTHER, 'first');
    await eventually(async () => (await deadOf(queue, unit)).length === 2);
    broken = false;
    expect(await queue.retry(unit, 'of/no/such')).toEqual([]);
    expect(await queue.retry(unit, FEED)).toEqual([{ feed: FEED, task: 'sync' }]);
    await eventually(() => seen.includes(`${FEED} manual`));
    expect(await deadOf(queue, unit)).toMatchObject([{ feed: OTHER }]);
    await queue.enqueue(unit, OTHER, 'schedule');
    await eventually(async () => (await deadOf(queue, unit)).length === 0);
    await eventually(() => seen.includes(`${OTHER} schedule`));
  });

  test('a job that ran nothing takes no letter away', async () => {
    const [queue, unit] = [await open(), nextUnit()];
    let runs = 0;
    await queue.work(unit, {
      concurrency: 1,
      handler: async () => {
        runs += 1;
        if (runs === 1) throw REFUSED;
        return 'passed';
      },
    });
    await queue.schedule(unit, FEED, 50);
    await eventually(() => runs > 2);
    expect(await deadOf(queue, unit)).toHaveLength(1);
  });

  test('a schedule shows its next run, and workers of any process are seen', async () => {
    const [queue, other, unit] = [await open(), await open(), nextUnit()];
    expect(await other.workers(unit)).toBe(0);
    await queue.work(unit, { concurrency: 1, handler: async () => undefined });
    await queue.schedule(unit, FEED, 60_000);
    const [job] = await other.jobs(unit);
    expect(job).toMatchObject({
      feed: FEED,
      everyMs: 60_000,
      waiting: 0,
      active: 0,
      retrying: 0,
      dead: null,
    });
    expect(Date.parse(job?.nextAt ?? '')).toBeGreaterThan(Date.now());
    await eventually(async () => (await other.workers(unit)) === 1);
  });
});
