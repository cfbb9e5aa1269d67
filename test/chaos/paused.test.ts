// A worker that is asked to stop, and one that was asleep while another took its feed over: both queues, real processes.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeWorld } from '../spine/close-all.ts';
import { eventually } from '../support/eventually.ts';
import { hasRedis } from '../support/redis.ts';
import type { Blow, WorkerTask } from './messages.ts';
import { readManifestText } from './open-unit.ts';
import { openWorkers, type Workers } from './open-workers.ts';
import { STATIONS } from './tables.ts';
import { type Backend, openWorld, type World } from './world.ts';

const BACKENDS: readonly Backend[] = hasRedis() ? ['postgres', 'redis'] : ['postgres'];
const ROWS = 4000;
const ASLEEP: Blow = { point: 'commit', object: 'st_river_r', count: 3, act: 'stop', afterMs: 0 };
const VERSIONS = `select md5(string_agg(v::text, '|' order by v::text)) as hash from (
  select _key, rev, name, _run, _version from chaos.river_reading union all
  select _key, rev, name, _run, _version from chaos.river_reading_history) v`;

describe.each(BACKENDS)('the queue over %s', (backend) => {
  let world: World;
  let manifest: string;
  const opened: Workers[] = [];
  beforeAll(async () => {
    manifest = await readManifestText();
    world = await openWorld(backend);
    await world.legacy(
      `insert into st_river_r (stcd, tm, z)
        select $1, (now() at time zone 'Asia/Shanghai')::timestamp(0) - make_interval(secs => n), n from generate_series(1, ${ROWS}) n`,
      [STATIONS.early[0]],
    );
  }, 60_000);
  afterAll(() => closeWorld(...opened, world), 60_000);

  const open = (blows: readonly (Blow | null)[], whileStopped: () => Promise<void>) => {
    const { storeUrl, sourceUrl, queue, linePort } = world;
    const toTask = (slot: number, life: number): WorkerTask => ({
      ...{ storeUrl, sourceUrl, queue, linePort, manifest, mutant: null },
      ...{
        clockOffsetMs: 0,
        holdMs: 1200,
        lateEveryMs: 3_600_000,
        blow: life === 0 ? (blows[slot] ?? null) : null,
      },
    });
    const workers = openWorkers({ slots: blows.length, toTask, whileStopped });
    opened.push(workers);
    return workers;
  };
  const readState = async () => {
    const [state] = await world.hub<{
      rows: number;
      read: number;
      running: number;
      held: number;
      cursor: boolean;
    }>(
      `select (select count(*)::int from chaos.river_reading) as rows,
        (select coalesce(sum(read), 0)::int from hub.run where object = 'st_river_r') as read,
        (select count(*)::int from hub.run where state = 'RUNNING') as running,
        (select count(*)::int from hub.feed where lease_until is not null) as held,
        (select mark->'scan'->>'cursor' is not null from hub.feed where object = 'st_river_r') as cursor`,
    );
    return state ?? null;
  };
  const isThere = async () => {
    const [{ there } = { there: false }] = await world.hub<{ there: boolean }>(
      `select to_regclass('chaos.river_reading') is not null as there`,
    );
    return there;
  };

  test('a worker that is asked to stop finishes its page and nothing more', async () => {
    const workers = open([null], async () => undefined);
    const isLoading = async () => (await isThere()) && ((await readState())?.rows ?? 0) >= 100;
    await eventually(isLoading, { what: 'some pages', withinMs: 30_000, everyMs: 5 });
    expect(await workers.stop()).toEqual([0]);
    const state = await readState();
    // Whole pages, each committed with its mark; every run is closed and every feed is free.
    expect(state).toMatchObject({ read: state?.rows, running: 0, held: 0, cursor: true });
    expect((state?.rows ?? 0) % 20).toBe(0);
    expect(state?.rows).toBeLessThan(ROWS);
  }, 60_000);

  test('a worker that slept over its lease wakes up and writes nothing', async () => {
    let before: unknown = null;
    const isLoaded = async () => {
      const [feed] = await world.hub<{ done: boolean }>(
        `select mark->>'watermark' is not null as done from hub.feed where object = 'st_river_r'`,
      );
      return feed?.done;
    };
    const others: Workers[] = [];
    const sleeper = open([ASLEEP], async () => {
      others.push(open([null], async () => undefined));
      await eventually(isLoaded, { what: 'the rest, by another one', withinMs: 30_000, everyMs: 50 });
      before = await world.hub(VERSIONS);
    });
    const isWoken = () => /"code":"HUB_SYNC_LEASE_LOST"/.test(sleeper.said());
    await eventually(isWoken, { what: 'the lost lease', withinMs: 45_000, everyMs: 50 });
    expect(before).not.toBeNull();
    expect(await world.hub(VERSIONS)).toEqual(before);
    const [counted] = await world.hub(
      'select count(*)::int as rows, count(distinct observed_at)::int as times from chaos.river_reading',
    );
    expect(counted).toEqual({ rows: ROWS, times: ROWS });
    expect(await Promise.all([sleeper, ...others].map((one) => one.stop()))).toEqual([[0], [0]]);
  }, 90_000);
});
