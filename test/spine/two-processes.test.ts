// Two gateways and two workers as processes of their own on one store, over both queues: begun at the same moment where
// nothing is, a third worker killed in the middle of its first load, and nothing is read, written or answered twice.
import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { JobQueue } from '../../jobs/queue/contract.ts';
import { openQueue } from '../../jobs/queue/open-queue.ts';
import type { Ledger as ForestryLedger } from '../../sandbox/forestry/ledger.ts';
import { type ForestrySystem, openForestrySystem } from '../../sandbox/forestry/system.ts';
import type { Ledger as WeatherLedger } from '../../sandbox/weather/ledger.ts';
import { openWeatherSystem, type WeatherSystem } from '../../sandbox/weather/system.ts';
import { openTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { toQueueServers } from '../support/queue-backends.ts';
import { askGraphql } from './ask.ts';
import { type Close, closeAll } from './close-all.ts';
import { compareWithLedger, EVERYTHING } from './compare.ts';
import { type HubProcess, type LogLine, openHubProcess } from './open-hub-process.ts';
import { type Legacy, openLegacy, PLAIN } from './open-legacy.ts';
import { openUnitsCopy, replaced, type UnitsCopy } from './units-copy.ts';

/** The processes go by the wall clock: the departments stand still at the moment at which the test begins. */
const START = Date.now();
const EVERY_MS = 1000;
const POLLED = [
  ...['st_fsdr_b', 'st_pptn_r', 'st_river_r', 'st_stbprp_b'].map((table) => `hydrology/fork/${table}`),
  ...['cap/alerts', 'music/hourly', 'music/minute'].map((object) => `weather/${object}`),
];
const FOLDERS = ['firms', 'drop'] as const;
const LOOKED = ['firms/hotspots/push', 'drop/hotspots/push', 'drop/rangers/snapshot', 'drop/towers/snapshot'];
const FEEDS = [...POLLED, ...LOOKED.map((feed) => `forestry/${feed.slice(0, feed.lastIndexOf('/'))}`)];
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

const QUESTIONS = [
  '{ divisions(level: COUNTY) { code name population hydroStations(first: 20) { nodes { id name latestRiver { stage observedAt } source { freshness receivedAt } } } fireHotspots(first: 50) { nodes { id confidence location { lon lat } } } weatherStations { nodes { id name latestWeather { rain1h temperature } } } } }',
  '{ hydroStations(first: 5) { totalCount pageInfo { startCursor endCursor } nodes { name rain(last: 3) { nodes { amount period observedAt } } } } }',
  '{ nearby(point: { lon: 111.6, lat: 25.5 }, radiusKm: 40) { distanceKm entity { __typename id } } }',
  '{ warnings(first: 3) { nodes { id headline } } watchTowers { totalCount } rangers(first: 2) { nodes { id name } } }',
];

/** Every feed that is polled every second, in pages that are small enough to be met in the middle of a load. */
function toHasty(manifest: string, unit: string): string {
  const text = manifest.replaceAll(/every: P\w+/g, 'every: PT1S').replaceAll('stable: PT10S', 'stable: PT1S');
  return unit === 'hydrology' ? replaced(text, 'rows: 2000', 'rows: 200') : text;
}

const shared: Close[] = [];
let hydrology: Legacy;
let weather: WeatherSystem;
let units: UnitsCopy;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-two-'));
  await chmod(folder, 0o755);
  shared.push(() => rm(folder, { recursive: true, force: true }));
  units = await openUnitsCopy(toHasty, ['hydrology', 'weather', 'forestry']);
  shared.push(units.close);
  hydrology = await openLegacy({ start: START });
  shared.push(hydrology.close);
  const clock = { start: START, frozen: true };
  const options = { seed: 1, days: 1, clock, log: () => undefined };
  weather = await openWeatherSystem({ ...options, folder: join(folder, 'weather'), port: 0 });
  shared.push(weather.close);
}, 60_000);
afterAll(() => closeAll(shared));

type Run = {
  readonly id: string;
  readonly feed: string;
  readonly reason: string;
  readonly state: string;
  readonly code: string | null;
  readonly read: number;
  readonly written: number;
  readonly began: number;
  readonly ended: number | null;
};

describe.each(toQueueServers())('two gateways and two workers, the queue over $name', (server) => {
  const opened: Close[] = [];
  let forestry: ForestrySystem;
  let jobs: JobQueue;
  let pool: pg.Pool;
  let environment: Readonly<Record<string, string>>;
  let workers: HubProcess[];
  let gateways: HubProcess[];
  let urls: string[];
  const toFolder = (name: string) => join(folder, server.name, name);

  beforeAll(async () => {
    const queue = await server.open();
    opened.push(queue.close);
    const isRedis = queue.address.kind === 'redis';
    const database = isRedis ? await openTestDatabase() : { ...queue.address, close: async () => undefined };
    opened.push(database.close);
    pool = new pg.Pool({ connectionString: database.url, max: 2, options: PLAIN });
    opened.push(() => pool.end());
    jobs = await openQueue(queue.address, { log: SILENT });
    opened.push(() => jobs.close({ graceMs: 0 }));
    for (const name of FOLDERS) await mkdir(toFolder(name), { recursive: true });
    environment = {
      HUB_DATABASE_URL: database.url,
      ...(isRedis ? { REDIS_URL: queue.address.url } : {}),
      HUB_UNITS_DIR: units.folder,
      HYDROLOGY_URL: hydrology.url,
      WEATHER_MUSIC_URL: weather.url,
      WEATHER_MUSIC_USER: weather.credentials.musicUser,
      WEATHER_MUSIC_PASSWORD: weather.credentials.musicPassword,
      WEATHER_CAP_URL: weather.url,
      WEATHER_CAP_KEY: weather.credentials.capKey,
      FORESTRY_FIRMS_FOLDER: pathToFileURL(toFolder('firms')).href,
      FORESTRY_DROP_FOLDER: pathToFileURL(toFolder('drop')).href,
    };
  }, 60_000);
  afterAll(() => closeAll(opened));

  function open(command: 'worker' | 'gateway'): HubProcess {
    const child = openHubProcess(command, environment);
    opened.push(async () => {
      child.kill('SIGKILL');
      await child.ended;
    });
    return child;
  }
  const query = async <Row extends pg.QueryResultRow>(text: string): Promise<Row[]> =>
    (await pool.query<Row>(text)).rows;
  const runs = () =>
    query<Run>(`select id, concat_ws('/', unit, source, object) as feed, reason, state, error_code as code, read::int, written::int,
      (extract(epoch from started_at) * 1000)::float8 as began, (extract(epoch from ended_at) * 1000)::float8 as ended
      from hub.run order by id`);

  /** Who is in the middle of the first load of the rain. */
  const findLoading = async (): Promise<string | undefined> => {
    const [half] = await query<{ holder: string }>(
      `select lease_holder as holder from hub.feed
        where object = 'st_pptn_r' and mark->>'watermark' is null and mark->'scan'->>'cursor' is not null`,
    );
    return half?.holder;
  };
  const isLoaded = async () => {
    const [state] = await query<{ loaded: boolean }>(
      `select bool_and(mark->>'watermark' is not null) and count(*) = ${POLLED.length} as loaded
        from hub.feed where unit <> 'forestry'`,
    );
    return state?.loaded;
  };

  test('all begin at the same moment on an empty store', async () => {
    workers = [open('worker'), open('worker'), open('worker')];
    gateways = [open('gateway'), open('gateway')];
    urls = await Promise.all(gateways.map(({ ready }) => ready));
    expect(new Set(urls).size).toBe(2);
  }, 60_000);

  test('a worker that is killed in the middle of its first load leaves the rest of it to the others', async () => {
    const holder = await eventually(findLoading, {
      what: 'a half loaded feed',
      everyMs: 5,
      withinMs: 30_000,
    });
    const killed = workers.find(({ pid }) => holder.includes(`:${pid} `));
    killed?.kill('SIGKILL');
    expect(await killed?.ended).toBe('SIGKILL');
    await eventually(isLoaded, { what: 'every feed complete', withinMs: 60_000 });
    const [broken, finished] = (await runs()).filter(({ feed }) => feed === 'hydrology/fork/st_pptn_r');
    expect(broken).toMatchObject({ state: 'FAILED', code: 'HUB_SYNC_LEASE_LOST' });
    expect(finished).toMatchObject({ state: 'SUCCEEDED' });
    // What the killed one had committed was not read again, and nothing was left out.
    const [legacy] = await hydrology.query(
      `select count(*)::int as n from st_pptn_r where tenant_id = '431100'`,
    );
    const parts = [broken?.read ?? 0, finished?.read ?? 0];
    expect(Math.min(...parts)).toBeGreaterThan(0);
    expect(legacy).toEqual({ n: toSum(parts) });
    workers = workers.filter((worker) => worker !== killed);
  }, 90_000);

  test('each file that is left in a folder is read once and put away', async () => {
    const clock = { start: START, frozen: true };
    forestry = await openForestrySystem({
      folder: toFolder(''),
      seed: 1,
      days: 1,
      clock,
      log: () => undefined,
    });
    opened.push(forestry.close);
    const folders = FOLDERS.map(toFolder);
    const isDone = async () => {
      // A folder is looked at every ten seconds; asked for, at once.
      for (const feed of LOOKED) await jobs.enqueue('forestry', feed, 'manual');
      const left = await Promise.all(folders.map((own) => readdir(own, { withFileTypes: true })));
      const running = await query(`select from hub.run where unit = 'forestry' and state = 'RUNNING'`);
      return running.length === 0 && left.flat().every((entry) => entry.isDirectory());
    };
    await eventually(isDone, { what: 'empty folders', withinMs: 30_000, everyMs: 300 });
    const files = forestry.ledger().filesDropped;
    expect(files.length).toBeGreaterThan(8);
    const archived = await Promise.all(
      folders.map((own) => readdir(join(own, 'archive'), { recursive: true })),
    );
    const names = archived.flat().filter((name) => name.endsWith('.csv'));
    expect(names.map((name) => basename(name)).toSorted()).toEqual(files.map(({ name }) => name).toSorted());
    const read = (await runs()).filter(({ feed }) => feed.startsWith('forestry/'));
    expect(read.map((run) => `${run.feed} ${run.state} ${run.read}`).toSorted()).toEqual(
      files.map(({ folder, name, rows }) => `${toFeed(folder, name)} SUCCEEDED ${rows}`).toSorted(),
    );
  }, 60_000);

  test('every feed goes on by its schedule, and both workers take part', async () => {
    const { length: before } = await runs();
    const isGoingOn = async () => {
      const later = (await runs()).slice(before).filter(({ state }) => state === 'SUCCEEDED');
      const isOften = POLLED.every((feed) => later.filter((run) => run.feed === feed).length >= 3);
      const ran = workers.map(toRunIds);
      return isOften && ran.every((ids) => later.some(({ id }) => ids.includes(id)));
    };
    await eventually(isGoingOn, {
      what: 'runs of every feed by both workers',
      withinMs: 30_000,
      everyMs: 200,
    });
  }, 60_000);

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

  test('asked to stop, every process ends in order', async () => {
    const all = [...gateways, ...workers];
    for (const child of all) child.kill('SIGTERM');
    expect(await Promise.all(all.map(({ ended }) => ended))).toEqual([0, 0, 0, 0]);
    expect(all.flatMap((child) => child.log().filter(isFault))).toEqual([]);
  }, 30_000);

  test('no two runs of a feed overlap, and none is doubled within its interval', async () => {
    const all = await runs();
    expect([...new Set(all.map(({ feed }) => feed))].toSorted()).toEqual(FEEDS.toSorted());
    for (const feed of FEEDS) {
      const own = all.filter((run) => run.feed === feed);
      for (const [index, run] of own.entries())
        for (const other of own.slice(index + 1)) expect(run.ended).toBeLessThanOrEqual(other.began);
    }
    for (const feed of POLLED) {
      const began = all
        .filter((run) => run.feed === feed && run.reason === 'schedule')
        .map((run) => run.began);
      // One a turn, the first and the last of which may have begun late.
      expect(began.length).toBeGreaterThan(3);
      expect(began.length).toBeLessThanOrEqual((Math.max(...began) - Math.min(...began)) / EVERY_MS + 2);
    }
    const ran = [...workers].flatMap(toRunIds);
    expect(new Set(ran).size).toBe(ran.length);
  });

  test('what stands in the store is what the departments hold, each row once', async () => {
    for (const what of EVERYTHING)
      expect((await compareWithLedger(what, hydrology.query, query)).differences).toEqual([]);
    for (const [table, rows] of toTrueCounts(weather.ledger(), forestry.ledger()))
      expect([
        table,
        ...(await query(`select count(*)::int as rows from ${table} where _gone_at is null`)),
      ]).toEqual([table, { rows }]);
    // Nothing stood otherwise before: what was read again was found to be there.
    for (const table of ['hydrology.rain_reading', 'hydrology.river_reading', 'weather.observation'])
      expect([table, await query(`select from ${table}_history`)]).toEqual([table, []]);
  });
});

const WITHOUT_CALM = /"(milliseconds|ageSeconds)":\d+/g;
const toCalm = (text: string) => text.replaceAll(WITHOUT_CALM, '"$1":0');
const toSum = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);
/** A run that failed, or worse than a warning. */
const isFault = ({ level, msg }: LogLine) => msg === 'run failed' || Number(level) > 40;

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

/** How many rows each table must have, as the departments' own ledgers say. */
function toTrueCounts(
  weather: WeatherLedger,
  forestry: ForestryLedger,
): readonly (readonly [string, number])[] {
  const { hourly, minutes, warnings } = weather;
  const count = (keys: readonly string[]) => new Set(keys).size;
  const toReading = ({ station, observedAt }: { station: string; observedAt: string }) =>
    `${station} ${observedAt}`;
  // Neighbours' fires are in NASA's files too.
  const ours = forestry.hotspots.filter(
    ({ sensor, lon, lat }) =>
      sensor === 'domestic' || (lat >= 24.6 && lat <= 26.9 && lon >= 110.9 && lon <= 112.5),
  );
  return [
    ['weather.weather_station', count([...hourly, ...minutes].map(({ station }) => station))],
    ['weather.observation', count(hourly.map(toReading)) + count(minutes.map(toReading))],
    ['weather.warning', warnings.length],
    ['forestry.fire_hotspot', ours.length],
    ['forestry.watch_tower', forestry.towers.length],
    ['forestry.ranger', forestry.rangers.filter(({ validTo }) => validTo === null).length],
  ];
}
