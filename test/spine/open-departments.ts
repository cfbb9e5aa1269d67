// Every department of the sandbox city at one time and the hub over all of them, each as small as it can be; their clocks stand still.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toSecretWord } from '../../sandbox/database/open-department.ts';
import type { Simulation } from '../../sandbox/database/simulation.ts';
import type { Fault, FaultCounters } from '../../sandbox/front/fault.ts';
import { open as openHousing } from '../../sandbox/housing/open.ts';
import { toHydrology } from '../../sandbox/hydrology/simulation.ts';
import { parseStations } from '../../sandbox/hydrology/station.ts';
import { open as openResources } from '../../sandbox/natural-resources/open.ts';
import type { OpenSystem } from '../../sandbox/process/run-process.ts';
import { toPublicSecurity } from '../../sandbox/public-security/simulation.ts';
import { open as openTraffic } from '../../sandbox/traffic-police/open.ts';
import { toUrbanManagement } from '../../sandbox/urban-management/simulation.ts';
import { toWater } from '../../sandbox/water/simulation.ts';
import { open as openWeather } from '../../sandbox/weather/open.ts';
import { eventually } from '../support/eventually.ts';
import { type Close, closeAll, openWorld } from './close-all.ts';
import { DAY, HOUR, openDepartment, START } from './open-legacy.ts';
import { openSpine, type Spine } from './open-spine.ts';

export type Department = {
  setFault(fault: Fault): Promise<void>;
  faultCounters(): FaultCounters;
};

export type Departments = {
  readonly systems: ReadonlyMap<string, Department>;
  readonly spine: Spine;
  close(): Promise<void>;
};

export type DepartmentsOptions = {
  /** How many times faster than the wall clock the resilience waits once everything is loaded, and a breaker by itself. */
  readonly hurry: number;
  readonly breakerHurry: number;
  readonly slowMs: number;
};

/** Those whose system is a database, in a database of the tests' own PostgreSQL. */
const DATABASES: Readonly<Record<string, () => Simulation>> = {
  hydrology: () =>
    toHydrology(
      1,
      parseStations().filter(({ addvcd }) => addvcd === '431124'),
    ),
  water: () => toWater(1),
  'public-security': () => toPublicSecurity(1),
  'urban-management': () => toUrbanManagement(1),
};
const SERVICES: Readonly<Record<string, OpenSystem>> = {
  weather: openWeather,
  'traffic-police': openTraffic,
  'natural-resources': openResources,
  housing: openHousing,
};

export const DEPARTMENTS: readonly string[] = [...Object.keys(DATABASES), ...Object.keys(SERVICES)];

/** Ends when all that stood in all of them is in the store. */
export function openDepartments(options: DepartmentsOptions): Promise<Departments> {
  return openWorld((opened) => openParts(options, opened));
}

async function openParts(options: DepartmentsOptions, opened: Close[]): Promise<Departments> {
  const { hurry, breakerHurry, slowMs } = options;
  const systems = new Map<string, Department>();
  const secrets: Record<string, string> = {};
  for (const [unit, toSimulation] of Object.entries(DATABASES)) {
    const { url, front, close } = await openDepartment(toSimulation(), { days: 0.1, slowMs });
    opened.push(close);
    systems.set(unit, front);
    secrets[`${toSecretWord(unit)}_URL`] = url;
  }
  const folder = await mkdtemp(join(tmpdir(), 'hub-departments-'));
  await chmod(folder, 0o755);
  opened.push(() => rm(folder, { recursive: true, force: true }));
  const clock = { start: START, frozen: true, wall: () => START + 30 * DAY };
  const settings = { port: 0, seed: 1, days: 2 / 24, clock, slowMs, log: () => undefined };
  for (const [unit, open] of Object.entries(SERVICES)) {
    const system = await open({ ...settings, folder: join(folder, unit) });
    opened.push(system.close);
    systems.set(unit, system);
    Object.assign(secrets, system.secrets);
  }
  let isLoaded = false;
  const spine = await openSpine({
    legacy: { now: () => START + HOUR, url: secrets.HYDROLOGY_URL ?? '' },
    units: DEPARTMENTS,
    secrets,
    hurry: () => (isLoaded ? hurry : 1),
    breakerHurry: () => (isLoaded ? breakerHurry : 1),
    unpaced: { timeout: 'PT8S' },
  });
  opened.push(spine.close);
  await untilLoaded(spine);
  isLoaded = true;
  return { systems, spine, close: () => closeAll(opened) };
}

/** All at once are much for a busy machine: what could not be loaded for now, the hub loads behind the first pass. */
async function untilLoaded({ firstLoad, query }: Spine): Promise<void> {
  const { length: feeds } = await firstLoad;
  const isLoaded = async () => (await query<{ feeds: number }>(LOADED))[0]?.feeds === feeds;
  await eventually(isLoaded, { what: `${feeds} loaded feeds`, everyMs: 100, withinMs: 150_000 });
}
const LOADED = `select count(distinct (unit, source, object))::int as feeds from hub.run
  where task = 'sync' and state = 'SUCCEEDED'`;
