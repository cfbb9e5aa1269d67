// Manifests of the weather and the forestry bureau that lie: the comparison with the ledgers has to find each of them, and
// find nothing where nobody lies. A world of six hours, in which some warnings are older than the history.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type ForestrySystem, openForestrySystem } from '../../sandbox/forestry/system.ts';
import { RIDGE } from '../../sandbox/map/place-table.ts';
import { openWeatherSystem, type WeatherSystem } from '../../sandbox/weather/system.ts';
import { type Close, closeAll } from './close-all.ts';
import { type CityWhat, compareCity, isOurs } from './compare-city.ts';
import { settleFolders } from './open-city.ts';
import { DAY, HOUR, START } from './open-legacy.ts';
import { openSpine, type Spine } from './open-spine.ts';
import { openUnitsCopy, replaced } from './units-copy.ts';

const CLOCK = { start: START, frozen: true, wall: () => START + 30 * DAY };
const SHARED = { seed: 1, clock: CLOCK, log: () => undefined };

let folder: string;
let weather: WeatherSystem;
const opened: Close[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-lies-'));
  await chmod(folder, 0o755);
  weather = await openWeatherSystem({ ...SHARED, days: 6 / 24, folder: join(folder, 'weather'), port: 0 });
});
afterEach(() => closeAll(opened));
afterAll(async () => {
  await weather?.close();
  await rm(folder, { recursive: true, force: true });
});

async function openLiar(
  unit: string,
  secrets: Readonly<Record<string, string>>,
  change: (text: string) => string,
) {
  const units = await openUnitsCopy(change, [unit]);
  opened.push(units.close);
  // Nobody asks hydrology here: only the world's time is taken from it.
  const spine = await openSpine({
    legacy: { now: () => START, url: '' },
    unitsFolder: units.folder,
    secrets,
  });
  opened.push(spine.close);
  expect((await spine.firstLoad).map(({ state }) => state)).not.toContain('failed');
  return spine;
}

const openWeatherLiar = (change: (text: string) => string) => {
  const { musicUser, musicPassword, capKey } = weather.credentials;
  const urls = { WEATHER_MUSIC_URL: weather.url, WEATHER_CAP_URL: weather.url, WEATHER_CAP_KEY: capKey };
  return openLiar(
    'weather',
    { ...urls, WEATHER_MUSIC_USER: musicUser, WEATHER_MUSIC_PASSWORD: musicPassword },
    change,
  );
};

/** The bureau anew for each: a hub puts away the files that it has read. */
async function openForestryLiar(
  change: (text: string) => string,
): Promise<{ spine: Spine; forestry: ForestrySystem }> {
  const own = await mkdtemp(join(folder, 'forestry-'));
  await chmod(own, 0o755);
  const forestry = await openForestrySystem({ ...SHARED, days: 1, folder: own });
  opened.push(forestry.close);
  const folders = [forestry.firmsFolder, forestry.dropFolder] as const;
  const [FORESTRY_FIRMS_FOLDER, FORESTRY_DROP_FOLDER] = folders.map((path) => pathToFileURL(path).href);
  const secrets = {
    FORESTRY_FIRMS_FOLDER: FORESTRY_FIRMS_FOLDER ?? '',
    FORESTRY_DROP_FOLDER: FORESTRY_DROP_FOLDER ?? '',
  };
  const spine = await openLiar('forestry', secrets, change);
  await settleFolders(spine, folders);
  return { spine, forestry };
}

const WEATHER: readonly CityWhat[] = ['station', 'observation', 'warning'];
const FORESTRY: readonly CityWhat[] = ['hotspot', 'tower', 'ranger'];

describe('the weather bureau', () => {
  const differ = async (what: CityWhat, spine: Spine) =>
    (await compareCity(what, { weather }, spine.query)).differences;

  test('told truly differs in nothing, and a warning whose forerunner never came is there without it', async () => {
    const spine = await openWeatherLiar((text) => text);
    for (const what of WEATHER) expect(await differ(what, spine)).toEqual([]);
    const orphans = await spine.query<{ identifier: string }>(
      `select identifier from weather.warning w where replaces_key is not null
         and not exists (select from weather.warning o where o._key = w.replaces_key)`,
    );
    expect(orphans.length).toBeGreaterThan(0);
    const id = `weather:Warning:${orphans[0]?.identifier}`;
    const { data, errors } = await spine.ask(
      `{ warning(id: "${id}") { identifier replaces { identifier } } }`,
    );
    expect([data, errors]).toEqual([{ warning: { identifier: orphans[0]?.identifier, replaces: null } }, []]);

    await spine.query(
      `update weather.observation set wind_speed_quality = 'GOOD' where wind_speed_quality = 'BAD'`,
    );
    const bad = weather
      .ledger()
      .minutes.filter(({ quantity, quality }) => quantity === 'windSpeed' && quality === 'BAD');
    expect(await differ('observation', spine)).toHaveLength(bad.length);
    expect(bad.length).toBeGreaterThan(0);
  });

  test('with UTC read as Beijing’s wall clock has every observation eight hours early', async () => {
    const spine = await openWeatherLiar((text) => replaced(text, 'zone: UTC', 'zone: Asia/Shanghai'));
    const lines = await differ('observation', spine);
    const { compared } = await compareCity('observation', { weather }, spine.query);
    const missed = lines.filter((line) => line.includes(': only in the ledger: '));
    expect(missed).toHaveLength(compared);
    expect(await differ('warning', spine)).toEqual([]);
    // Six hours of readings, all before the history begins.
    const [times] = await spine.query(
      `select min(observed_at) as first, max(observed_at) as last from weather.observation`,
    );
    expect(times).toEqual({ first: new Date(weather.since - 8 * HOUR), last: new Date(START - 8 * HOUR) });
  });
});

describe('the forestry bureau', () => {
  const differ = async (what: CityWhat, { spine, forestry }: Awaited<ReturnType<typeof openForestryLiar>>) =>
    (await compareCity(what, { forestry }, spine.query)).differences;

  test('told truly differs in nothing, and a row that is lost is found', async () => {
    const world = await openForestryLiar((text) => text);
    for (const what of FORESTRY) expect(await differ(what, world)).toEqual([]);
    await world.spine.query(`delete from forestry.watch_tower where code = 'LWT43110201'`);
    expect(await differ('tower', world)).toEqual([
      expect.stringMatching(/^LWT43110201: only in the ledger: 邮亭圩瞭望塔/),
    ]);
  });

  test('with MODIS’s percents read in other bands has those between called low', async () => {
    const world = await openForestryLiar((text) =>
      replaced(replaced(text, 'band: [0, 30]', 'band: [0, 50]'), 'band: [30, 80]', 'band: [50, 80]'),
    );
    const between = world.forestry
      .ledger()
      .hotspots.filter(isOurs)
      .filter(({ confidencePercent: percent }) => {
        return percent !== null && percent >= 30 && percent < 50;
      });
    const lines = await differ('hotspot', world);
    expect(lines).toHaveLength(between.length);
    expect(lines.filter((line) => /ledger MODIS \S+ NOMINAL .* store MODIS \S+ LOW /.test(line))).toEqual(
      lines,
    );
    expect(between.length).toBeGreaterThan(0);
  });

  test('with mu taken for hectares guards fifteen times as much', async () => {
    const world = await openForestryLiar((text) => replaced(text, ', scale: "0.06666666666666667"', ''));
    const lines = await differ('ranger', world);
    expect(lines).toHaveLength(200);
    expect(lines[0]).toMatch(/ledger 李春花 13900001000 159 .* store 李春花 13900001000 2385 /);
    expect(await differ('hotspot', world)).toEqual([]);
  });

  test('with FIRMS’s positions taken for GCJ-02 has the kiln burn in the next county', async () => {
    const world = await openForestryLiar((text) => replaced(text, 'crs: WGS84', 'crs: GCJ02'));
    const seen = world.forestry
      .ledger()
      .hotspots.filter(isOurs)
      .filter(({ sensor }) => sensor !== 'domestic');
    const lines = await differ('hotspot', world);
    expect(lines.filter((line) => line.includes('only in the ledger'))).toHaveLength(seen.length);
    const kiln = await world.spine.query(
      `select source, _division from (select distinct _source as source, _division from forestry.fire_hotspot where lon_key = $1 and lat_key = $2) k order by 1`,
      [RIDGE.lon, RIDGE.lat],
    );
    expect(kiln).toEqual([
      { source: 'drop', _division: RIDGE.county },
      { source: 'firms', _division: '431126' },
    ]);
  });
});
