// One store and one queue for several processes of the hub, over departments that stand still at the wall clock's time. Worlds
// of two-processes.test.ts: the departments are opened once, a store for each queue.
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type pg from 'pg';
import type { QueueAddress } from '../../jobs/queue/contract.ts';
import { openWeatherSystem, type WeatherSystem } from '../../sandbox/weather/system.ts';
import { openTestDatabase } from '../support/database.ts';
import type { QueueServerCase } from '../support/queue-backends.ts';
import { type Close, closeAll } from './close-all.ts';
import { type HubProcess, openHubProcess } from './open-hub-process.ts';
import { type Legacy, NO_STATIONS, openLegacy, openPlainPool } from './open-legacy.ts';
import { openUnitsCopy, replaced } from './units-copy.ts';

/** Of every feed that is polled. */
export const EVERY_MS = 2000;

export type Departments = {
  readonly start: number;
  readonly hydrology: Legacy;
  readonly weather: WeatherSystem;
  /** For the folders of forestry, which each store empties for itself. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
};

export type SharedStore = {
  readonly queue: QueueAddress;
  /** Holds `firms` and `drop`, in which nothing lies yet. */
  readonly forestryFolder: string;
  /** Is ended with the store if it still runs. */
  open(command: 'worker' | 'gateway'): HubProcess;
  query<Row extends pg.QueryResultRow>(text: string): Promise<Row[]>;
  /** All of them so far, in the order in which they began. */
  runs(): Promise<Run[]>;
  close(): Promise<void>;
};

export type Run = {
  readonly id: string;
  /** Unit, source and object. */
  readonly feed: string;
  readonly reason: string;
  readonly state: string;
  readonly code: string | null;
  readonly read: number;
  readonly began: number;
  readonly ended: number | null;
};

/** Every feed that is polled every two seconds, in pages that are small enough to be met in the middle of a load. */
function toHasty(manifest: string, unit: string): string {
  const text = manifest
    .replaceAll(/every: P\w+/g, `every: PT${EVERY_MS / 1000}S`)
    .replaceAll('stable: PT10S', 'stable: PT1S');
  return unit === 'hydrology' ? replaced(text, 'rows: 2000', 'rows: 200') : text;
}

/** Hydrology and weather: the processes of the hub go by the wall clock, so the departments stand still at now. */
export async function openDepartments(): Promise<Departments> {
  const opened: Close[] = [];
  const start = Date.now();
  try {
    const folder = await mkdtemp(join(tmpdir(), 'hub-shared-'));
    await chmod(folder, 0o755);
    opened.push(() => rm(folder, { recursive: true, force: true }));
    const units = await openUnitsCopy(toHasty, ['hydrology', 'weather', 'forestry']);
    opened.push(units.close);
    const hydrology = await openLegacy({ start });
    opened.push(hydrology.close);
    const clock = { start, frozen: true };
    const options = { seed: 1, days: 1, clock, log: () => undefined };
    const weather = await openWeatherSystem({ ...options, folder: join(folder, 'weather'), port: 0 });
    opened.push(weather.close);
    const { musicUser, musicPassword, capKey } = weather.credentials;
    const environment = {
      HUB_UNITS_DIR: units.folder,
      HYDROLOGY_URL: hydrology.url,
      ...NO_STATIONS,
      HUB_PRIVATE_TARGETS: '127.0.0.1',
      WEATHER_MUSIC_URL: weather.url,
      WEATHER_MUSIC_USER: musicUser,
      WEATHER_MUSIC_PASSWORD: musicPassword,
      WEATHER_CAP_URL: weather.url,
      WEATHER_CAP_KEY: capKey,
    };
    return { start, hydrology, weather, folder, environment, close: () => closeAll(opened) };
  } catch (error) {
    await closeAll(opened).catch(() => undefined);
    throw error;
  }
}

/** An empty database and an empty queue. Over PostgreSQL they are one, as in production. */
export async function openSharedStore(
  departments: Departments,
  server: QueueServerCase,
): Promise<SharedStore> {
  const opened: Close[] = [];
  try {
    return await openParts(departments, server, opened);
  } catch (error) {
    await closeAll(opened).catch(() => undefined);
    throw error;
  }
}

async function openParts(
  departments: Departments,
  server: QueueServerCase,
  opened: Close[],
): Promise<SharedStore> {
  const { address: queue, close } = await server.open();
  opened.push(close);
  const database = queue.kind === 'redis' ? await openTestDatabase() : null;
  if (database !== null) opened.push(database.close);
  const url = database?.url ?? queue.url;
  const pool = openPlainPool(url, 2);
  opened.push(() => pool.end());
  const forestryFolder = join(departments.folder, server.name);
  const [firms, drop] = [join(forestryFolder, 'firms'), join(forestryFolder, 'drop')];
  for (const own of [firms, drop]) await mkdir(own, { recursive: true });
  const environment = {
    ...departments.environment,
    HUB_DATABASE_URL: url,
    ...(queue.kind === 'redis' ? { REDIS_URL: queue.url } : {}),
    FORESTRY_FIRMS_FOLDER: pathToFileURL(firms).href,
    FORESTRY_DROP_FOLDER: pathToFileURL(drop).href,
  };
  const query: SharedStore['query'] = async (text) => (await pool.query(text)).rows;
  return {
    queue,
    forestryFolder,
    open: (command) => {
      const child = openHubProcess(command, environment);
      opened.push(async () => {
        child.kill('SIGKILL');
        await child.ended;
      });
      return child;
    },
    query,
    runs: () => query<Run>(RUNS),
    close: () => closeAll(opened),
  };
}

const RUNS = `select id, concat_ws('/', unit, source, object) as feed, reason, state, error_code as code, read::int,
    (extract(epoch from started_at) * 1000)::float8 as began, (extract(epoch from ended_at) * 1000)::float8 as ended
  from hub.run where task = 'sync' order by id`;
