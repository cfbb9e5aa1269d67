// The queue's promises, over every back end with the same text.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { HubError } from '../../schema/errors.ts';
import { eventually } from '../../test/support/eventually.ts';
import { type TestQueueServer, toQueueServers } from '../../test/support/queue-backends.ts';
import type { Log } from '../log.ts';
import type { FeedJob, JobQueue, QueueAddress } from './contract.ts';
import { openQueue } from './open-queue.ts';

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const FEED = 'fork/st_river_r/window';
const RETRIES = { attempts: 3, backoffMs: 20 };

type Opened = { queue: JobQueue; close: () => Promise<void> };

const opened: JobQueue[] = [];
// A test that fails must not leave a queue behind that keeps the run alive.
afterEach(async () => {
  await Promise.all(opened.splice(0).map((queue) => queue.close({ graceMs: 1000 })));
});

async function open(address: QueueAddress, options: object = {}): Promise<Opened> {
  const queue = await openQueue(address, { log: SILENT, retries: RETRIES, ...options });
  opened.push(queue);
  return { queue, close: () => queue.close({ graceMs: 5000 }) };
}

/** A gate that a handler waits at until the test opens it. */
function toGate(): { readonly opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe.each([...toQueueServers()])('the queue over $name', (server) => {
  let running: TestQueueServer;
  let unitNumber = 0;
  const nextUnit = () => `unit${unitNumber++}`;
  beforeAll(async () => {
    running = await server.open();
  });
  afterAll(async () => {
    await running.close();
  });

  test('a schedule fires after its interval, again and again', async () => {
    const { queue, close } = await open(running.address);
    const unit = nextUnit();
    const seen: FeedJob[] = [];
    await queue.work(unit, { concurrency: 1, handler: async (job) => void seen.push(job) });
    await queue.schedule(unit, FEED, 150);
    await eventually(() => seen.length >= 3, { what: 'three scheduled runs' });
    expect(seen[0]).toMatchObject({ unit, feed: FEED, reason: 'schedule', attempt: 1, lastAttempt: false });
    await close();
  });

  test('a schedule that is no longer planned is removed, the others stay', async () => {
    const { queue, close } = await open(running.address);
    const unit = nextUnit();
    const seen: string[] = [];
    await queue.schedule(unit, 'gone', 100);
    await queue.schedule(unit, 'kept', 100);
    await queue.keepSchedules(unit, ['kept']);
    await queue.work(unit, { concurrency: 1, handler: async (job) => void seen.push(job.feed) });
    await eventually(() => seen.filter((feed) => feed === 'kept').length >= 3);
    // Its first run may have been put into the waiting line already; no second one may follow.
    expect(seen.filter((feed) => feed === 'gone').length).toBeLessThanOrEqual(1);
    await close();
  });

  test('setting the same schedule twice makes one schedule', async () => {
    const { queue, close } = await open(running.address);
    const unit = nextUnit();
    await queue.schedule(unit, FEED, 3_600_000);
    await queue.schedule(unit, FEED, 3_600_000);
    expect(await queue.counts(unit)).toMatchObject({ waiting: 0, delayed: 1 });
    await close();
  });

  test('a feed never has two waiting runs, however often and from wherever it is asked for', async () => {
    const first = await open(running.address);
    const second = await open(running.address);
    const unit = nextUnit();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        (index % 2 === 0 ? first : second).queue.enqueue(unit, FEED, 'manual'),
      ),
    );
    expect(answers).toContain('added');
    expect(await first.queue.counts(unit)).toMatchObject({ waiting: 1 });
    await first.queue.enqueue(unit, 'another', 'manual');
    expect(await first.queue.counts(unit)).toMatchObject({ waiting: 2 });
    await Promise.all([first.close(), second.close()]);
  });

  test('a run that ended may be asked for again', async () => {
    const { queue, close } = await open(running.address);
    const unit = nextUnit();
    let runs = 0;
    await queue.work(unit, { concurrency: 1, handler: async () => void runs++ });
    expect(await queue.enqueue(unit, FEED, 'first')).toBe('added');
    await eventually(async () => runs === 1 && (await queue.counts(unit)).active === 0);
    expect(await queue.enqueue(unit, FEED, 'manual')).toBe('added');
    await eventually(() => runs === 2);
    await close();
  });

  test('a run may be asked for at the very moment at which the one before it ends', async () => {
    const { queue, close } = await open(running.address);
    const unit = nextUnit();
    let runs = 0;
    await queue.work(unit, { concurrency: 1, handler: async () => void runs++ });
    const askAgain = async () => {
      for (let asked = 0; asked < 100; asked += 1) await queue.enqueue(unit, FEED, 'manual');
    };
    // Out of step with each other, so that every moment of a run's end is met.
    await Promise.all([askAgain(), askAgain(), askAgain()]);
    expect(runs).toBeGreaterThan(1);
    await close();
  });

  test('a table’s name may have any sign in it', async () => {
    const { queue, close } = await open(running.address);
    const unit = nextUnit();
    const feeds = ['base/a:b/window', 'base/a%3Ab/window', `base/观"测'/window`];
    for (const feed of feeds) expect(await queue.enqueue(unit, feed, 'manual')).toBe('added');
    const seen: string[] = [];
    await queue.work(unit, { concurrency: 1, handler: async (job) => void seen.push(job.feed) });
    await eventually(() => seen.length === feeds.length);
    expect(seen.toSorted()).toEqual(feeds.toSorted());
    await close();
  });

  test('a scheduled run steps back when the same feed was asked for and waits', async () => {
    const { queue, close } = await open(running.address);
    const unit = nextUnit();
    const seen: string[] = [];
    await queue.enqueue(unit, FEED, 'manual');
    await queue.schedule(unit, FEED, 1);
    await queue.keepSchedules(unit, []);
    await queue.work(unit, { concurrency: 1, handler: async (job) => void seen.push(job.reason) });
    await eventually(async () => {
      const { waiting, active } = await queue.counts(unit);
      return waiting === 0 && active === 0 && seen.length > 0;
    });
    expect(seen).toContain('manual');
    expect(seen.length).toBeLessThanOrEqual(2);
    await close();
  });

  test('a fault that may pass is tried again with a growing delay, and ends after the last attempt', async () => {
    const { queue, close } = await open(running.address);
    const unit = nextUnit();
    const attempts: FeedJob[] = [];
    const failed: string[] = [];
    await queue.work(unit, {
      concurrency: 1,
      handler: async (job) => {
        attempts.push(job);
        throw new HubError('HUB_SOURCE_UNREACHABLE', 'nobody answers');
      },
      onFailed: (job, error) => failed.push(`${job.feed}: ${error.message}`),
    });
    await queue.enqueue(unit, FEED, 'first');
    await eventually(() => failed.length === 1, { what: 'the end of the last attempt' });
    expect(attempts.map((job) => job.attempt)).toEqual([1, 2, 3]);
    expect(attempts.map((job) => job.lastAttempt)).toEqual([false, false, true]);
    expect(failed).toEqual([`${FEED}: nobody answers`]);
    await close();
  });

  test.each([
    ['a fault that needs a person', new HubError('HUB_SOURCE_REFUSED', 'wrong password')],
    ['a fault of the hub itself', new TypeError('undefined is not a function')],
  ])('%s is not tried again', async (_, fault) => {
    const { queue, close } = await open(running.address);
    const unit = nextUnit();
    let runs = 0;
    const failed: string[] = [];
    await queue.work(unit, {
      concurrency: 1,
      handler: async () => {
        runs++;
        throw fault;
      },
      onFailed: (_job, error) => failed.push(error.message),
    });
    await queue.enqueue(unit, FEED, 'first');
    await eventually(() => failed.length === 1);
    await queue.enqueue(unit, 'next', 'first');
    await eventually(() => failed.length === 2);
    expect(runs).toBe(2);
    await close();
  });

  test('two workers on one queue run each job once', async () => {
    const first = await open(running.address);
    const second = await open(running.address);
    const unit = nextUnit();
    const seen: string[] = [];
    const handler = async (job: FeedJob) => void seen.push(job.feed);
    const feeds = Array.from({ length: 40 }, (_, index) => `feed${index}`);
    for (const feed of feeds) await first.queue.enqueue(unit, feed, 'first');
    await Promise.all([
      first.queue.work(unit, { concurrency: 4, handler }),
      second.queue.work(unit, { concurrency: 4, handler }),
    ]);
    await eventually(() => seen.length >= feeds.length);
    await Promise.all([first.close(), second.close()]);
    expect(seen.toSorted()).toEqual(feeds.toSorted());
  });

  test('closing tells the run to stop, waits for its page, and leaves the job for the next worker', async () => {
    const first = await open(running.address);
    const unit = nextUnit();
    const begun = toGate();
    const page = toGate();
    const order: string[] = [];
    await first.queue.work(unit, {
      concurrency: 1,
      handler: async (_job, signal) => {
        begun.open();
        await new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            order.push('told');
            page.open();
            resolve();
          });
        });
        await page.opened;
        order.push('page written');
        throw new HubError('HUB_SYNC_STOPPED', 'asked to stop');
      },
    });
    await first.queue.enqueue(unit, FEED, 'first');
    await begun.opened;
    await first.close();
    order.push('closed');
    expect(order).toEqual(['told', 'page written', 'closed']);

    const second = await open(running.address);
    const again: FeedJob[] = [];
    await second.queue.work(unit, { concurrency: 1, handler: async (job) => void again.push(job) });
    await eventually(() => again.length === 1, { what: 'the stopped job in the next worker' });
    expect(again[0]).toMatchObject({ feed: FEED, reason: 'first', attempt: 1 });
    await second.close();
  });

  test('a run that does not stop in its grace is cut off, and another worker takes it over', async () => {
    const locks = { lockDuration: 400, stalledInterval: 200, maxStalledCount: 5 };
    const first = await open(running.address, { locks });
    const unit = nextUnit();
    const begun = toGate();
    const never = toGate();
    await first.queue.work(unit, {
      concurrency: 1,
      handler: async () => {
        begun.open();
        await never.opened;
        return undefined;
      },
    });
    await first.queue.enqueue(unit, FEED, 'first');
    await begun.opened;
    await first.queue.close({ graceMs: 50 });
    const second = await open(running.address, { locks });
    const again: FeedJob[] = [];
    await second.queue.work(unit, { concurrency: 1, handler: async (job) => void again.push(job) });
    await eventually(() => again.length === 1, { what: 'the lost job in the next worker' });
    never.open();
    await second.close();
  });

  test('jobs and schedules survive a queue that is closed and opened again', async () => {
    const unit = nextUnit();
    const before = await open(running.address);
    await before.queue.enqueue(unit, 'waits', 'first');
    await before.queue.schedule(unit, 'scheduled', 50);
    await before.close();
    const after = await open(running.address);
    const seen: string[] = [];
    await after.queue.work(unit, { concurrency: 1, handler: async (job) => void seen.push(job.feed) });
    await eventually(() => seen.includes('waits') && seen.includes('scheduled'));
    await after.close();
  });

  test('several processes may open an empty queue at the same moment', async () => {
    const fresh = await server.open();
    const five = await Promise.all(Array.from({ length: 5 }, () => open(fresh.address)));
    await five[0]?.queue.enqueue('hydrology', FEED, 'first');
    expect(await five[4]?.queue.counts('hydrology')).toMatchObject({ waiting: 1 });
    await Promise.all(five.map(({ close }) => close()));
    await fresh.close();
  });

  test('connections that are cut end neither the process nor the work', async () => {
    const { queue, close } = await open(running.address);
    const unit = nextUnit();
    const seen: string[] = [];
    await queue.work(unit, { concurrency: 1, handler: async (job) => void seen.push(job.feed) });
    await queue.enqueue(unit, 'before', 'first');
    await eventually(() => seen.length === 1);
    await running.cut();
    // The first command after a cut may meet a dead connection: whoever asks may ask again.
    await eventually(() => queue.enqueue(unit, 'after', 'first').catch(() => null));
    await eventually(() => seen.includes('after'), { withinMs: 25_000, what: 'the run after the cut' });
    await close();
  });

  test('closing twice is harmless', async () => {
    const { queue } = await open(running.address);
    await queue.close({ graceMs: 1000 });
    await queue.close({ graceMs: 1000 });
  });
});
