// Three departments at one time: hydrology's database, the weather bureau's services, the forestry bureau's folders, and the
// hub over them. Their clocks stand still together until a test moves them.
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ForestrySystem, openForestrySystem } from '../../sandbox/forestry/system.ts';
import { openWeatherSystem, type WeatherSystem } from '../../sandbox/weather/system.ts';
import { eventually } from '../support/eventually.ts';
import { type Close, closeAll, openWorld } from './close-all.ts';
import { DAY, type Legacy, openLegacy, START } from './open-legacy.ts';
import { assertLoaded, openSpine, type Spine } from './open-spine.ts';

export type City = {
  readonly hydrology: Legacy;
  readonly weather: WeatherSystem;
  readonly forestry: ForestrySystem;
  readonly spine: Spine;
  /** What the hub's environment holds, by the manifests' words. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Puts all clocks forward; files that are due are dropped. */
  moveTo(time: number): Promise<void>;
  /** Looks into the folders until every file that lies there was read or refused. */
  settle(): Promise<void>;
  close(): Promise<void>;
};

export type CityOptions = {
  /** How many times faster than the wall clock the resilience waits once everything is loaded; 1 when absent. */
  readonly hurry?: number;
  /** How late a slow door answers; 2 s when absent. */
  readonly slowMs?: number;
  /** Between two rows of a file that grows for ever; 500 when absent. */
  readonly growMs?: number;
};

/** Ends when everything that stood in the three systems at the beginning is in the store. */
export function openCity(options: CityOptions = {}): Promise<City> {
  return openWorld((opened) => openParts(opened, options));
}

async function openParts(opened: Close[], options: CityOptions): Promise<City> {
  const { hurry = 1, slowMs = 2000, growMs = 500 } = options;
  const folder = await mkdtemp(join(tmpdir(), 'hub-city-'));
  await chmod(folder, 0o755);
  opened.push(() => rm(folder, { recursive: true, force: true }));
  const hydrology = await openLegacy({ slowMs });
  opened.push(hydrology.close);
  const clock = { start: START, frozen: true, wall: () => START + 30 * DAY };
  const shared = { seed: 1, days: 1, clock, log: () => undefined };
  const weather = await openWeatherSystem({ ...shared, folder: join(folder, 'weather'), port: 0, slowMs });
  opened.push(weather.close);
  const forestry = await openForestrySystem({ ...shared, folder: join(folder, 'forestry'), growMs });
  opened.push(forestry.close);
  const secrets = {
    HYDROLOGY_URL: hydrology.url,
    WEATHER_MUSIC_URL: weather.url,
    WEATHER_MUSIC_USER: weather.credentials.musicUser,
    WEATHER_MUSIC_PASSWORD: weather.credentials.musicPassword,
    WEATHER_CAP_URL: weather.url,
    WEATHER_CAP_KEY: weather.credentials.capKey,
    FORESTRY_FIRMS_FOLDER: pathToFileURL(forestry.firmsFolder).href,
    FORESTRY_DROP_FOLDER: pathToFileURL(forestry.dropFolder).href,
  };
  const units = ['hydrology', 'weather', 'forestry'];
  let pace = 1;
  const spine = await openSpine({ legacy: hydrology, units, secrets, hurry: () => pace });
  opened.push(spine.close);
  await assertLoaded(spine);
  pace = hurry;
  const city: City = {
    hydrology,
    weather,
    forestry,
    spine,
    secrets,
    async moveTo(time) {
      // Hydrology's clock is the hub's: the weather must not come after it, or a run in between would find it missing.
      weather.clock.moveTo(time);
      await hydrology.database.tick(time);
      await forestry.tick(time);
    },
    settle: () => settleFolders(spine, [forestry.firmsFolder, forestry.dropFolder]),
    close: () => closeAll(opened),
  };
  await city.settle();
  return city;
}

/** Looks until no file lies in the folders of these sources (forestry's when absent) any more: one is complete only at the second look. */
export async function settleFolders(
  spine: Spine,
  folders: readonly string[],
  sources: readonly string[] = ['firms', 'drop'],
): Promise<void> {
  const isEmpty = async () => {
    await spine.look(sources);
    const left = await Promise.all(folders.map((folder) => readdir(folder, { withFileTypes: true })));
    return left.flat().every((entry) => !entry.isFile());
  };
  await eventually(isEmpty, { what: 'empty folders', everyMs: 100, withinMs: 90_000 });
}
