// Every department fails in every way, one after the other: the others answer letter by letter as on a calm day, this one says that it
// is not well and shows what it has, and comes back by itself.
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import { openUnits } from '../../connectors/kit/manifest/unit-folder.ts';
import type { Fault } from '../../sandbox/front/fault.ts';
import { eventually } from '../support/eventually.ts';
import { closeWorld } from './close-all.ts';
import { askDepartments, type DepartmentAnswer } from './departments-answer.ts';
import { DEPARTMENTS, type Departments, openDepartments } from './open-departments.ts';

/** Deadlines and retries wait so many times shorter: four tenths of a second at most. */
const HURRY = 20;
/** What is open for a minute is so for an eighth of a second. */
const BREAKER_HURRY = 480;

let city: Departments;
let units: readonly Unit[];
let calm: ReadonlyMap<string, DepartmentAnswer>;
beforeAll(async () => {
  const folder = fileURLToPath(new URL('../../connectors/units', import.meta.url));
  units = (await openUnits(folder)).units.filter(({ unit }) => DEPARTMENTS.includes(unit));
  city = await openDepartments({ hurry: HURRY, breakerHurry: BREAKER_HURRY, slowMs: 40 });
  calm = await askDepartments(city.spine, units);
}, 180_000);
afterAll(() => closeWorld(city));
// A busy machine may let a hurried run of somebody else's schedule end late: the hub looks again.
beforeEach(async () => {
  const isCalm = async () => {
    const failing = await findUncalm();
    await Promise.all(failing.map(look));
    return failing.length === 0;
  };
  await eventually(isCalm, { what: 'a calm city', everyMs: 50 });
});
// One that has failed leaves the next a city without a fault.
afterEach(() => Promise.all([...city.systems.values()].map((system) => system.setFault('none'))));

/** At what failed the last time, or at everything where nothing did; what is under way is waited for. */
async function look(unit: string): Promise<void> {
  const last = await city.spine.query<{ object: string; state: string }>(LAST_RUNS, [unit]);
  const ofState = (state: string) => last.flatMap((run) => (run.state === state ? [run.object] : []));
  const [failed, running] = [ofState('FAILED'), ofState('RUNNING')];
  if (failed.length === 0 && running.length > 0) return;
  const sources = units.find((one) => one.unit === unit)?.sources.map(({ name }) => name) ?? [];
  await city.spine.look(sources, failed.length > 0 ? failed : undefined);
}
const LAST_RUNS = `select distinct on (source, object) object, state from hub.run
  where unit = $1 and task = 'sync' order by source, object, id desc`;
async function findUncalm(): Promise<readonly string[]> {
  const now = await askDepartments(city.spine, units);
  return DEPARTMENTS.filter((unit) => now.get(unit)?.text !== calm.get(unit)?.text);
}
const systemOf = (unit: string) => {
  const system = city.systems.get(unit);
  if (system === undefined) throw new RangeError(`${unit} is not open`);
  return system;
};

/** Runs every feed of the unit once, all at the same time; resolves to the codes of how they ended. */
async function runFeeds(unit: string): Promise<readonly (string | null)[]> {
  const feeds = city.spine.asked(unit);
  expect(feeds.length).toBeGreaterThan(0);
  const runs = await Promise.all(feeds.map(({ source, object }) => city.spine.sync(object, source)));
  return runs.map(({ error_code }) => error_code);
}

async function expectOthersCalm(unit: string): Promise<DepartmentAnswer | undefined> {
  const now = await askDepartments(city.spine, units);
  for (const [other, { text }] of now) if (other !== unit) expect(text).toBe(calm.get(other)?.text);
  return now.get(unit);
}

/** Nobody does anything but the hub itself, which looks again. */
async function expectBack(unit: string): Promise<void> {
  await systemOf(unit).setFault('none');
  const isBack = async () => {
    await look(unit);
    return !(await findUncalm()).includes(unit);
  };
  await eventually(isBack, { what: `the calm answer of ${unit}`, everyMs: 50 });
}

const FAULTS: readonly (readonly [Fault, RegExp])[] = [
  ['down', /^HUB_SOURCE_(UNREACHABLE|OPEN)$/],
  ['hang', /^HUB_SOURCE_(TIMEOUT|OPEN|BUSY)$/],
  ['garbage', /^HUB_SOURCE_/],
  ['half', /^HUB_SOURCE_/],
  ['error', /^HUB_SOURCE_/],
  ['schema', /^HUB_(SOURCE_|MAP_SHAPE$)/],
  ['expired', /^HUB_SOURCE_/],
];

describe.each(DEPARTMENTS)('%s', (unit) => {
  test.each(FAULTS)(
    '%s: the others answer as ever, it says so and shows what it has, and comes back by itself',
    async (fault, code) => {
      const before = systemOf(unit).faultCounters()[fault];
      await systemOf(unit).setFault(fault);
      for (const one of await runFeeds(unit)) expect(one).toMatch(code);
      // From the sandbox's side: the fault was on, and somebody met it. A breaker that is open from the fault before lets nothing out yet.
      const met = () => systemOf(unit).faultCounters()[fault];
      expect(met().activations).toBe(before.activations + 1);
      const isMet = () => fault === 'down' || met().bytesFromClient > before.bytesFromClient;
      const askAgain = async () => {
        if (!isMet()) await runFeeds(unit);
        return isMet();
      };
      await eventually(askAgain, { what: `${unit} is asked`, everyMs: 100 });

      const now = await expectOthersCalm(unit);
      expect(now).toMatchObject({
        status: 'DEGRADED',
        source: { status: 'DEGRADED', via: 'FALLBACK' },
      });
      expect(now?.errors.length).toBeGreaterThan(0);
      for (const one of now?.errors ?? []) expect(one).toMatch(code);
      expect(now?.rows).not.toContain('"via":"STORE"');
      expect(now?.rows.replaceAll('"via":"FALLBACK"', '"via":"STORE"')).toBe(calm.get(unit)?.rows);
      await expectBack(unit);
    },
    60_000,
  );

  test('slow, but within its time: nobody notices', async () => {
    await systemOf(unit).setFault('slow');
    expect(new Set(await runFeeds(unit))).toEqual(new Set([null]));
    expect(systemOf(unit).faultCounters().slow.bytesToClient).toBeGreaterThan(0);
    expect((await expectOthersCalm(unit))?.text).toBe(calm.get(unit)?.text);
    await expectBack(unit);
  });
});
