// The stations of the sandbox's hydrology centre send to the hub while its tables are read: what was answered is in the store, the
// tables' checked value stays, and a worker that is killed in the middle loses nothing that it answered.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { findAnyPort } from '../../postgres/ports.ts';
import { toWorld } from '../../sandbox/hydrology/readings.ts';
import { type Sending, toSendings, toTelemetered } from '../../sandbox/hydrology/reports.ts';
import { parseStations } from '../../sandbox/hydrology/station.ts';
import { openStations, type Stations } from '../../sandbox/hydrology/stations.ts';
import { openTelemetry } from '../../sandbox/hydrology/telemetry.ts';
import { openTelemetryLoad, type TelemetryLoad } from '../../sandbox/hydrology/telemetry-load.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { closeWorld } from './close-all.ts';
import { compareWithLedger, EVERYTHING } from './compare.ts';
import { compareTelemetry, type TelemetryWhat } from './compare-telemetry.ts';
import { type HubProcess, openHubProcess } from './open-hub-process.ts';
import { type Legacy, MINUTE, openLegacy, openPlainPool, START } from './open-legacy.ts';
import { assertLoaded, openSpine, type Spine } from './open-spine.ts';
import { openUnitsCopy, type UnitsCopy } from './units-copy.ts';

const PASSWORD = '5C0A';
const MINUTES = 20;
const STATIONS = parseStations().filter(({ addvcd }) => ['431124', '431126', '431103'].includes(addvcd));
const WHATS: readonly TelemetryWhat[] = ['river', 'rain'];

describe('stations that send while the tables are read', () => {
  let legacy: Legacy;
  let spine: Spine;
  let stations: Stations;
  let port: number;
  /** All that the stations sent. */
  let due: readonly Sending[];
  beforeAll(async () => {
    port = await findAnyPort();
    legacy = await openLegacy({ stations: STATIONS });
    const secrets = { HYDROLOGY_TELEMETRY_PORT: String(port), HYDROLOGY_RTU_PASSWORD: PASSWORD };
    spine = await openSpine({ legacy, secrets });
    await assertLoaded(spine);
    const { adminUrl, clock } = legacy.database;
    const own = { adminUrl, clock, seed: 1, stations: STATIONS, port, password: PASSWORD, retryMs: 20 };
    stations = openStations({ ...own, log: () => undefined });
    await eventually(stations.isConnected, { what: 'all lines' });
    let sent = 0;
    for (let minute = 1; minute <= MINUTES; minute += 1) {
      await legacy.database.tick(START + minute * MINUTE);
      sent += await stations.tick();
      // In the middle of whatever is on the lines.
      if (minute === 5) stations.cut();
    }
    due = toSendings(toWorld(1, STATIONS), START, START + MINUTES * MINUTE);
    expect(sent).toBe(due.length);
    await eventually(() => stations.waiting() === 0, { what: 'all answers' });
    const isWritten = async () => (await unacknowledged()) === 0;
    await eventually(isWritten, { what: 'the ledger' });
  }, 90_000);
  afterAll(() => closeWorld(stations, spine, legacy));

  const count = async (text: string) =>
    (await spine.query<{ n: number }>(`select count(*)::int as n from ${text}`))[0]?.n;
  const unacknowledged = async () =>
    (
      await legacy.query<{ n: number }>(
        'select count(*)::int as n from ledger.telemetry where acknowledged_at is null',
      )
    )[0]?.n;
  const compare = (what: TelemetryWhat, fromTables: boolean) =>
    compareTelemetry(what, legacy.query, spine.query, { fromTables });

  test('have each reading that was answered in the store, once, and nothing else', async () => {
    for (const what of WHATS) {
      const { compared, differences } = await compare(what, false);
      expect(differences).toEqual([]);
      expect(compared).toBeGreaterThan(10);
      expect(await count(`hydrology.${what}_reading_history where _source = 'telemetry'`)).toBe(0);
    }
    expect(due.filter(({ isDoubled }) => isDoubled).length).toBeGreaterThan(0);
  });

  test('leave what is damaged for a person to see', async () => {
    const damaged = due.filter(({ isDamagedFirst }) => isDamagedFirst).length;
    const kept = await spine.query<{ code: string; n: number }>(
      `select code, count(*)::int as n from hub.set_aside where source = 'telemetry' group by code`,
    );
    expect(kept).toEqual([{ code: 'HUB_MAP_RECORD', n: expect.any(Number) }]);
    // Those that went out while a line was cut are lost.
    expect(kept[0]?.n).toBeGreaterThan(0);
    expect(kept[0]?.n).toBeLessThanOrEqual(damaged);
  });

  test('let a client see a stage sooner than the tables have it, by both doors', async () => {
    const extra = due.findLast(({ word }) => word === '33');
    const { station, at, stageM } = extra?.observation ?? { station: STATIONS[0], at: 0, stageM: 0 };
    const id = `hydrology:RiverReading:${station?.code}~${new Date(at).toISOString().replace('.000', '')}`;
    const question = `{ riverReading(id: "${id}") { stage observedAt station { code rtu latestRiver { observedAt } } source { via } } }`;
    const [whole, stitched] = [await spine.ask(question), await spine.askStitched(question)];
    expect(whole.errors).toEqual([]);
    expect(whole.data).toMatchObject({
      riverReading: { stage: stageM, station: { code: station?.code, rtu: `00${station?.code}` } },
    });
    expect(stitched.data).toEqual(whole.data);
  });

  test('give way to the tables: the checked value stands where there is one, theirs elsewhere', async () => {
    const before = await count(`hydrology.river_reading where _source = 'telemetry'`);
    for (const table of ['st_river_r', 'st_pptn_r'])
      expect((await spine.sync(table)).state).toBe('SUCCEEDED');
    for (const what of EVERYTHING)
      expect((await compareWithLedger(what, legacy.query, spine.query)).differences).toEqual([]);
    for (const what of WHATS) expect((await compare(what, true)).differences).toEqual([]);
    const after = await count(`hydrology.river_reading where _source = 'telemetry'`);
    expect([after, before]).toEqual([expect.any(Number), expect.any(Number)]);
    expect(after).toBeGreaterThan(0);
    expect(after).toBeLessThan(before ?? 0);
  });

  test('cannot change a checked value afterwards, though they are answered', async () => {
    const timed = due.find(({ word, observation: { stageM } }) => word === '32' && stageM !== null);
    if (timed === undefined) throw new Error('a gauge reports');
    const { station, at } = timed.observation;
    const row = `hydrology.river_reading where station_code = '${station.code}' and observed_at = '${new Date(at).toISOString()}'`;
    const [checked] = await spine.query(`select stage, _source, _known_from from ${row}`);
    const own = openTelemetry({ port, password: PASSWORD, stations: [station], now: legacy.now });
    try {
      await own.send({ ...timed, observation: { ...timed.observation, stageM: 1.234 } });
    } finally {
      await own.close();
    }
    expect(checked).toMatchObject({ _source: 'fork' });
    expect(await spine.query(`select stage, _source, _known_from from ${row}`)).toEqual([checked]);
  });
});

describe('a worker that is killed while a hundred frames a second come', () => {
  let legacy: Legacy;
  let store: TestDatabase;
  let units: UnitsCopy;
  let load: TelemetryLoad;
  let pool: pg.Pool;
  const workers: HubProcess[] = [];
  const acknowledged: string[] = [];
  beforeAll(async () => {
    // The process goes by the wall clock.
    const now = Math.floor(Date.now() / MINUTE) * MINUTE;
    const stations = STATIONS.filter(({ addvcd }) => addvcd === '431124');
    legacy = await openLegacy({ start: now, days: 0.05, stations });
    [store, units] = await Promise.all([openTestDatabase(), openUnitsCopy()]);
    const port = await findAnyPort();
    const environment = {
      ...{ HUB_DATABASE_URL: store.url, HUB_UNITS_DIR: units.folder, HYDROLOGY_URL: legacy.url },
      ...{ HYDROLOGY_TELEMETRY_PORT: String(port), HYDROLOGY_RTU_PASSWORD: PASSWORD },
    };
    const open = () => {
      const worker = openHubProcess('worker', environment);
      workers.push(worker);
      return worker;
    };
    const first = open();
    pool = openPlainPool(store.url, 1);
    // What comes before its station waits for it; that is another test's.
    const isLoaded = async () => {
      const found = await pool.query('select 1 from hydrology.hydro_station').catch(() => ({ rowCount: 0 }));
      return (found.rowCount ?? 0) > 0;
    };
    await eventually(isLoaded, { what: 'the list of stations', withinMs: 90_000 });
    load = openTelemetryLoad({
      ...{ port, password: PASSWORD, now: () => now, perSecond: 100, connections: 6, retryMs: 50 },
      stations: toTelemetered(stations),
      ledger: {
        sent: () => undefined,
        acknowledged: ({ station, at }) => acknowledged.push(`${station.code}~${new Date(at).toISOString()}`),
      },
    });
    await eventually(() => acknowledged.length > 100, { what: 'the first answers', withinMs: 90_000 });
    first.kill('SIGKILL');
    await first.ended;
    const before = acknowledged.length;
    open();
    const isOver = () => acknowledged.length > before + 100;
    await eventually(isOver, { what: 'answers of the next worker', withinMs: 90_000 });
    await load.pause();
    await eventually(() => load.waiting() === 0, { what: 'all answers', withinMs: 90_000 });
  }, 240_000);
  afterAll(async () => {
    await load?.close();
    for (const worker of workers) worker.kill('SIGKILL');
    await Promise.all(workers.map(({ ended }) => ended));
    await pool?.end();
    await closeWorld(legacy, store, units);
  });

  test('has lost nothing that was answered, and nothing stands twice', async () => {
    expect(acknowledged).toHaveLength(load.sent());
    const { rows } = await pool.query<{ key: string; n: number }>(
      `select station_key || '~' || to_char(observed_at, 'YYYY-MM-DD"T"HH24:MI:SS".000Z"') as key, count(*)::int as n
        from hydrology.rain_reading group by 1`,
    );
    const stored = new Set(rows.map(({ key }) => key));
    expect(acknowledged.filter((key) => !stored.has(key))).toEqual([]);
    expect(rows.filter(({ n }) => n > 1)).toEqual([]);
  });
});
