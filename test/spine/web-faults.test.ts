// Three departments that are asked over HTTP, each by another protocol, and one after the other fails at its door: its run ends
// with a code, its last good copy answers, and the other two answer byte by byte as before.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Fault } from '../../sandbox/front/fault.ts';
import { type HousingSystem, openHousingSystem } from '../../sandbox/housing/system.ts';
import { openResourcesSystem, type ResourcesSystem, USER } from '../../sandbox/natural-resources/system.ts';
import { CLIENT_ID, openTrafficSystem, type TrafficSystem } from '../../sandbox/traffic-police/system.ts';
import { type Close, closeAll } from './close-all.ts';
import { DAY, START } from './open-legacy.ts';
import { openSpine, type Spine } from './open-spine.ts';

/** Of each, one that is asked every minute: source and object. */
const FEEDS = [
  ['traffic-police', 'api', 'closures'],
  ['natural-resources', 'service', 'alarms'],
  ['housing', 'sites', 'alarms'],
] as const;
const QUESTIONS = {
  'traffic-police': '{ roadEvents(first: 20) { nodes { number kind closures { nodes { reason } } } } }',
  'natural-resources':
    '{ geoHazardPoints(first: 20) { nodes { code people alarms(first: 2) { nodes { level } } } } }',
  housing: '{ constructionSites(first: 20) { nodes { code towerCranes { nodes { code } } } } }',
} as const;
type Unit = keyof typeof QUESTIONS;

let systems: Readonly<Record<Unit, TrafficSystem | ResourcesSystem | HousingSystem>>;
let spine: Spine;
/** The first load waits as people would; then breakers and retries are hurried. */
let pace = 1;
const opened: Close[] = [];

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hub-web-'));
  opened.push(() => rm(folder, { recursive: true, force: true }));
  const clock = { start: START, frozen: true, wall: () => START + 30 * DAY };
  const shared = { folder, port: 0, seed: 1, days: 1, log: () => undefined, clock };
  const police = await openTrafficSystem(shared);
  opened.push(police.close);
  const resources = await openResourcesSystem(shared);
  opened.push(resources.close);
  const housing = await openHousingSystem({ ...shared, isPersonnelAway: () => false });
  opened.push(housing.close);
  systems = { 'traffic-police': police, 'natural-resources': resources, housing };
  spine = await openSpine({
    legacy: { now: () => START, url: '' },
    units: Object.keys(systems),
    secrets: {
      TRAFFIC_POLICE_URL: police.url,
      TRAFFIC_POLICE_CLIENT: CLIENT_ID,
      TRAFFIC_POLICE_CLIENT_SECRET: police.credentials.clientSecret,
      NATURAL_RESOURCES_URL: resources.url,
      NATURAL_RESOURCES_USER: USER,
      NATURAL_RESOURCES_PASSWORD: resources.credentials.password,
      HOUSING_URL: housing.url,
      HOUSING_TOKEN: housing.credentials.token,
    },
    hurry: () => pace,
  });
  opened.push(spine.close);
  expect((await spine.firstLoad).map(({ state }) => state)).not.toContain('failed');
  pace = 50;
}, 60_000);
afterAll(() => closeAll(opened));

const askAll = async () =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(QUESTIONS).map(async ([unit, question]) => {
        const { data, errors } = await spine.ask(question);
        return [unit, JSON.stringify([data, errors])] as const;
      }),
    ),
  );

const FAULTS = [
  ['down', 'HUB_SOURCE_UNREACHABLE'],
  ['garbage', 'HUB_SOURCE_FORMAT'],
] as const satisfies readonly (readonly [Fault, string])[];

describe.each(FEEDS)('%s', (unit, source, object) => {
  test.each(FAULTS)(
    'whose door is %s fails with %s, and everything that is known still answers',
    async (fault, code) => {
      const before = await askAll();
      await systems[unit].setFault(fault);
      expect(await spine.sync(object, source)).toMatchObject({
        state: 'FAILED',
        error_code: code,
        deleted: 0,
      });
      expect(await askAll()).toEqual(before);
      const { data } = await spine.ask<{ unit: { status: string } }>(`{ unit(code: "${unit}") { status } }`);
      expect(data.unit.status).not.toBe('OK');
      await systems[unit].setFault('none');
      expect(await spine.sync(object, source)).toMatchObject({ state: 'SUCCEEDED' });
      expect(systems[unit].faultCounters()[fault].activations).toBe(1);
    },
    60_000,
  );
});
