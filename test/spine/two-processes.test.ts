// Two gateways and two workers as processes of their own on one store, over both queues: begun at the same moment where
// nothing is, a third worker killed in the middle of its first load, and nothing is read, written or answered twice.
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openQueue } from '../../jobs/queue/open-queue.ts';
import { type ForestrySystem, openForestrySystem } from '../../sandbox/forestry/system.ts';
import { eventually } from '../support/eventually.ts';
import { toQueueServers } from '../support/queue-backends.ts';
import { askGraphql } from './ask.ts';
import { closeWorld } from './close-all.ts';
import { compareWithLedger, EVERYTHING } from './compare.ts';
import type { HubProcess, LogLine } from './open-hub-process.ts';
import {
  type Departments,
  EVERY_MS,
  openDepartments,
  openSharedStore,
  type SharedStore,
} from './open-shared-store.ts';
import { toTrueCounts } from './true-counts.ts';

const POLLED = [
  ...['st_fsdr_b', 'st_pptn_r', 'st_river_r', 'st_stbprp_b'].map((table) => `hydrology/fork/${table}`),
  ...['cap/alerts', 'music/hourly', 'music/minute'].map((object) => `weather/${object}`),
];
const LOOKED = ['firms/hotspots/push', 'drop/hotspots/push', 'drop/rangers/snapshot', 'drop/towers/snapshot'];
/** By one worker after the other. */
const LISTENED = 'hydrology/telemetry/report';
const FEEDS = [
  ...POLLED,
  LISTENED,
  ...LOOKED.map((feed) => `forestry/${feed.slice(0, feed.lastIndexOf('/'))}`),
];
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

const QUESTIONS = [
  '{ divisions(level: COUNTY) { code name population hydroStations(first: 20) { nodes { id name latestRiver { stage observedAt } source { freshness receivedAt } } } fireHotspots(first: 50) { nodes { id confidence location { lon lat } } } weatherStations { nodes { id name latestWeather { rain1h temperature } } } } }',
  '{ hydroStations(first: 5) { totalCount pageInfo { startCursor endCursor } nodes { name rain(last: 3) { nodes { amount period observedAt } } } } }',
  '{ nearby(point: { lon: 111.6, lat: 25.5 }, radiusKm: 40) { distanceKm entity { __typename id } } }',
  '{ warnings(first: 3) { nodes { id headline } } watchTowers { totalCount } rangers(first: 2) { nodes { id name } } }',
];

let departments: Departments;
beforeAll(async () => {
  departments = await openDepartments();
}, 240_000);
afterAll(() => closeWorld(departments));

describe.each(toQueueServers())('two gateways and two workers, the queue over $name', (server) => {
  let store: SharedStore;
  let forestry: ForestrySystem;
  let workers: HubProcess[];
  let gateways: HubProcess[];
  let urls: string[];
  beforeAll(async () => {
    store = await openSharedStore(departments, server);
  }, 240_000);
  afterAll(() => closeWorld(store, forestry));

  /** Who is in the middle of the first load of the rain. */
  const findLoading = async (): Promise<string | undefined> => {
    const [half] = await store.query<{ holder: string }>(
      `select lease_holder as holder from hub.feed
        where object = 'st_pptn_r' and mark->>'watermark' is null and mark->'scan'->>'cursor' is not null`,
    );
    return half?.holder;
  };
  const isLoaded = async () => {
    const [state] = await store.query<{ loaded: boolean }>(
      `select bool_and(mark->>'watermark' is not null) and count(*) = ${POLLED.length} as loaded
        from hub.feed where unit <> 'forestry' and source <> 'telemetry'`,
    );
    return state?.loaded;
  };

  test('all begin at the same moment on an empty store', async () => {
    workers = [store.open('worker'), store.open('worker'), store.open('worker')];
    gateways = [store.open('gateway'), store.open('gateway')];
    urls = await Promise.all(gateways.map(({ ready }) => ready));
    expect(new Set(urls).size).toBe(2);
  }, 240_000);

  test('a worker that is killed in the middle of its first load leaves the rest of it to the others', async () => {
    const holder = await eventually(findLoading, {
      what: 'a half loaded feed',
      everyMs: 5,
      withinMs: 120_000,
    });
    const killed = workers.find(({ pid }) => holder.includes(`:${pid} `));
    killed?.kill('SIGKILL');
    expect(await killed?.ended).toBe('SIGKILL');
    await eventually(isLoaded, { what: 'every feed complete', withinMs: 180_000 });
    const [broken, finished] = (await store.runs()).filter(({ feed }) => feed === 'hydrology/fork/st_pptn_r');
    expect(broken).toMatchObject({ state: 'FAILED', code: 'HUB_SYNC_LEASE_LOST' });
    expect(finished).toMatchObject({ state: 'SUCCEEDED' });
    // What the killed one had committed was not read again, and nothing was left out.
    const [legacy] = await departments.hydrology.query(
      `select count(*)::int as n from st_pptn_r where tenant_id = '431100'`,
    );
    const parts = [broken?.read ?? 0, finished?.read ?? 0];
    expect(Math.min(...parts)).toBeGreaterThan(0);
    expect(legacy).toEqual({ n: toSum(parts) });
    workers = workers.filter((worker) => worker !== killed);
  }, 240_000);

  test('each file that is left in a folder is read once and put away', async () => {
    const clock = { start: departments.start, frozen: true };
    const options = { seed: 1, days: 1, clock, log: () => undefined };
    forestry = await openForestrySystem({ ...options, folder: store.forestryFolder });
    const folders = [forestry.firmsFolder, forestry.dropFolder];
    const jobs = await openQueue(store.queue, { log: SILENT });
    const isDone = async () => {
      // A folder is looked at every ten seconds; asked for, at once.
      for (const feed of LOOKED) await jobs.enqueue('forestry', feed, 'manual');
      const left = await Promise.all(folders.map((own) => readdir(own, { withFileTypes: true })));
      const running = await store.query(`select from hub.run where unit = 'forestry' and state = 'RUNNING'`);
      return running.length === 0 && left.flat().every((entry) => entry.isDirectory());
    };
    await eventually(isDone, { what: 'empty folders', withinMs: 120_000, everyMs: 300 }).finally(() =>
      jobs.close({ graceMs: 0 }),
    );
    const files = forestry.ledger().filesDropped;
    expect(files.length).toBeGreaterThan(8);
    const archived = await Promise.all(
      folders.map((own) => readdir(join(own, 'archive'), { recursive: true })),
    );
    const names = archived.flat().filter((name) => name.endsWith('.csv'));
    expect(names.map((name) => basename(name)).toSorted()).toEqual(files.map(({ name }) => name).toSorted());
    const read = (await store.runs()).filter(({ feed }) => feed.startsWith('forestry/'));
    expect(read.map((run) => `${run.feed} ${run.state} ${run.read}`).toSorted()).toEqual(
      files.map(({ folder, name, rows }) => `${toFeed(folder, name)} SUCCEEDED ${rows}`).toSorted(),
    );
  }, 240_000);

  test('every feed goes on by its schedule, and both workers take part', async () => {
    const { length: before } = await store.runs();
    const isGoingOn = async () => {
      const later = (await store.runs()).slice(before).filter(({ state }) => state === 'SUCCEEDED');
      const isOften = POLLED.every((feed) => later.filter((run) => run.feed === feed).length >= 2);
      const ran = workers.map(toRunIds);
      return isOften && ran.every((ids) => later.some(({ id }) => ids.includes(id)));
    };
    await eventually(isGoingOn, {
      what: 'runs of every feed by both workers',
      withinMs: 120_000,
      everyMs: 200,
    });
  }, 240_000);

  test('both gateways give the same bytes', async () => {
    for (const question of QUESTIONS) {
      const ask = async (url: string | undefined) => toCalm((await askGraphql(url ?? '', question)).text);
      // A value may grow old between two questions: then the first gateway itself answers otherwise.
      const [one, other] = await eventually(async () => {
        const answers = [await ask(urls[0]), await ask(urls[1]), await ask(urls[0])] as const;
        return answers[0] === answers[2] ? answers : null;
      });
      expect(other).toBe(one);
      expect(JSON.parse(one)).not.toHaveProperty('errors');
    }
  });

  test('a cursor of one gateway is good at the other', async () => {
    const whole = await askPage(urls[0], 'first: 1000');
    expect(whole.nodes.length).toBeGreaterThan(20);
    const seen: string[] = [];
    let after = '';
    for (let page = 0; page === 0 || after !== ''; page += 1) {
      const { nodes, pageInfo } = await askPage(urls[page % 2], `first: 7${after}`);
      seen.push(...nodes.map(({ id }) => id));
      after = pageInfo.hasNextPage ? `, after: "${pageInfo.endCursor}"` : '';
    }
    expect(seen).toEqual(whole.nodes.map(({ id }) => id));
  });

  test('asked to stop after three turns of each feed, every process ends in order', async () => {
    await eventually(async () => {
      const runs = await store.runs();
      return POLLED.every((feed) => toScheduled(runs, feed).length > 2);
    });
    const all = [...gateways, ...workers];
    for (const child of all) child.kill('SIGTERM');
    expect(await Promise.all(all.map(({ ended }) => ended))).toEqual([0, 0, 0, 0]);
    expect(all.flatMap((child) => child.log().filter(isFault))).toEqual([]);
  }, 240_000);

  test('no two runs of a feed overlap, and none is doubled within its interval', async () => {
    const all = await store.runs();
    expect([...new Set(all.map(({ feed }) => feed))].toSorted()).toEqual(FEEDS.toSorted());
    for (const feed of FEEDS) {
      const own = all.filter((run) => run.feed === feed);
      for (const [index, run] of own.entries())
        for (const other of own.slice(index + 1)) expect(run.ended).toBeLessThanOrEqual(other.began);
    }
    for (const feed of POLLED) {
      const began = toScheduled(all, feed).map((run) => run.began);
      expect(began.length).toBeGreaterThan(2);
      // One a turn, though a lost lock may begin it anew; on a busy machine the first may have begun some turns late. Doubled turns
      // would be twice as many.
      const whole = toScheduled(all, feed).filter(({ state }) => state === 'SUCCEEDED');
      expect(whole.length).toBeLessThanOrEqual((Math.max(...began) - Math.min(...began)) / EVERY_MS + 5);
    }
    const jobs = await openQueue(store.queue, { log: SILENT });
    for (const unit of ['hydrology', 'weather']) {
      const own = all.filter((run) => run.feed.startsWith(`${unit}/`) && run.reason === 'schedule');
      const { completed } = await jobs.counts(unit);
      // A turn is one job and a job one run; one that steps back for a run that was asked for has none.
      expect(own.filter(({ state }) => state === 'SUCCEEDED').length).toBeLessThanOrEqual(completed);
    }
    await jobs.close({ graceMs: 0 });
    const ran = [...workers].flatMap(toRunIds);
    expect(new Set(ran).size).toBe(ran.length);
  });

  test('what stands in the store is what the departments hold, each row once', async () => {
    for (const what of EVERYTHING)
      expect((await compareWithLedger(what, departments.hydrology.query, store.query)).differences).toEqual(
        [],
      );
    const counts = toTrueCounts(departments.weather.ledger(), forestry.ledger());
    for (const [table, rows] of Object.entries(counts)) {
      const [stored] = await store.query(`select count(*)::int as rows from ${table} where _gone_at is null`);
      expect([table, stored]).toEqual([table, { rows }]);
    }
    // Nothing stood otherwise before: what was read again was found to be there.
    for (const table of ['hydrology.rain_reading', 'hydrology.river_reading', 'weather.observation'])
      expect([table, await store.query(`select from ${table}_history`)]).toEqual([table, []]);
  });
});

const WITHOUT_CALM = /"(milliseconds|ageSeconds)":\d+/g;
const toCalm = (text: string) => text.replaceAll(WITHOUT_CALM, '"$1":0');
const toSum = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);
/** A run that failed, or worse than a warning. */
const isFault = ({ level, msg }: LogLine) => msg === 'run failed' || Number(level) > 40;

function toScheduled<Run extends { readonly feed: string; readonly reason: string }>(
  runs: readonly Run[],
  feed: string,
): readonly Run[] {
  return runs.filter((run) => run.feed === feed && run.reason === 'schedule');
}

/** The runs that a worker says it has ended. */
function toRunIds(worker: HubProcess): readonly string[] {
  return worker
    .log()
    .flatMap(({ msg, run }) => (msg === 'run ended' && typeof run === 'string' ? [run] : []));
}

function toFeed(folder: string, name: string): string {
  const object = name.startsWith('护林员') ? 'rangers' : name.startsWith('瞭望塔') ? 'towers' : 'hotspots';
  return `forestry/${folder}/${object}`;
}

async function askPage(url: string | undefined, page: string) {
  type Page = { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
  const query = `{ hydroStations(${page}) { nodes { id } pageInfo { hasNextPage endCursor } } }`;
  const { data, errors } = await askGraphql<{ hydroStations: Page }>(url ?? '', query);
  expect(errors).toEqual([]);
  return data.hydroStations;
}
