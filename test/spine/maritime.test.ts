// The maritime bureau's whole way: ships' messages over UDP and lists in a folder, every row against the ledger, and the way from a
// ship to the water level at the crossing of a ferry.
import { createSocket } from 'node:dgram';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Clock, wallClock } from '../../connectors/kit/resilience/clock.ts';
import { parseStations } from '../../sandbox/hydrology/station.ts';
import { toCrossings } from '../../sandbox/maritime/crossing.ts';
import { type MaritimeSystem, openMaritimeSystem } from '../../sandbox/maritime/system.ts';
import { eventually } from '../support/eventually.ts';
import { closeWorld } from './close-all.ts';
import { compareMaritime, MARITIME, toHeardSince } from './compare-maritime.ts';
import { settleFolders } from './open-city.ts';
import { DAY, HOUR, type Legacy, MINUTE, openLegacy, START } from './open-legacy.ts';
import { openSpine, type Spine } from './open-spine.ts';

/** The hub's time, which the ships go by; it stands still until a test moves it. */
let now = START - MINUTE;
const CLOCK: Clock = { now: () => now, sleep: (ms, signal) => wallClock.sleep(ms / 50, signal) };
/** Sent together and dated apart: the most that a bureau sends at once, half of the minute of which a message tells the second. */
const STEP_S = 30;
const MINUTES = 7;
const GAUGES = new Set(toCrossings(1, 0).map(({ gauge }) => gauge));
const SAME = { vessel: [], position: [], crossing: [], ferry: [] };

let folder: string;
let hydrology: Legacy;
let maritime: MaritimeSystem;
let spine: Spine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-maritime-'));
  const clock = { start: START - HOUR, frozen: true, wall: () => START + 30 * DAY };
  maritime = await openMaritimeSystem({ folder, port: 0, seed: 1, days: 1, clock, log: () => undefined });
  hydrology = await openLegacy({
    days: 0.02,
    stations: parseStations().filter(({ code }) => GAUGES.has(code)),
  });
  // Nobody listens yet: this is gone.
  await maritime.send(now);
  now = START;
  spine = await openSpine({
    legacy: { now: () => now, url: hydrology.url },
    units: ['hydrology', 'maritime'],
    secrets: {
      MARITIME_AIS_PORT: String(maritime.aisPort),
      MARITIME_FOLDER: pathToFileURL(maritime.listsFolder).href,
    },
    socketClock: CLOCK,
  });
  await spine.firstLoad;
  await settle();
  await eventually(() => isTaken(maritime.aisPort), { what: 'the open port' });
  await sendUntil(START + MINUTES * MINUTE);
}, 120_000);
afterAll(async () => {
  await closeWorld(spine, hydrology, maritime);
  await rm(folder, { recursive: true, force: true });
});

const settle = () => settleFolders(spine, [maritime.listsFolder], ['lists']);
const ledger = () => toHeardSince(maritime.ledger(), START);
const count = async (text: string) =>
  (await spine.query<{ n: number }>(`select count(*)::int as n from ${text}`))[0]?.n ?? 0;
const compareAll = async () => {
  const found: Record<string, readonly string[]> = {};
  for (const what of MARITIME)
    found[what] = (await compareMaritime(what, ledger(), spine.query)).differences.slice(0, 5);
  return found;
};

function isTaken(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    socket.once('error', () => socket.close(() => resolve(true)));
    socket.bind(port, () => socket.close(() => resolve(false)));
  });
}

/** Moves the time to `at`, lets everything leave that was on the air until then (half a minute at most), and waits for its rows. */
async function sendAt(at: number): Promise<void> {
  now = at;
  await maritime.send(at);
  const isStored = async () => (await count('maritime.vessel_position')) >= ledger().positions.length;
  await eventually(isStored, { what: 'the rows of what was sent' });
}

async function sendUntil(to: number): Promise<void> {
  for (let at = now + STEP_S * 1000; at <= to; at += STEP_S * 1000) await sendAt(at);
}

describe('what the ships and the clerks said', () => {
  test('is in the store, row by row as the ledger says', async () => {
    const { positions, vessels, crossings, ferries } = ledger();
    expect(positions.length).toBeGreaterThan(450);
    expect(positions.some(({ lon }) => lon === null)).toBe(true);
    expect([vessels.length, crossings.length, ferries.length]).toEqual([31, 16, 22]);
    const isSame = async () => JSON.stringify(await compareAll()) === JSON.stringify(SAME);
    await eventually(isSame, { what: 'the same on both sides', withinMs: 3000 }).catch(() => undefined);
    expect(await compareAll()).toEqual(SAME);
  });

  test('is not there where nobody listened, and once where two receivers heard it', async () => {
    expect(maritime.ledger().positions.length).toBeGreaterThan(ledger().positions.length);
    expect(await count('maritime.vessel_position where _observed_at < $$2026-04-04T21:19:30Z$$')).toBe(0);
    const [runs] = await spine.query<{ twice: number }>(
      `select sum(unchanged)::int as twice from hub.run where unit = 'maritime' and object = 'position'`,
    );
    expect(runs?.twice).toBeGreaterThan(0);
  });

  test('and could not be read is kept: sentences that were damaged, halves whose rest never came', async () => {
    now += 11_000;
    const { strays } = ledger();
    const of = (sort: string) => strays.filter((stray) => stray.sort === sort).length;
    const isKept = async () => (await count(`hub.set_aside where unit = 'maritime'`)) >= strays.length;
    await eventually(isKept, { what: 'everything that could not be read' });
    const kept = await spine.query<{ reason: string; n: number }>(
      `select record->>'@reason' as reason, count(*)::int as n from hub.set_aside where unit = 'maritime' group by 1 order by 1`,
    );
    expect(kept).toEqual([
      { reason: 'CHECKSUM', n: of('checksum') },
      { reason: 'INCOMPLETE', n: of('half') },
    ]);
  });

  test('of a sort that no manifest names is kept by its name', async () => {
    await sendAt(START + 40 * MINUTE);
    const stray = `hub.set_aside where unit = 'maritime' and code = 'HUB_MAP_NO_FORM' and record->>'@message' = '15'`;
    await eventually(async () => (await count(stray)) > 0, { what: 'the question of the shore' });
    expect(await compareAll()).toEqual(SAME);
  });
});

describe('a ship, asked for through both doors', () => {
  type Ship = {
    mmsi: string;
    name: string | null;
    latestPosition: { speed: number | null; location: { lon: number; lat: number } | null } | null;
    ferry: {
      crossing: { name: string; gauge: { name: string; latestRiver: { stage: number } | null } | null };
    } | null;
  };
  const QUESTION = `{ vessels(first: 50) { nodes { mmsi name latestPosition { speed location { lon lat } }
    ferry { crossing { name gauge { name latestRiver { stage } } } } } } }`;

  test('is where it last was; a ferry leads over its crossing to the water level there', async () => {
    const { data, errors } = await spine.ask<{ vessels: { nodes: Ship[] } }>(QUESTION);
    expect(errors).toEqual([]);
    expect((await spine.askStitched(QUESTION)).data).toEqual(data);
    const { vessels, positions, ferries, crossings } = ledger();
    const { nodes } = data.vessels;
    expect(nodes.map(({ mmsi }) => mmsi).toSorted()).toEqual(vessels.map(({ mmsi }) => mmsi).toSorted());
    const stages = await hydrology.query<{ stcd: string; stage: number }>(
      `select distinct on (stcd) stcd, stage_m::float8 as stage from ledger.settled_river order by stcd, observed_at desc`,
    );
    for (const { mmsi, latestPosition, ferry } of nodes) {
      const last = positions.findLast((position) => position.mmsi === mmsi);
      expect(latestPosition?.location?.lon ?? null).toEqual(
        last?.lon == null ? null : expect.closeTo(last.lon, 5),
      );
      const own = ferries.find((one) => one.mmsi === mmsi);
      const crossing = crossings.find(({ code }) => code === own?.crossingCode);
      expect(ferry?.crossing.name).toBe(crossing?.name);
      const gauge = stages.find(({ stcd }) => stcd === crossing?.gauge);
      expect(ferry?.crossing.gauge?.latestRiver?.stage).toBe(gauge?.stage);
    }
    expect(nodes.filter(({ ferry }) => ferry?.crossing.gauge?.latestRiver != null).length).toBeGreaterThan(5);
  });

  test('is found from the gauge, though only the maritime bureau knows of its crossing', async () => {
    const question = `{ hydroStations(where: { code: { eq: "61511020" } }) { nodes { name ferryCrossings(first: 9) { nodes { name chief phone ferries(first: 9) { nodes { name division { code } vessel { name } } } } } } } }`;
    const { data, errors, text } = await spine.ask(question);
    expect(errors).toEqual([]);
    expect((await spine.askStitched(question)).data).toEqual(data);
    expect(data).toMatchObject({
      hydroStations: { nodes: [{ name: '老埠头', ferryCrossings: { nodes: [{}, {}, {}] } }] },
    });
    const [own] = ledger().crossings.filter(({ name }) => name === '老埠头渡口');
    expect(text).toContain(
      `{"name":"永渡102","division":{"code":"${own?.villageCode}"},"vessel":{"name":"YONG DU 102"}}`,
    );
    for (const { phone } of ledger().crossings) expect(text).not.toContain(phone);
  });
});

describe('the bureau', () => {
  test('that sends bytes of no protocol spoils nothing, and is heard again afterwards', async () => {
    await maritime.setFault('garbage');
    await sendAt(now + STEP_S * 1000);
    await maritime.setFault('none');
    const before = ledger().positions.length;
    await sendAt(now + STEP_S * 1000);
    await sendAt(now + STEP_S * 1000);
    expect(ledger().positions.length).toBeGreaterThan(before);
    await settle();
    expect(await compareAll()).toEqual(SAME);
  });

  test('that struck a ferry off its list has it no more, and its phone put right', async () => {
    await maritime.tick(START + 2 * DAY);
    expect(maritime.ledger().struckOff).toHaveLength(1);
    await settle();
    expect(await compareAll()).toEqual(SAME);
    expect(await count('maritime.ferry where _gone_at is not null')).toBe(1);
  });
});
