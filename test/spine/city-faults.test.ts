// One department fails, the city answers: each of the three down, hanging, slow and answering garbage in turn. The other
// two answer byte for byte as on a calm day, and the third says that it is not well.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fault } from '../../sandbox/front/fault.ts';
import { eventually } from '../support/eventually.ts';
import { askCity, type CityAnswer, UNITS, type UnitName } from './city-answer.ts';
import { closeWorld } from './close-all.ts';
import { type City, openCity } from './open-city.ts';
import { HOUR, MINUTE, START } from './open-legacy.ts';

/** Deadlines, retries and breakers wait so many times shorter: half a second for hydrology, one or two for the weather. */
const HURRY = 10;
const SOURCES = { hydrology: ['fork'], weather: ['music', 'cap'], forestry: ['firms', 'drop'] } as const;

let city: City;
/** Before the fault: everybody is well. */
let calm: CityAnswer;
beforeAll(async () => {
  city = await openCity({ hurry: HURRY, slowMs: 60, growMs: 5 });
}, 180_000);
afterAll(() => closeWorld(city));
beforeEach(async () => {
  const isCalm = async () => {
    calm = await askCity(city.spine);
    const failing = UNITS.filter((unit) => calm[unit].status !== 'OK');
    await Promise.all(failing.map(look));
    return failing.length === 0;
  };
  await eventually(isCalm, { what: 'a calm city', everyMs: 100 });
  for (const unit of UNITS) expect(calm[unit].source).toMatchObject({ status: 'OK', requests: 1 });
});
// One that has failed leaves the next a city without a fault.
afterEach(() => Promise.all(UNITS.map((unit) => switchTo(unit, 'none'))));

const systemOf = (unit: UnitName) =>
  unit === 'hydrology' ? city.hydrology.front : { weather: city.weather, forestry: city.forestry }[unit];
const switchTo = (unit: UnitName, fault: Fault) => systemOf(unit).setFault(fault);
const met = (unit: UnitName, fault: Fault) => systemOf(unit).faultCounters()[fault];
/** All that a system's door has heard so far. */
const heard = (unit: UnitName) =>
  Object.values(systemOf(unit).faultCounters()).reduce(
    (sum, { connections, bytesFromClient }) => sum + connections + bytesFromClient,
    0,
  );
const look = (unit: UnitName) => city.spine.look(SOURCES[unit]);

/** Runs every feed of the unit once, all at the same time; resolves to the codes of how they ended. */
async function runFeeds(unit: UnitName): Promise<(string | null)[]> {
  const feeds = city.spine.asked(unit);
  expect(feeds.length).toBeGreaterThan(2);
  const runs = await Promise.all(feeds.map(({ source, object }) => city.spine.sync(object, source)));
  return runs.map(({ error_code }) => error_code);
}

/** Compared in this order, so that a difference is shown where it is. */
function expectOthersCalm(now: CityAnswer, unit: UnitName): void {
  for (const other of UNITS.filter((one) => one !== unit)) expect(now[other].text).toBe(calm[other].text);
}
/** Asks until no run is under way any more that would hide the errors of those before it. */
async function askMarked(unit: UnitName, error: RegExp): Promise<CityAnswer> {
  const isTold = async () => {
    const now = await askCity(city.spine);
    return Object.values(now[unit].errors).every((code) => code !== null) && now;
  };
  const now = await eventually(isTold, { what: `an error at each type of ${unit}`, everyMs: 50 });
  expectMarked(now, unit);
  for (const code of Object.values(now[unit].errors)) expect(code).toMatch(error);
  return now;
}
/** Each row says where it comes from, the unit and its line how it is; all else of its lists stands as it was. */
function expectMarked(now: CityAnswer, unit: UnitName): void {
  expect(now[unit]).toMatchObject({ status: 'DEGRADED', source: { status: 'DEGRADED', via: 'FALLBACK' } });
  expect(now[unit].lists).not.toContain('"via":"STORE"');
  expect(now[unit].lists.replaceAll('"via":"FALLBACK"', '"via":"STORE"')).toBe(calm[unit].lists);
}
/** Nobody does anything but the hub itself, which looks again. */
async function expectBack(unit: UnitName): Promise<void> {
  const isBack = async () => {
    await look(unit);
    return (await askCity(city.spine))[unit].text === calm[unit].text;
  };
  await eventually(isBack, { what: `the calm answer of ${unit}`, everyMs: 100 });
  expect(await askCity(city.spine)).toEqual(calm);
}

const FAULTS = [
  ['down', /^HUB_SOURCE_(UNREACHABLE|OPEN)$/],
  ['hang', /^HUB_SOURCE_(TIMEOUT|OPEN)$/],
  ['garbage', /^HUB_SOURCE_/],
] as const;
/** The others with a door are in departments.test.ts. */
const DOORS = ['hydrology'] as const;

describe.each(DOORS)('%s, at its door,', (unit) => {
  test.each(FAULTS)(
    '%s: the others answer as ever, it says so, and comes back by itself',
    async (fault, code) => {
      const before = met(unit, fault);
      await switchTo(unit, fault);
      const served = met(unit, 'none');
      const codes = await runFeeds(unit);
      for (const one of codes) expect(one).toMatch(code);

      // A breaker that is open from the fault before lets nothing out yet.
      const isAsked = () => fault === 'down' || met(unit, fault).bytesFromClient > before.bytesFromClient;
      const askAgain = async () => {
        if (!isAsked()) await runFeeds(unit);
        return isAsked();
      };
      await eventually(askAgain, { what: `${unit} is asked`, withinMs: 60_000, everyMs: 500 });
      // From the sandbox's side: it was asked, and nothing of it got through.
      const after = met(unit, fault);
      expect(after.activations).toBe(before.activations + 1);
      expect(met(unit, 'none')).toEqual(served);
      if (fault === 'down')
        await expect(fetch(`http://127.0.0.1:${city.hydrology.front.port}`)).rejects.toThrow();
      else expect(after.bytesFromClient).toBeGreaterThan(before.bytesFromClient);
      if (fault === 'hang') expect(after.bytesToClient).toBe(0);
      if (fault === 'garbage') expect(after.bytesToClient).toBeGreaterThan(before.bytesToClient);

      expectOthersCalm(await askMarked(unit, code), unit);
      await switchTo(unit, 'none');
      await expectBack(unit);
    },
    60_000,
  );

  test('slow, but within its time: nobody notices, for the answer does not wait for it', async () => {
    const before = met(unit, 'slow');
    await switchTo(unit, 'slow');
    expect(new Set(await runFeeds(unit))).toEqual(new Set([null]));
    expect(met(unit, 'slow').activations).toBe(before.activations + 1);
    expect(met(unit, 'slow').bytesToClient).toBeGreaterThan(before.bytesToClient);
    // A run by schedule may fall into the question: then it is asked again.
    const asked = await eventually(async () => {
      const heardBefore = heard(unit);
      const now = await askCity(city.spine);
      return heard(unit) === heardBefore && now;
    });
    expect(asked).toEqual(calm);
    await switchTo(unit, 'none');
    await expectBack(unit);
  });

  test('hanging with its feeds under way: the answer comes all the same', async () => {
    const { bytesFromClient } = met(unit, 'hang');
    await switchTo(unit, 'hang');
    const isAsked = async () => {
      await look(unit);
      return met(unit, 'hang').bytesFromClient > bytesFromClient;
    };
    await eventually(isAsked, { what: `a question to ${unit}` });
    const now = await askCity(city.spine);
    const running = `select count(*)::int as n from hub.run where unit = $1 and source <> 'telemetry' and state = 'RUNNING'`;
    const [left] = await city.spine.query<{ n: number }>(running, [unit]);
    expect(left?.n).toBeGreaterThan(0);
    expectOthersCalm(now, unit);
    await switchTo(unit, 'none');
    await expectBack(unit);
  });
});

describe('forestry, a file drop,', () => {
  const folders = () => [city.forestry.firmsFolder, city.forestry.dropFolder];
  const readNames = async (folder: string) =>
    (await readdir(folder, { withFileTypes: true })).filter((one) => one.isFile()).map(({ name }) => name);
  /** Looks until each folder holds these files and no other. */
  const lookUntilLeft = (names: readonly string[]) =>
    eventually(
      async () => {
        await look('forestry');
        const left = await Promise.all(folders().map(readNames));
        return JSON.stringify(left.flat().toSorted()) === JSON.stringify(names.toSorted());
      },
      { what: `nothing but ${names.join(', ')} in the folders`, everyMs: 100 },
    );
  const dropGood = () =>
    Promise.all((['firms', 'drop'] as const).map((one) => city.forestry.dropBroken('crlf', one)));

  test('down: the folders are gone; the others answer as ever, it says so, and comes back by itself', async () => {
    const { activations } = met('forestry', 'down');
    await switchTo('forestry', 'down');
    expect(met('forestry', 'down').activations).toBe(activations + 1);
    for (const folder of folders()) await expect(stat(folder)).rejects.toThrow('ENOENT');
    for (const code of await runFeeds('forestry')) expect(code).toMatch(/^HUB_SOURCE_(UNREACHABLE|OPEN)$/);
    expectOthersCalm(await askMarked('forestry', /^HUB_SOURCE_(UNREACHABLE|OPEN)$/), 'forestry');
    await switchTo('forestry', 'none');
    await expectBack('forestry');
  });

  test('hanging: of a file that grows for ever nothing is read, the rest goes on, and nobody is marked for it', async () => {
    const { bytesToClient } = met('forestry', 'hang');
    await switchTo('forestry', 'hang');
    const growing = (await Promise.all(folders().map(readNames))).flat();
    expect(growing).toHaveLength(2);
    await eventually(() => met('forestry', 'hang').bytesToClient > bytesToClient, { what: 'a growing file' });
    const [last] = await city.spine.query<{ id: string }>('select max(id) as id from hub.run');
    const good = await dropGood();
    await lookUntilLeft(growing);
    const runs = `select state, read::int, written::int from hub.run where unit = 'forestry' and id > $1 and task = 'sync' order by read`;
    expect(await city.spine.query(runs, [last?.id])).toEqual(
      good
        .map(({ rows }) => ({ state: 'SUCCEEDED', read: rows, written: 0 }))
        .toSorted((a, b) => a.read - b.read),
    );
    // Nothing fails: a file that is still being written is a bureau at work, and when it is the last, a quiet one.
    expect(await askCity(city.spine)).toEqual(calm);
    const size = met('forestry', 'hang').bytesToClient;
    await eventually(() => met('forestry', 'hang').bytesToClient > size, { what: 'more of it' });
    await switchTo('forestry', 'none');
    await lookUntilLeft([]);
    await expectBack('forestry');
  });

  test('garbage: refused with its reason, and marked until a good file has come, however often the hub looks', async () => {
    const before = met('forestry', 'garbage');
    await switchTo('forestry', 'garbage');
    expect(met('forestry', 'garbage').activations).toBe(before.activations + 1);
    expect(met('forestry', 'garbage').bytesToClient).toBeGreaterThan(before.bytesToClient);
    const names = (await Promise.all(folders().map(readNames))).flat();
    await lookUntilLeft([]);
    for (const [index, folder] of folders().entries()) {
      const reason = await readFile(join(folder, 'reject', `${names[index]}.reason.json`), 'utf8');
      expect(JSON.parse(reason)).toMatchObject({ code: 'HUB_SOURCE_ENCODING', file: names[index] });
      expect(reason).toMatch(/line 1\b/);
    }
    for (const _again of [1, 2]) {
      const now = await askCity(city.spine);
      expectOthersCalm(now, 'forestry');
      expectMarked(now, 'forestry');
      // The registers lie in files of their own, which are well.
      expect(now.forestry.errors).toEqual({
        FireHotspot: 'HUB_SOURCE_ENCODING',
        WatchTower: null,
        Ranger: null,
      });
      await look('forestry');
    }
    await switchTo('forestry', 'none');
    await dropGood();
    await lookUntilLeft([]);
    await expectBack('forestry');
  });

  // The last one: its files bring what was not there before.
  test('slow: no file is no fault, and what comes late is read like any other', async () => {
    const dropped = () => city.forestry.ledger().filesDropped.length;
    const before = { files: dropped(), bytes: met('forestry', 'slow').bytesToClient };
    await switchTo('forestry', 'slow');
    // At 00:20, 00:30 and 00:50 files fell due.
    await city.forestry.tick(START + 4 * HOUR);
    expect(dropped()).toBe(before.files);
    await lookUntilLeft([]);
    expect(await askCity(city.spine)).toEqual(calm);
    await city.forestry.tick(START + 6 * HOUR - 10 * MINUTE);
    expect(met('forestry', 'slow').bytesToClient).toBeGreaterThan(before.bytes);
    expect(dropped()).toBeGreaterThan(before.files);
    await lookUntilLeft([]);
    const late = await askCity(city.spine);
    expectOthersCalm(late, 'forestry');
    expect(late.forestry).toMatchObject({ status: 'OK', source: { status: 'OK', via: 'STORE' } });
    await switchTo('forestry', 'none');
    await city.forestry.tick();
    await lookUntilLeft([]);
    const counted = new Map<string, number>();
    // The hub's clock is hydrology's, which stands still: what is seen later than now is set aside.
    const isPast = (at: string) => Date.parse(at) <= START;
    for (const { county, observedAt } of city.forestry.ledger().hotspots)
      if (county !== null && isPast(observedAt)) counted.set(county, (counted.get(county) ?? 0) + 1);
    const stored = await city.spine.query<{ county: string; n: number }>(
      'select _division as county, count(*)::int as n from forestry.fire_hotspot where _gone_at is null and _division is not null group by 1',
    );
    expect(new Map(stored.map(({ county, n }) => [county, n]))).toEqual(counted);
    expectOthersCalm(await askCity(city.spine), 'forestry');
  });
});
