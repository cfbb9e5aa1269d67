// The worker from outside: first load in order, schedules, sources that are down, units that cannot run, closing. Over
// both queues, with a source and a store in memory.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { ConnectorKind, SourceSettings } from '../../connectors/kit/contract.ts';
import type { Unit, UnitType } from '../../connectors/kit/manifest/model.ts';
import { HubError, isHubError } from '../../schema/errors.ts';
import type { ReconcileStore } from '../../store/reconcile/contract.ts';
import { eventually } from '../../test/support/eventually.ts';
import { type MemorySource, openMemorySource, toTable } from '../../test/support/memory-source.ts';
import { type MemoryStore, openMemoryStore } from '../../test/support/memory-store.ts';
import { type TestQueueServer, toQueueServers } from '../../test/support/queue-backends.ts';
import { READING_MAPPING, STATION_MAPPING } from '../../test/support/sample-mapping.ts';
import { readingType, sampleUnit, stationType } from '../../test/support/sample-unit.ts';
import type { Log } from '../log.ts';
import type { JobQueue } from '../queue/contract.ts';
import { openQueue } from '../queue/open-queue.ts';
import { type Worker, type WorkOptions, workUnits } from './work-units.ts';

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const STATIONS = 'fork/st_stbprp_b/snapshot';
const READINGS = 'fork/st_river_r/window';

type City = { source: MemorySource; store: MemoryStore; kind: ConnectorKind; opened: SourceSettings[] };

/** Four stations with a reading each. */
function openCity(): City {
  const station = toTable('st_stbprp_b', ['stcd', 'stnm'], ['stcd']);
  const river = toTable('st_river_r', ['stcd', 'tm:timestamp', 'z:decimal'], ['stcd', 'tm']);
  const local = new Date(Date.now() + 479 * 60_000).toISOString().slice(0, 19).replace('T', ' ');
  for (const stcd of ['S1', 'S2', 'S3', 'S4']) {
    station.rows.push({ stcd, stnm: stcd });
    river.rows.push({ stcd, tm: local, z: '1.5' });
  }
  const source = openMemorySource([station, toTable('st_rvfcch_b', ['stcd', 'wrz'], ['stcd']), river]);
  const opened: SourceSettings[] = [];
  const open = async (settings: SourceSettings) => {
    opened.push(settings);
    return source;
  };
  return {
    source,
    store: openMemoryStore(),
    opened,
    kind: { kind: 'sql', capabilities: source.capabilities, open },
  };
}

/** The sample unit under a name of its own, each feed at its own pace. */
function toUnit(name: string, every = 'PT1H'): Unit {
  const paced = (type: UnitType): UnitType => ({
    ...type,
    links: type.links.map((link) => ({ ...link, to: link.to === null ? null : { ...link.to, unit: name } })),
    forms: type.forms.map((form) => ({ ...form, sync: { ...form.sync, every } })),
  });
  return { ...sampleUnit([paced(readingType()), paced(stationType())]), unit: name };
}

describe.each([...toQueueServers()])('the worker over $name', (server) => {
  let running: TestQueueServer;
  let number = 0;
  beforeAll(async () => {
    running = await server.open();
  });
  afterAll(() => running.close());
  const nextName = () => `hydrology-${number++}`;
  const openTestQueue = () =>
    openQueue(running.address, { log: SILENT, retries: { attempts: 3, backoffMs: 20 } });

  const opened: (() => Promise<void>)[] = [];
  // A test that fails must not leave a worker behind that keeps the run alive.
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((close) => close()));
  });

  type Opened = { worker: Worker; queue: JobQueue; close: () => Promise<void> };
  async function open(
    city: City,
    units: readonly Unit[],
    change: Partial<WorkOptions> = {},
  ): Promise<Opened> {
    const queue = await openTestQueue();
    const worker = await workUnits(
      {
        units,
        kinds: { sql: city.kind },
        secrets: (name) => (name === 'HYDROLOGY_URL' ? 'memory://fork' : undefined),
        store: city.store,
        queue,
        clock: Date.now,
        log: SILENT,
        retryMs: 100,
        ...change,
      },
      { compile: () => [STATION_MAPPING, READING_MAPPING], protect: (source) => source },
    );
    const close = async () => {
      await worker.close({ graceMs: 5000 });
      await queue.close({ graceMs: 5000 });
    };
    opened.push(close);
    return { worker, queue, close };
  }

  test('takes a unit that joins, one that has changed and one that leaves, and does not touch the others', async () => {
    const city = openCity();
    const [stays, joins] = [nextName(), nextName()];
    const prepared: string[] = [];
    const prepare = async ({ unit }: Unit) => void prepared.push(unit);
    const { worker, queue } = await open(city, [toUnit(stays)], { prepare });
    await worker.firstLoad;
    const isLoaded = async (name: string) =>
      (await queue.jobs(name)).filter(({ everyMs }) => everyMs !== null);
    expect(await worker.take([toUnit(stays), toUnit(joins)])).toEqual([]);
    expect([await queue.workers(stays), await queue.workers(joins)]).toEqual([1, 1]);
    await eventually(async () => (await isLoaded(joins)).length === 2);
    // Another pace: begun anew, under its new schedule.
    expect(await worker.take([toUnit(stays), toUnit(joins, 'PT2H')])).toEqual([]);
    await eventually(async () => (await isLoaded(joins)).every(({ everyMs }) => everyMs === 7_200_000));
    expect(prepared).toEqual([joins, joins]);
    expect(city.opened).toHaveLength(3);
    expect(await worker.take([toUnit(stays)])).toEqual([]);
    expect([await queue.workers(stays), await queue.workers(joins)]).toEqual([1, 0]);
    expect([(await isLoaded(stays)).length, (await isLoaded(joins)).length]).toEqual([2, 0]);
    expect(city.opened).toHaveLength(3);
  });

  test('leaves a unit out whose secret is missing, and takes it once the secret has come', async () => {
    const city = openCity();
    const [stays, joins] = [nextName(), nextName()];
    const known = new Map<string, string>();
    const { worker, queue } = await open(city, [], { secrets: (name) => known.get(name) });
    const units = [toUnit(stays), toUnit(joins)];
    const left = await worker.take(units);
    expect(left.map(({ unit, error }) => [unit, isHubError(error, 'HUB_CONFIG_INVALID')])).toEqual([
      [stays, true],
      [joins, true],
    ]);
    known.set('HYDROLOGY_URL', 'memory://fork');
    expect(await worker.take(units)).toEqual([]);
    expect([await queue.workers(stays), await queue.workers(joins)]).toEqual([1, 1]);
  });

  test('compares every feed once it is loaded, hourly, and when it is asked to, beside its runs', async () => {
    const city = openCity();
    const name = nextName();
    const own = await openTestQueue();
    opened.push(() => own.close({ graceMs: 5000 }));
    const scheduled: unknown[] = [];
    const queue: JobQueue = {
      ...own,
      schedule: (...schedule) => {
        scheduled.push(schedule);
        return own.schedule(...schedule);
      },
    };
    const published: string[] = [];
    const reconcile: ReconcileStore = {
      count: async () => [],
      compare: async (_run, { rows }) => ({
        rows: rows.map(({ type, key }) => ({ type, key, state: 'same' })),
        setAside: [],
        natives: [],
      }),
      surplus: async () => ({ count: 0, keys: [] }),
      hold: async () => undefined,
      recall: async () => [],
      publish: async (_run, { findings }) => {
        published.push(...findings.map(({ type, gap }) => `${type} ${gap}`));
      },
    };
    const store = { sync: city.store.sync, reconcile };
    const { worker } = await open(city, [toUnit(name)], { queue, store, keepMs: 20 });
    await worker.firstLoad;
    const hourly = [STATIONS, READINGS].map((feed) => JSON.stringify([name, feed, 3_600_000, 'reconcile']));
    await eventually(async () =>
      hourly.every((one) => scheduled.map((each) => JSON.stringify(each)).includes(one)),
    );
    await eventually(async () => published.length === 2);
    expect(published.toSorted()).toEqual(['HydroStation 0', 'RiverReading 0']);
    await eventually(async () => (await own.enqueue(name, READINGS, 'manual', 'reconcile')) === 'added');
    await eventually(async () => published.length > 2);
    expect(published[2]).toBe('RiverReading 0');
  });

  test('loads every feed once, stations before the readings that wait for them', async () => {
    const city = openCity();
    const name = nextName();
    const progress: string[] = [];
    const { worker, close } = await open(city, [toUnit(name)], {
      onProgress: ({ feed }) => progress.push(feed),
    });
    expect(worker.feeds.map((feed) => feed.name)).toEqual([STATIONS, READINGS]);
    expect(await worker.firstLoad).toEqual([
      { unit: name, feed: STATIONS, state: 'complete', error: null },
      { unit: name, feed: READINGS, state: 'complete', error: null },
    ]);
    expect(city.store.runs.slice(0, 2).map(({ reason, state }) => [reason, state])).toEqual([
      ['first', 'succeeded'],
      ['first', 'succeeded'],
    ]);
    expect(city.store.waiting.size).toBe(0);
    expect(city.store.rows.size).toBe(8);
    expect(progress.indexOf(READINGS)).toBeGreaterThan(progress.lastIndexOf(STATIONS, 1));
    expect(city.opened[0]).toMatchObject({
      unit: name,
      name: 'fork',
      url: 'memory://fork',
      timeoutMs: 5000,
      pageRows: 3,
    });
    await close();
    expect(city.source.closed).toBe(true);
  });

  test('runs every feed by its schedule after that', async () => {
    const city = openCity();
    const { worker, close } = await open(city, [toUnit(nextName(), 'PT0.2S')]);
    await worker.firstLoad;
    city.source.tables.get('st_stbprp_b')?.rows.push({ stcd: 'S5', stnm: 'new' });
    await eventually(() => city.store.rows.has('HydroStation:S5'), { what: 'the new station, by schedule' });
    expect(city.store.runs.some((run) => run.reason === 'schedule')).toBe(true);
    await close();
  });

  test('goes on when a source is down at start, and loads it by itself when it is back', async () => {
    const city = openCity();
    city.source.beforePage = () => {
      throw new HubError('HUB_SOURCE_UNREACHABLE', 'fork does not answer');
    };
    const { worker, close } = await open(city, [toUnit(nextName())]);
    expect(await worker.firstLoad).toMatchObject([
      { feed: STATIONS, state: 'failed', error: { code: 'HUB_SOURCE_UNREACHABLE' } },
      { feed: READINGS, state: 'held', error: null },
    ]);
    expect(city.store.rows.size).toBe(0);
    city.source.beforePage = () => undefined;
    await eventually(() => city.store.rows.size === 8, { what: 'the load after the source came back' });
    expect(city.store.waiting.size).toBe(0);
    await close();
  });

  test('asks a source that refuses the password at its own pace only', async () => {
    const city = openCity();
    let asked = 0;
    city.source.beforePage = () => {
      asked += 1;
      throw new HubError('HUB_SOURCE_REFUSED', 'wrong password');
    };
    const { worker, close } = await open(city, [toUnit(nextName())], { retryMs: 10 });
    expect(await worker.firstLoad).toMatchObject([{ state: 'failed' }, { state: 'held' }]);
    await close();
    expect(asked).toBe(1);
  });

  test('a unit without its secret, or of an unknown kind, is left out and named; the others run', async () => {
    const city = openCity();
    const [good, poor, odd] = [nextName(), nextName(), nextName()];
    const change = (unit: Unit, source: object): Unit => {
      return { ...unit, sources: unit.sources.map((spec) => ({ ...spec, ...source })) };
    };
    const units = [
      change(toUnit(poor), { url: { secret: 'NOT_SET' } }),
      change(toUnit(odd), { kind: 'soap' }),
      toUnit(good),
    ];
    const { worker, close } = await open(city, units);
    expect(worker.leftOut).toMatchObject([
      { unit: poor, error: { code: 'HUB_CONFIG_INVALID', message: expect.stringContaining('NOT_SET') } },
      { unit: odd, error: { code: 'HUB_SOURCE_UNSUPPORTED', message: expect.stringContaining('kind soap') } },
    ]);
    expect((await worker.firstLoad).map(({ unit, state }) => [unit, state])).toEqual([
      [good, 'complete'],
      [good, 'complete'],
    ]);
    await close();
  });

  test('closing lets the page be written, and the next worker resumes behind it', async () => {
    const city = openCity();
    const units = [toUnit(nextName())];
    let closing: Promise<void> | null = null;
    const first: { opened?: Opened } = {};
    city.store.afterCommit = () => {
      closing ??= first.opened?.close() ?? null;
    };
    // The first page must not be committed before the worker is in hand.
    city.source.beforePage = () => eventually(() => first.opened).then(() => undefined);
    first.opened = await open(city, units);
    const loads = await first.opened.worker.firstLoad;
    await closing;
    expect(loads).toMatchObject([{ state: 'stopped' }, { state: 'held' }]);
    expect(city.store.pages.map((page) => page.read)).toEqual([3]);
    expect(city.source.closed).toBe(true);

    city.store.afterCommit = () => undefined;
    const second = await open(city, units);
    expect(await second.worker.firstLoad).toMatchObject([{ state: 'complete' }, { state: 'complete' }]);
    expect(city.store.pages[1]).toMatchObject({ read: 1 });
    expect([...city.store.rows.values()].every((row) => row.writes === 1)).toBe(true);
    await second.close();
  });

  test('what was complete is not loaded again by the next worker', async () => {
    const city = openCity();
    const units = [toUnit(nextName())];
    const first = await open(city, units);
    await first.worker.firstLoad;
    await first.close();
    const loads = city.store.runs.filter((run) => run.reason === 'first').length;
    const second = await open(city, units);
    expect(await second.worker.firstLoad).toMatchObject([{ state: 'complete' }, { state: 'complete' }]);
    await second.close();
    expect(city.store.runs.filter((run) => run.reason === 'first').length).toBe(loads);
  });

  test('two workers load a unit together: each row is written once', async () => {
    const city = openCity();
    const units = [toUnit(nextName())];
    const [one, two] = await Promise.all([open(city, units), open(city, units)]);
    const loads = await Promise.all([one.worker.firstLoad, two.worker.firstLoad]);
    expect(loads.flat().every((load) => load.state === 'complete')).toBe(true);
    expect(city.store.rows.size).toBe(8);
    expect([...city.store.rows.values()].every((row) => row.writes === 1)).toBe(true);
    await Promise.all([one.close(), two.close()]);
  });
});
