// What the hub holds of the natural resources bureau against its ledger of true values, row by row: the register and two days
// of alarms that are there at first, then what arrives late and the register's second issue. Hydrology stands beside it.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { toMetres } from '../../sandbox/map/shift.ts';
import { openResourcesSystem, type ResourcesSystem, USER } from '../../sandbox/natural-resources/system.ts';
import { type Close, closeAll } from './close-all.ts';
import { compareResources, type ResourcesWhat } from './compare-resources.ts';
import { DAY, HOUR, type Legacy, openLegacy, START } from './open-legacy.ts';
import type { Spine } from './open-spine.ts';
import { openUnit } from './open-unit.ts';
import { replaced } from './units-copy.ts';

const EVERYTHING: readonly (readonly [ResourcesWhat, number])[] = [
  ['hazard', 150],
  ['watcher', 150],
  ['alarm', 30],
];

let folder: string;
let hydrology: Legacy;
let bureau: ResourcesSystem;
let spine: Spine;
const opened: Close[] = [];
const liars: Close[] = [];
const toSecrets = () => ({
  NATURAL_RESOURCES_URL: bureau.url,
  NATURAL_RESOURCES_USER: USER,
  NATURAL_RESOURCES_PASSWORD: bureau.credentials.password,
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-resources-'));
  opened.push(() => rm(folder, { recursive: true, force: true }));
  hydrology = await openLegacy();
  opened.push(hydrology.close);
  bureau = await openResourcesSystem({
    ...{ folder, port: 0, seed: 1, days: 2, log: () => undefined },
    clock: { start: START, frozen: true, wall: () => START + 30 * DAY },
  });
  opened.push(bureau.close);
  spine = await openUnit(
    {
      ...{ unit: 'natural-resources', beside: ['hydrology'], now: bureau.clock.now },
      ...{ secrets: toSecrets(), hydrologyUrl: hydrology.url },
    },
    opened,
  );
}, 60_000);
afterEach(() => closeAll(liars));
afterAll(() => closeAll(opened));

const differ = async (what: ResourcesWhat, from: Spine = spine) =>
  (await compareResources(what, bureau.ledger(), from.query)).differences;
const countTests = () => bureau.ledger().alarms.filter(({ level }) => level === 'TEST').length;

describe('the register and two days of alarms', () => {
  test.each(EVERYTHING)('are as the ledger says: %s', async (what, atLeast) => {
    const { compared, differences } = await compareResources(what, bureau.ledger(), spine.query);
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThanOrEqual(atLeast);
  });

  test('had what is hard to read: axes rightly named, another county than is said, months, phones that are words', () => {
    const { hazards } = bureau.ledger();
    const traps = [
      hazards.filter(({ isRighted }) => isRighted),
      hazards.filter(({ county, statedVillage }) => !statedVillage.startsWith(county)),
      hazards.filter(({ foundOn }) => foundOn.length === 7),
      hazards.filter(({ watcherPhone }) => watcherPhone === null),
      hazards.filter(({ county }) => county === '431181'),
    ];
    expect(traps.map(({ length }) => length > 1)).toEqual(traps.map(() => true));
  });

  test('are in the units that the ledger’s are compared in: cubic metres, ten thousands of yuan, millimetres', async () => {
    const lock = await readFile(
      new URL('../../connectors/units/natural-resources/schema.graphql', import.meta.url),
      'utf8',
    );
    const units = [...lock.matchAll(/(\w+): Float @measure\(unit: "(.*?)"/g)].map(([, name, unit]) => [
      name,
      unit,
    ]);
    expect(Object.fromEntries(units)).toEqual({ volume: 'm3', property: '10*4.CNY', displacement: 'mm' });
  });

  test('read the register once for both of its types', async () => {
    const runs = await spine.query(
      `select sum(read)::int as records, sum(written)::int as rows from hub.run where object = 'hazards' and task = 'sync'`,
    );
    const { length } = bureau.ledger().hazards;
    expect(runs).toEqual([{ records: length, rows: 2 * length }]);
  });

  test('set aside the alarms of no known level, with their reason, and nothing else', async () => {
    const aside = await spine.query<{ code: string; n: number }>(
      `select code, count(*)::int as n from hub.set_aside group by 1`,
    );
    expect(aside).toEqual([{ code: 'HUB_MAP_CODE', n: countTests() }]);
  });
});

describe('across departments', () => {
  type Point = { lon: number; lat: number };
  type Near = {
    code: string;
    location: Point | null;
    nearestStation: { code: string; location: Point } | null;
  };

  test('each hazard point has the rain gauge that lies nearest, by both doors', async () => {
    const question = `{ geoHazardPoints(first: 100) { nodes { code location { lon lat } nearestStation { code location { lon lat } } } } }`;
    const [whole, stitched] = [
      await spine.ask<{ geoHazardPoints: { nodes: Near[] } }>(question),
      await spine.askStitched(question),
    ];
    expect(whole.errors).toEqual([]);
    expect(stitched.data).toEqual(whole.data);
    const stations = await hydrology.query<{ stcd: string; lon: number; lat: number }>(
      'select stcd, lon::float8 as lon, lat::float8 as lat from ledger.station',
    );
    const wrong = whole.data.geoHazardPoints.nodes.filter(({ location, nearestStation }) => {
      if (location === null) return nearestStation !== null;
      const off = stations.map((station) => toMetres(location, station));
      const nearest = Math.min(...off);
      if (nearestStation === null) return nearest < 19_800;
      // Flat-earth metres judge here, a sphere's there.
      return toMetres(location, nearestStation.location) > nearest * 1.005;
    });
    expect(wrong).toEqual([]);
    expect(
      whole.data.geoHazardPoints.nodes.filter(({ nearestStation }) => nearestStation !== null).length,
    ).toBeGreaterThan(50);
  });

  test('an alarm leads to its hazard point, and that to its alarms and to who watches it', async () => {
    const { alarms } = bureau.ledger();
    const alarm = alarms.find(({ level }) => level !== 'TEST');
    const own = alarms.filter(({ hazard, level }) => hazard === alarm?.hazard && level !== 'TEST');
    const question = `{ monitorAlarm(id: "natural-resources:MonitorAlarm:${alarm?.number}") {
      level hazard { code property alarms(first: 50) { totalCount } responsible { watcher } } } }`;
    const [whole, stitched] = [await spine.ask(question), await spine.askStitched(question)];
    expect([whole.errors, stitched.data]).toEqual([[], whole.data]);
    expect(whole.data).toMatchObject({
      monitorAlarm: {
        level: alarm?.level,
        hazard: { code: alarm?.hazard, alarms: { totalCount: own.length } },
      },
    });
  });
});

describe('a watcher’s name and number', () => {
  test('are whole in the table and masked for whoever asks, by both doors', async () => {
    const hazards = bureau.ledger().hazards.filter(({ watcherPhone }) => watcherPhone !== null);
    const [first] = hazards;
    const id = `natural-resources:GeoResponsible:${first?.code}`;
    const question = `{ geoResponsible(id: "${id}") { watcher watcherPhone hazard { responsible { watcher watcherPhone } } }
      node(id: "${id}") { ... on GeoResponsible { watcher watcherPhone } }
      geoResponsibles(first: 100) { nodes { watcher watcherPhone } } }`;
    const masked = {
      watcher: `${first?.watcher.slice(0, 1)}**`,
      watcherPhone: `${first?.watcherPhone?.slice(0, 3)}****${first?.watcherPhone?.slice(-4)}`,
    };
    for (const ask of [spine.ask, spine.askStitched]) {
      const { data, errors, text } = await ask(question);
      expect(errors).toEqual([]);
      expect(data).toMatchObject({
        geoResponsible: { ...masked, hazard: { responsible: masked } },
        node: masked,
      });
      expect(
        hazards.filter(
          ({ watcher, watcherPhone }) => text.includes(watcher) || text.includes(watcherPhone ?? '?'),
        ),
      ).toEqual([]);
    }
  });
});

describe('a manifest that takes', () => {
  const openLiar = (change: (text: string) => string) =>
    openUnit(
      {
        ...{ unit: 'natural-resources', beside: ['hydrology'], now: bureau.clock.now, change },
        ...{ secrets: toSecrets(), hydrologyUrl: hydrology.url },
      },
      liars,
    );

  test('the axes at their word has hardly a point on the map, and says why', async () => {
    const liar = await openLiar((text) =>
      replaced(text, 'point: { lon: lat, lat: lon }', 'point: { lon: lon, lat: lat }'),
    );
    const { hazards } = bureau.ledger();
    expect(await differ('hazard', liar)).toHaveLength(hazards.length);
    expect(
      await liar.query(`select count(*)::int as n from "natural-resources".geo_hazard_point
        where location_lon is null and _faults @> '[{"code": "HUB_MAP_POINT_SWAPPED"}]'`),
    ).toEqual([{ n: hazards.filter(({ isRighted }) => !isRighted).length }]);
  }, 60_000);

  test('ten thousand yuan for one has every loss ten thousand times as small, and nothing else wrong', async () => {
    const liar = await openLiar((text) =>
      replaced(text, 'number: wxccwy, unit: "10*4.CNY"', 'number: wxccwy, scale: "0.0001", unit: "10*4.CNY"'),
    );
    expect(await differ('hazard', liar)).toHaveLength(bureau.ledger().hazards.length);
    expect(await differ('alarm', liar)).toEqual([]);
  }, 60_000);
});

describe('later', () => {
  const sync = async (object: string) => {
    const run = await spine.sync(object);
    expect(run).toMatchObject({ state: 'SUCCEEDED' });
    return run;
  };

  test('alarms whose line was down for hours come with the re-read of the day', async () => {
    const before = new Set(bureau.ledger().alarms.map(({ number }) => number));
    bureau.clock.moveTo(START + 8 * HOUR);
    const late = bureau
      .ledger()
      .alarms.filter(
        ({ number, observedAt }) => !before.has(number) && Date.parse(observedAt) < START - HOUR,
      );
    expect(late.length).toBeGreaterThan(0);
    await sync('alarms');
    expect(await differ('alarm')).toEqual([]);
  });

  test('what the second issue struck off is gone with its history, and its alarms stay', async () => {
    const first = bureau.ledger().hazards;
    bureau.clock.moveTo(bureau.secondIssueAt);
    for (const object of ['hazards', 'alarms']) await sync(object);
    for (const [what] of EVERYTHING) expect(await differ(what)).toEqual([]);
    const codes = new Set(bureau.ledger().hazards.map(({ code }) => code));
    const struck = first.filter(({ code }) => !codes.has(code)).map(({ code }) => ({ code }));
    expect(struck).toHaveLength(2);
    expect(
      await spine.query(
        `select code from "natural-resources".geo_hazard_point where _gone_at is not null order by 1`,
      ),
    ).toEqual(struck);
    expect(
      await spine.query(
        `select count(*)::int as n from "natural-resources".geo_hazard_point_history where _gone_at is null and people is not null`,
      ),
    ).toEqual([{ n: 3 }]);
  });

  test('a span that the service refuses with a Fault fails the run, with its code', async () => {
    await expect(
      openUnit(
        {
          ...{ unit: 'natural-resources', beside: ['hydrology'], now: bureau.clock.now },
          ...{ secrets: toSecrets(), hydrologyUrl: hydrology.url },
          change: (text) => replaced(text, '        window: { most: P1D }', '        window: { most: P2D }'),
        },
        liars,
      ),
    ).rejects.toThrow(/alarms.*getJcgjList.*fault Client/);
  }, 60_000);
});
