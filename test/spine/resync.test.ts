// What a second look at the source does to the store: nothing, a history, a tombstone, a brake, or a reading that had to wait.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeWorld } from './close-all.ts';
import { HOUR, type Legacy, MINUTE, openLegacy, START } from './open-legacy.ts';
import { openSpine, type Spine } from './open-spine.ts';

const OBJECTS = ['st_stbprp_b', 'st_fsdr_b', 'st_river_r', 'st_pptn_r'] as const;
const GAUGE = '61521090';

/** Where each row version stands on disk and which transaction wrote it: a row written again would have moved. */
const PLACES = ['hydro_station', 'flood_travel', 'river_reading', 'rain_reading']
  .flatMap((table) => [table, `${table}_history`])
  .map(
    (table) =>
      `select '${table}' as name, tableoid::int, _key, ctid::text, xmin::text from hydrology.${table}`,
  )
  .join(' union all ')
  .concat(' order by 1, 3, 4');
const VERSIONS = 'select type, version::int, rows_landed::int from hub.type_state order by type';

let legacy: Legacy;
let spine: Spine;
beforeAll(async () => {
  legacy = await openLegacy();
  spine = await openSpine({ legacy });
  await spine.firstLoad;
});
afterAll(() => closeWorld(spine, legacy));

const versionOf = async (type: string) =>
  (
    await spine.query<{ version: number }>('select version::int from hub.type_state where type = $1', [type])
  )[0]?.version ?? 0;
/** Lets time pass without anything new at the source. */
const pass = (ms: number) => legacy.database.clock.moveTo(legacy.now() + ms);
const now = () => new Date(legacy.now());

describe('syncing again', () => {
  test('the same rows writes nothing, however far back they are read', async () => {
    // An hour later the windows are read three days back: every row is seen again.
    pass(HOUR);
    const before = [await spine.query(PLACES), await spine.query(VERSIONS)];
    const runs = [];
    for (const object of OBJECTS) runs.push(await spine.sync(object));
    const after = [await spine.query(PLACES), await spine.query(VERSIONS)];
    expect(runs).toMatchObject(
      OBJECTS.map(() => ({ state: 'SUCCEEDED', written: 0, deleted: 0, set_aside: 0, waiting: 0 })),
    );
    const read = await legacy.query<{ n: number }>(
      OBJECTS.map((object) => `select count(*)::int as n from ${object} where tenant_id = '431100'`).join(
        ' union all ',
      ),
    );
    expect(runs.map((run) => run.read)).toEqual(read.map(({ n }) => n));
    expect(after).toEqual(before);
    expect(before[0]?.length).toBeGreaterThan(10_000);
  });
});

describe('a corrected row', () => {
  test('leaves its history, with the times between which it was known, and a new version', async () => {
    const at = `stcd = '${GAUGE}' and tm = '2026-04-05 05:10:00'`;
    const standing = `select stage, _known_from as since from hydrology.river_reading where _key = '${GAUGE}~2026-04-04T21:10:00Z'`;
    const [before] = await spine.query<{ stage: number; since: Date }>(standing);
    const version = await versionOf('RiverReading');
    pass(MINUTE);
    await legacy.query(`update st_river_r set z = z + 0.25 where ${at}`);
    expect(await spine.sync('st_river_r')).toMatchObject({ state: 'SUCCEEDED', written: 1, deleted: 0 });
    const stage = Number(((before?.stage ?? 0) + 0.25).toFixed(2));
    expect(before?.since).toEqual(new Date(START));
    expect(await spine.query(standing)).toEqual([{ stage, since: now() }]);
    const past = await spine.query(
      `select stage, _known_from as since, _known_to as until from hydrology.river_reading_history where _key = '${GAUGE}~2026-04-04T21:10:00Z'`,
    );
    expect(past).toEqual([{ stage: before?.stage, since: new Date(START), until: now() }]);
    expect(await versionOf('RiverReading')).toBe(version + 1);
  });

  test('is what a client reads next', async () => {
    const { data } = await spine.ask(
      `{ riverReading(id: "hydrology:RiverReading:${GAUGE}~2026-04-04T21:10:00Z") { stage source { receivedAt via } } }`,
    );
    const [row] = await legacy.query<{ z: string }>(
      `select z from st_river_r where stcd = '${GAUGE}' and tm = '2026-04-05 05:10:00'`,
    );
    const receivedAt = now().toISOString().replace('.000', '');
    expect(data).toEqual({ riverReading: { stage: Number(row?.z), source: { receivedAt, via: 'STORE' } } });
  });
});

describe('a row that the source marks as deleted', () => {
  const latest = async () => {
    const { data } = await spine.ask<{
      hydroStation: { latestRiver: { observedAt: string }; river: { nodes: object[]; totalCount: number } };
    }>(
      `{ hydroStation(id: "hydrology:HydroStation:${GAUGE}") { latestRiver { observedAt } river(last: 2) { nodes { observedAt } totalCount } } }`,
    );
    return data.hydroStation;
  };

  test('leaves a tombstone and its history, and leaves the lists', async () => {
    const before = await latest();
    expect(before.latestRiver).toEqual({ observedAt: '2026-04-04T21:20:00Z' });
    const version = await versionOf('RiverReading');
    pass(MINUTE);
    await legacy.query(
      `update st_river_r set deleted = 1 where stcd = '${GAUGE}' and tm = '2026-04-05 05:20:00'`,
    );
    expect(await spine.sync('st_river_r')).toMatchObject({ state: 'SUCCEEDED', deleted: 1 });
    const key = `'${GAUGE}~2026-04-04T21:20:00Z'`;
    expect(
      await spine.query(`select _gone_at as gone from hydrology.river_reading where _key = ${key}`),
    ).toEqual([{ gone: now() }]);
    const past = `select _gone_at as gone, _known_to as until from hydrology.river_reading_history where _key = ${key}`;
    expect(await spine.query(past)).toEqual([{ gone: null, until: now() }]);
    expect(await versionOf('RiverReading')).toBe(version + 1);
    expect(await latest()).toEqual({
      latestRiver: { observedAt: '2026-04-04T21:15:00Z' },
      river: {
        nodes: [{ observedAt: '2026-04-04T21:10:00Z' }, { observedAt: '2026-04-04T21:15:00Z' }],
        totalCount: before.river.totalCount - 1,
      },
    });
    const { data } = await spine.ask(
      `{ riverReading(id: "hydrology:RiverReading:${key.slice(1, -1)}") { stage } }`,
    );
    expect(data).toEqual({ riverReading: null });
  });

  test('comes back when the mark is taken away', async () => {
    pass(MINUTE);
    await legacy.query(
      `update st_river_r set deleted = 0 where stcd = '${GAUGE}' and tm = '2026-04-05 05:20:00'`,
    );
    expect(await spine.sync('st_river_r')).toMatchObject({ state: 'SUCCEEDED', written: 1, deleted: 0 });
    expect((await latest()).latestRiver).toEqual({ observedAt: '2026-04-04T21:20:00Z' });
  });
});

describe('a row that a whole list no longer has', () => {
  const living = () =>
    spine.query(
      `select _key, ctid::text, xmin::text from hydrology.flood_travel where _gone_at is null order by _key`,
    );

  test('is a tombstone, and its links are gone', async () => {
    const links = `{ floodTravels { totalCount }
      hydroStation(id: "hydrology:HydroStation:${GAUGE}") { floodTravelDown { totalCount } } }`;
    const toLinks = (all: number, down: number) => {
      return { floodTravels: { totalCount: all }, hydroStation: { floodTravelDown: { totalCount: down } } };
    };
    const before = await living();
    expect((await spine.ask(links)).data).toEqual(toLinks(before.length, 1));
    const [victim] = await legacy.query<{ upstcd: string; dwstcd: string }>(
      `select trim(upstcd) as upstcd, trim(dwstcd) as dwstcd from st_fsdr_b where upstcd = '61521090'`,
    );
    pass(MINUTE);
    await legacy.query(`delete from st_fsdr_b where upstcd = '61521090'`);
    expect(await spine.sync('st_fsdr_b')).toMatchObject({ state: 'SUCCEEDED', deleted: 1, written: 0 });
    const key = `${victim?.upstcd}~${victim?.dwstcd}`;
    expect(await living()).toEqual(before.filter(({ _key }) => _key !== key));
    expect(
      await spine.query(
        'select _key, _gone_at as gone from hydrology.flood_travel where _gone_at is not null',
      ),
    ).toEqual([{ _key: key, gone: now() }]);
    expect((await spine.ask(links)).data).toEqual(toLinks(before.length - 1, 0));
  });

  test('stops the run when there are too many of them, and deletes none', async () => {
    const before = await living();
    const version = await versionOf('FloodTravel');
    pass(MINUTE);
    await legacy.query(`create table kept_travel as select * from st_fsdr_b`);
    // More than a fifth of them: what a truncated answer would look like.
    await legacy.query(
      `delete from st_fsdr_b where ctid in (select ctid from st_fsdr_b where tenant_id = '431100' order by upstcd limit ${Math.floor(before.length / 5) + 1})`,
    );
    expect(await spine.sync('st_fsdr_b')).toMatchObject({
      state: 'FAILED',
      error_code: 'HUB_SYNC_DELETE_BRAKE',
      deleted: 0,
    });
    expect(await living()).toEqual(before);
    expect(await versionOf('FloodTravel')).toBe(version);
    const { data, sources } = await spine.ask('{ floodTravels { totalCount nodes { source { via } } } }');
    expect(data).toMatchObject({ floodTravels: { totalCount: before.length } });
    expect(sources).toMatchObject([{ status: 'DEGRADED', via: 'FALLBACK' }]);
  });

  test('is nothing to stop for once the list is whole again', async () => {
    await legacy.query(`truncate st_fsdr_b`);
    await legacy.query(`insert into st_fsdr_b select * from kept_travel`);
    expect(await spine.sync('st_fsdr_b')).toMatchObject({ state: 'SUCCEEDED', deleted: 0, written: 0 });
  });
});

describe('a reading whose station has not been entered yet', () => {
  const key = '61529990~2026-04-04T21:20:00Z';
  const found = () =>
    spine.query(
      `select r.stage, s.name, r.station_key from hydrology.river_reading r left join hydrology.hydro_station s on s._key = r.station_key where r._key = '${key}'`,
    );

  test('waits with its record', async () => {
    pass(MINUTE);
    await legacy.query(
      `insert into st_river_r values ('61529990', '2026-04-05 05:20:00', 88.5, null, '6', 0, '431100')`,
    );
    expect(await spine.sync('st_river_r')).toMatchObject({ state: 'SUCCEEDED', written: 0, waiting: 1 });
    expect(await found()).toEqual([]);
    expect(await spine.query(`select state, code, record->>'z' as z from hub.set_aside`)).toEqual([
      { state: 'WAITING', code: 'HUB_MAP_LINK_MISSING', z: '88.500' },
    ]);
  });

  test('lands by itself when the station has come', async () => {
    await legacy.query(`insert into st_stbprp_b (stcd, stnm, lgtd, lttd, addvcd, sttp, usesymb, tenant_id)
      values ('61529990', '新站', 111.6, 25.5, '431124', 'ZZ', '1', '431100')`);
    // Out of every window: only what was kept can bring it.
    await legacy.query(`delete from st_river_r where stcd = '61529990'`);
    expect(await spine.sync('st_stbprp_b')).toMatchObject({ state: 'SUCCEEDED', written: 1 });
    expect(await spine.sync('st_river_r')).toMatchObject({ state: 'SUCCEEDED', written: 1, waiting: 0 });
    expect(await found()).toEqual([{ stage: 88.5, name: '新站', station_key: '61529990' }]);
    expect(await spine.query('select * from hub.set_aside')).toEqual([]);
    const { data } = await spine.ask(
      `{ riverReading(id: "hydrology:RiverReading:${key}") { stage divisionBasis division { name } station { name } } }`,
    );
    expect(data).toEqual({
      riverReading: {
        stage: 88.5,
        divisionBasis: 'PARENT',
        division: { name: '道县' },
        station: { name: '新站' },
      },
    });
  });
});
