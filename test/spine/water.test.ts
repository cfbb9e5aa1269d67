// The water bureau from its SL 323 tables to a client: every row against the ledger, its lies, its links into other departments.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseStations } from '../../sandbox/hydrology/station.ts';
import { toWater } from '../../sandbox/water/simulation.ts';
import { openWeatherSystem, type WeatherSystem } from '../../sandbox/weather/system.ts';
import { closeWorld } from './close-all.ts';
import { comparePair } from './compare.ts';
import { WATER_PAIRS } from './compare-water.ts';
import { DAY, HOUR, type Legacy, MINUTE, openDepartment, openLegacy, START } from './open-legacy.ts';
import { openSpine, type Spine } from './open-spine.ts';

const TYPES = Object.keys(WATER_PAIRS) as (keyof typeof WATER_PAIRS)[];
const FEEDS = [
  ...['ST_STBPRP_B', 'ST_RSVRFSR_B', 'ST_RSVR_R', 'ST_PPTN_R'],
  ...['REI_PRJDBINF', 'REI_FLFTTR'],
];

let water: Legacy;
let hydrology: Legacy;
let weather: WeatherSystem;
let folder: string;
let spine: Spine;
beforeAll(async () => {
  water = await openDepartment(toWater(1), { days: 7 });
  hydrology = await openLegacy({ stations: parseStations().filter(({ kind }) => kind === 'RR') });
  folder = await mkdtemp(join(tmpdir(), 'hub-water-'));
  const clock = { start: START, frozen: true, wall: () => START + 30 * DAY };
  weather = await openWeatherSystem({ folder, port: 0, seed: 1, days: 0.05, clock, log: () => undefined });
  spine = await openSpine({
    legacy: { now: water.now, url: hydrology.url },
    units: ['hydrology', 'water', 'weather'],
    secrets: {
      WATER_URL: water.url,
      WEATHER_MUSIC_URL: weather.url,
      WEATHER_MUSIC_USER: weather.credentials.musicUser,
      WEATHER_MUSIC_PASSWORD: weather.credentials.musicPassword,
      WEATHER_CAP_URL: weather.url,
      WEATHER_CAP_KEY: weather.credentials.capKey,
    },
  });
  expect((await spine.firstLoad).filter(({ state }) => state !== 'complete')).toEqual([]);
}, 60_000);
afterAll(async () => {
  await closeWorld(spine, weather, hydrology, water);
  await rm(folder, { recursive: true, force: true });
});

describe('everything in the store of the water bureau', () => {
  test.each(TYPES)('equals the ledger: %s', async (type) => {
    const { compared, differences } = await comparePair(WATER_PAIRS[type], water.query, spine.query);
    expect(differences.slice(0, 5)).toEqual([]);
    expect(compared).toBeGreaterThan(2);
  });

  test('has no fault and nothing set aside', async () => {
    expect(await spine.query(`select type, code, record from hub.set_aside where unit = 'water'`)).toEqual(
      [],
    );
  });

  test('equals it an hour and a half later, with what was corrected and what went on', async () => {
    await water.database.tick(START + 20 * MINUTE);
    for (const object of FEEDS) await spine.sync(object, 'front');
    await water.database.tick(START + 1.5 * HOUR);
    for (const object of FEEDS)
      expect(await spine.sync(object, 'front')).toMatchObject({ state: 'SUCCEEDED', error_code: null });
    for (const type of TYPES) {
      const { differences } = await comparePair(WATER_PAIRS[type], water.query, spine.query);
      expect(differences.slice(0, 5)).toEqual([]);
    }
  });
});

type Reservoir = {
  code: string;
  hydroStation: { name: string } | null;
  nearestStation: { name: string } | null;
};

describe('a reservoir', () => {
  const QUESTION = `{ reservoirs(first: 50) { nodes { code hydroStation { name } nearestStation { name } } } }`;

  test('leads to the hydrology centre’s station of the same code and to the nearest weather station, through both doors', async () => {
    const { data, errors } = await spine.ask<{ reservoirs: { nodes: Reservoir[] } }>(QUESTION);
    expect(errors).toEqual([]);
    expect((await spine.askStitched(QUESTION)).data).toEqual(data);
    const { nodes } = data.reservoirs;
    const shared = nodes.filter(({ hydroStation }) => hydroStation?.name != null);
    expect(shared.map(({ hydroStation }) => hydroStation?.name).toSorted()).toEqual(
      ['双牌', '毛俊', '涔天河', '源口'].toSorted(),
    );
    const near = await toNearest();
    for (const { code, nearestStation } of nodes)
      expect([code, nearestStation?.name ?? null]).toEqual([code, near.get(code) ?? null]);
    expect(near.size).toBeGreaterThan(8);
  });

  /** By another formula than the hub's: the spherical law of cosines. */
  async function toNearest(): Promise<Map<string, string>> {
    const stations = weather.ledger().stations;
    const reservoirs = await water.query<{ stcd: string; lon: number; lat: number }>(
      'select stcd, lon::float8, lat::float8 from ledger.reservoir',
    );
    const radians = (degrees: number) => (degrees * Math.PI) / 180;
    const found = reservoirs.flatMap(({ stcd, lon, lat }) => {
      const [nearest] = stations
        .map((station) => {
          const [a, b, width] = [radians(lat), radians(station.lat), radians(lon - station.lon)];
          const angle = Math.acos(
            Math.min(1, Math.sin(a) * Math.sin(b) + Math.cos(a) * Math.cos(b) * Math.cos(width)),
          );
          return { name: station.name, km: 6371.0088 * angle };
        })
        .toSorted((left, right) => left.km - right.km);
      return nearest !== undefined && nearest.km <= 15 ? [[stcd, nearest.name] as const] : [];
    });
    return new Map(found);
  }

  test('is found from the hydrology centre’s side, by its station’s name and level, through both doors', async () => {
    const question = `{ reservoirs(where: { hydroStation: { name: { in: ["双牌", "道县"] }, kind: { eq: RESERVOIR } } }) { nodes { name hydroStation { name floodTravelUp { nodes { upstream { name } mean } } } } } }`;
    const { data, errors } = await spine.ask(question);
    expect(errors).toEqual([]);
    expect(data).toMatchObject({
      reservoirs: { nodes: [{ name: '双牌水库', hydroStation: { name: '双牌' } }] },
    });
    expect((await spine.askStitched(question)).data).toEqual(data);
  });

  test('stands at the hydrology centre’s station, though only the water bureau knows of it, through both doors', async () => {
    const question = `{ hydroStations(first: 100) { nodes { code reservoir { code name floodLimit { level } hydroStation { code } } } } }`;
    type Station = { code: string; reservoir: { code: string; name: string } | null };
    const { data, errors } = await spine.ask<{ hydroStations: { nodes: Station[] } }>(question);
    expect(errors).toEqual([]);
    expect((await spine.askStitched(question)).data).toEqual(data);
    const shared = data.hydroStations.nodes.filter(({ reservoir }) => reservoir !== null);
    expect(shared).toHaveLength(4);
    for (const { code, reservoir } of shared)
      expect(reservoir).toMatchObject({
        code,
        name: expect.stringMatching(/水库$/),
        floodLimit: { level: expect.any(Number) },
        hydroStation: { code },
      });
  });

  test('is what stations are asked for by, in an order by what it holds, through both doors', async () => {
    const least = 100;
    const question = `{ hydroStations(where: { reservoir: { capacity: { gt: ${least} } } }, orderBy: { reservoir: { capacity: DESC } }) { nodes { code } } }`;
    const { data, errors } = await spine.ask(question);
    expect(errors).toEqual([]);
    expect((await spine.askStitched(question)).data).toEqual(data);
    const codes = parseStations().map(({ code }) => code);
    const truth = await water.query<{ code: string }>(
      'select stcd as code from ledger.reservoir where stcd = any ($1) and capacity_m3 > $2 order by capacity_m3 desc',
      [codes, least * 1_000_000],
    );
    expect(truth.length).toBeGreaterThan(0);
    expect(data).toEqual({ hydroStations: { nodes: truth } });
  });

  test('of 祁阳 with the code before 2021 lies in today’s 祁阳市', async () => {
    const { data } = await spine.ask(
      `{ division(code: "431181") { reservoirs { nodes { name division { code name } } } } }`,
    );
    const division = { code: '431181', name: '祁阳市' };
    expect(data).toEqual({
      division: {
        reservoirs: {
          nodes: [
            { name: '白水水库', division },
            { name: '文明铺水库', division },
          ],
        },
      },
    });
  });
});

describe('the flood limit of a reservoir', () => {
  type Limited = { reservoir: { floodLimit: { begins: string; level: number } | null } };
  const ask = async (argument = '') => {
    const question = `{ reservoir(id: "water:Reservoir:61521180"${argument}) { floodLimit { begins level } } }`;
    const { data, errors } = await spine.ask<Limited>(question);
    expect(errors).toEqual([]);
    expect((await spine.askStitched(question)).data).toEqual(data);
    return data.reservoir.floodLimit;
  };

  test('is that of the season, picked when it is asked for, also for an earlier instant', async () => {
    const winter = { begins: '10-01', level: 170 };
    expect(await ask()).toEqual(winter);
    // The last second of the season, and midnight in Beijing.
    water.database.clock.moveTo(Date.parse('2026-04-14T15:59:59Z'));
    expect(await ask()).toEqual(winter);
    water.database.clock.moveTo(Date.parse('2026-04-14T16:00:00Z'));
    expect(await ask()).toEqual({ begins: '04-15', level: 165 });
    expect(await ask(', asOf: "2026-04-10T00:00:00Z"')).toEqual(winter);
  });
});

describe('who reported a danger', () => {
  const QUESTION = '{ dangerReports { nodes { code reporter reporterPhone reservoir { name } } } }';

  test('is masked for whoever may not see persons, through both doors', async () => {
    const [truth] = await water.query<{ code: string; name: string; phone: string }>(
      'select code, reporter as name, phone from ledger.danger order by code limit 1',
    );
    const { data, text } = await spine.ask<{ dangerReports: { nodes: object[] } }>(QUESTION);
    expect(data.dangerReports.nodes).toContainEqual({
      code: truth?.code,
      reporter: `${truth?.name[0]}**`,
      reporterPhone: `${truth?.phone.slice(0, 3)}****${truth?.phone.slice(-4)}`,
      reservoir: { name: expect.stringMatching(/水库$/) },
    });
    const stitched = await spine.askStitched(QUESTION);
    expect(stitched.data).toEqual(data);
    for (const one of [text, stitched.text]) expect(one).not.toContain(truth?.phone);
  });
});
