// What the hub holds of the traffic police against their ledger of true values, row by row: the days that are there at first,
// then what moves while it is read, what ends, and a city without a closed road.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { CLIENT_ID, openTrafficSystem, type TrafficSystem } from '../../sandbox/traffic-police/system.ts';
import { type Close, closeAll } from './close-all.ts';
import { compareTraffic, type TrafficWhat } from './compare-traffic.ts';
import { DAY, HOUR, MINUTE, START } from './open-legacy.ts';
import type { Spine } from './open-spine.ts';
import { openUnit } from './open-unit.ts';
import { replaced } from './units-copy.ts';

const EVERYTHING: readonly (readonly [TrafficWhat, number])[] = [
  ['section', 33],
  ['event', 150],
  ['closure', 1],
  ['state', 25],
];

let folder: string;
let police: TrafficSystem;
let spine: Spine;
/** Told of each call that the service answers. */
let onCall: (path: string) => void = () => undefined;
const opened: Close[] = [];
const liars: Close[] = [];
const toSecrets = () => ({
  TRAFFIC_POLICE_URL: police.url,
  TRAFFIC_POLICE_CLIENT: CLIENT_ID,
  TRAFFIC_POLICE_CLIENT_SECRET: police.credentials.clientSecret,
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-traffic-'));
  opened.push(() => rm(folder, { recursive: true, force: true }));
  police = await openTrafficSystem({
    ...{ folder, port: 0, seed: 1, days: 3, log: () => undefined, onCall: (path: string) => onCall(path) },
    clock: { start: START, frozen: true, wall: () => START + 30 * DAY },
    traps: { callsOfAToken: 2 },
  });
  opened.push(police.close);
  spine = await openUnit({ unit: 'traffic-police', now: police.clock.now, secrets: toSecrets() }, opened);
}, 60_000);
afterEach(() => closeAll(liars));
afterAll(() => closeAll(opened));

const differ = async (what: TrafficWhat, from: Spine = spine) =>
  (await compareTraffic(what, police.ledger(), from.query)).differences;
const count = async (text: string) =>
  (await spine.query<{ n: number }>(`select count(*)::int as n from ${text}`))[0]?.n;

describe('three days of the city’s roads', () => {
  test.each(EVERYTHING)('are as the ledger says: %s', async (what, atLeast) => {
    const { compared, differences } = await compareTraffic(what, police.ledger(), spine.query);
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThanOrEqual(atLeast);
  });

  test('left nothing behind, although tokens ended after two calls, by 401 and by a code in a 200', async () => {
    expect(await count('hub.set_aside')).toBe(0);
    expect(await count(`hub.run where state <> 'SUCCEEDED' and task = 'sync'`)).toBe(0);
    const { logins, ended } = police.met();
    expect([logins > 2, ended.as401 > 0, ended.as200 > 0]).toEqual([true, true, true]);
  });

  test('count the dead detectors’ lines as not ours', async () => {
    const { sections, states } = police.ledger();
    expect(
      await spine.query(
        `select sum(read)::int as lines, sum(not_ours)::int as dead from hub.run where object = 'congestion'`,
      ),
    ).toEqual([{ lines: sections.length, dead: sections.length - states.length }]);
  });

  test('have 祁阳’s sections under today’s code, whichever code they were sent with', async () => {
    const { data, errors } = await spine.ask<{ division: { roadSections: { totalCount: number } } }>(
      '{ division(code: "431181") { roadSections { totalCount } } }',
    );
    const own = police.ledger().sections.filter(({ county }) => county === '431181');
    expect([errors, data.division.roadSections.totalCount]).toEqual([[], own.length]);
  });

  test('lead from a closure to its event and back, by both doors', async () => {
    const closure = police.ledger().closures.find(({ event }) => event !== null);
    const question = `{ roadClosure(id: "traffic-police:RoadClosure:${closure?.number}") {
      reason begins ends line event { number kind endedAt closures { nodes { number } } section { code latestTraffic { speed } } } } }`;
    const [whole, stitched] = [await spine.ask(question), await spine.askStitched(question)];
    expect(whole.errors).toEqual([]);
    expect(whole.data).toMatchObject({
      roadClosure: {
        ...{ reason: closure?.reason, ends: null, line: { type: 'LineString' } },
        event: { number: closure?.event, endedAt: null, closures: { nodes: [{ number: closure?.number }] } },
      },
    });
    expect(stitched.data).toEqual(whole.data);
  });
});

describe('a manifest that takes', () => {
  const openLiar = (change: (text: string) => string) =>
    openUnit({ unit: 'traffic-police', now: police.clock.now, secrets: toSecrets(), change }, liars);

  test('the maps’ positions for true ones has every place wrong by half a kilometre', async () => {
    const liar = await openLiar((text) => replaced(text, 'crs: GCJ02', 'crs: WGS84'));
    const placed = police.ledger().events.filter(({ position }) => position !== null);
    expect(await differ('event', liar)).toHaveLength(placed.length);
    expect(await differ('section', liar)).toHaveLength(police.ledger().sections.length);
  }, 60_000);

  test('0 for a time has every open event end in 1970', async () => {
    const liar = await openLiar((text) =>
      replaced(
        text,
        'time: endTime, formats: [epochMillis], nullWhen: ["0"] }',
        'time: endTime, formats: [epochMillis] }',
      ),
    );
    const lines = await differ('event', liar);
    expect(lines).toHaveLength(police.ledger().events.filter(({ isOpen }) => isOpen).length);
    expect(lines.every((text) => / OPEN \S+ - .* store .* OPEN \S+ 1970-01-01/.test(text))).toBe(true);
  }, 60_000);
});

describe('later', () => {
  const sync = async (object: string) => {
    const run = await spine.sync(object);
    expect(run).toMatchObject({ state: 'SUCCEEDED', set_aside: 0 });
    return run;
  };

  test('a list whose order moves between two pages is whole after the next run', async () => {
    // Far enough that the re-read of the last hour begins, whose pages are many.
    police.clock.moveTo(START + 2 * HOUR);
    let pages = 0;
    onCall = (path) => {
      if (!path.endsWith('roadEvents')) return;
      pages += 1;
      if (pages === 2) police.clock.moveTo(START + 2 * HOUR + 20 * MINUTE);
    };
    const { read } = await sync('events');
    onCall = () => undefined;
    expect(pages).toBeGreaterThan(1);
    const moved = await differ('event');
    expect(moved.length).toBeGreaterThan(0);
    expect(read).toBeGreaterThan(50);
    await sync('events');
    expect(await differ('event')).toEqual([]);
  }, 60_000);

  test('a road that opens is gone from the list, and a city without a closed road is no fault', async () => {
    let hour = 3;
    while (police.ledger().closures.length > 0 && hour < 240) {
      hour += 1;
      police.clock.moveTo(START + hour * HOUR);
    }
    for (let turn = 0; turn < 2; turn += 1) expect(await sync('closures')).toMatchObject({ read: 0 });
    expect(await count('"traffic-police".road_closure where _gone_at is null')).toBe(0);
    expect(await count('"traffic-police".road_closure where _gone_at is not null')).toBeGreaterThan(0);
    for (const object of ['events', 'congestion']) await sync(object);
    expect(await differ('event')).toEqual([]);
    expect(await differ('closure')).toEqual([]);
  }, 60_000);

  test('readings of now stay when the next ones come', async () => {
    const [first] = await spine.query<{ times: number }>(
      'select count(distinct observed_at)::int as times from "traffic-police".road_state where _gone_at is null',
    );
    expect(first?.times).toBe(2);
  });
});
