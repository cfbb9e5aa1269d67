// The whole spine in one process, put together as the command line does it: legacy database → sql kind → sync jobs over
// BullMQ on PostgreSQL → store → stitched gateway on a free port. Time is the legacy world's and stands still.
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { codecs } from '../../cli/codecs.ts';
import { toKinds } from '../../cli/kinds.ts';
import { toFileKind } from '../../connectors/kinds/file/file-kind.ts';
import { toSocketKind } from '../../connectors/kinds/socket/socket-kind.ts';
import type { ManifestFault } from '../../connectors/kit/manifest/faults.ts';
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import { openUnits } from '../../connectors/kit/manifest/unit-folder.ts';
import { compileMappings } from '../../connectors/kit/mapping/compile-mappings.ts';
import { type Clock, wallClock } from '../../connectors/kit/resilience/clock.ts';
import { toResilientSource } from '../../connectors/kit/resilience/to-resilient-source.ts';
import { openGateway } from '../../gateway/server/open-gateway.ts';
import type { Gateway } from '../../gateway/server/options.ts';
import { toStoreSubschemas } from '../../gateway/subschema/store-subschemas.ts';
import { openQueue } from '../../jobs/queue/open-queue.ts';
import type { FirstLoad } from '../../jobs/worker/first-load.ts';
import { workUnits } from '../../jobs/worker/work-units.ts';
import type { Divisions } from '../../schema/divisions/divisions.ts';
import { openDivisions } from '../../schema/divisions/open-divisions.ts';
import { toMillis } from '../../schema/duration.ts';
import type { FeedKey, Store } from '../../store/contract.ts';
import { openStore } from '../../store/open-store.ts';
import { openTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Answer, askGraphql } from './ask.ts';
import { type Close, closeAll, openWorld } from './close-all.ts';
import { type Legacy, NO_STATIONS, openPlainPool } from './open-legacy.ts';

export type SpineOptions = {
  /** The world's time, and hydrology's address. */
  readonly legacy: Pick<Legacy, 'now' | 'url'>;
  /** The hub's own units when absent. */
  readonly unitsFolder?: string;
  /** Which of the hub's own units: hydrology when absent. */
  readonly units?: readonly string[];
  /** Another address of the legacy tables than the legacy world's. */
  readonly sourceUrl?: string;
  /** Secrets of other units. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** The database of an earlier spine, with all that it holds; one of its own when absent. */
  readonly databaseUrl?: string;
  /** How many times faster than the wall clock the resilience around the sources waits, now; never slower than before. */
  readonly hurry?: () => number;
  /** The same for how long a breaker stays open, which no answer depends on; as `hurry` when absent. */
  readonly breakerHurry?: () => number;
  /** No source's pace is kept, and none is waited for longer than so: for tests that ask far more often than a department would be. */
  readonly unpaced?: { readonly timeout: `PT${number}S` };
  /** By what files are old enough to be read; a hundred times faster than the wall clock when absent. */
  readonly fileClock?: Clock;
  /** By what frames are dated, and given up when incomplete; the wall clock when absent. */
  readonly socketClock?: Clock;
};

/** A run as the store's run table has it. */
export type RunRow = {
  readonly id: string;
  readonly state: 'SUCCEEDED' | 'FAILED' | 'STOPPED';
  readonly read: number;
  readonly written: number;
  readonly unchanged: number;
  readonly deleted: number;
  readonly set_aside: number;
  readonly waiting: number;
  readonly error_code: string | null;
};

export type Spine = {
  readonly url: string;
  /** The hub's database. */
  readonly databaseUrl: string;
  readonly faults: readonly ManifestFault[];
  readonly firstLoad: Promise<readonly FirstLoad[]>;
  /** Runs the feed of a legacy table once, through the queue, and answers how the run ended. `source`: where two have such a one. */
  sync(object: string, source?: string): Promise<RunRow>;
  /** The feeds of a unit that run when they are asked for: not those that are listened to. */
  asked(unit: string): readonly FeedKey[];
  /** Asks for a run of every feed of these sources, or of those that read these objects; what waits already is not asked for twice. */
  look(sources: readonly string[], objects?: readonly string[]): Promise<void>;
  ask<Data>(query: string, variables?: object): Promise<Answer<Data>>;
  /** The same at a second gateway, which stitches whatever is asked. */
  askStitched<Data>(query: string, variables?: object): Promise<Answer<Data>>;
  /** Plain SQL on the hub's database, beside the hub. */
  query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
};

const UNITS = fileURLToPath(new URL('../../connectors/units', import.meta.url));
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Ends when the gateway answers; the first load may still be under way. The legacy world stays its opener's. */
export function openSpine(options: SpineOptions): Promise<Spine> {
  return openWorld((opened) => openParts(options, opened));
}

async function openParts(options: SpineOptions, opened: Close[]): Promise<Spine> {
  const { legacy, hurry = () => 1, breakerHurry = hurry } = options;
  const { fileClock = openHastyClock(), socketClock = wallClock } = options;
  const clock = legacy.now;
  const [{ units, faults }, divisions, database] = await Promise.all([
    openOwnUnits(options),
    openDivisions(),
    options.databaseUrl === undefined
      ? openTestDatabase()
      : { url: options.databaseUrl, close: async () => undefined },
  ]);
  opened.push(database.close);
  const pool = openPlainPool(database.url, 2);
  opened.push(() => pool.end());
  const query: Spine['query'] = async (text, values = []) => (await pool.query(text, [...values])).rows;
  const store = await openStore({ url: database.url, clock });
  opened.push(store.close);
  await store.migrate(units);
  const queue = await openQueue(
    { kind: 'postgres', url: database.url },
    // A run that was asked for is one run: what the queue tries again by itself would come between.
    { log: SILENT, retries: { attempts: 1, backoffMs: 50 }, deadlineMs: 30_000 },
  );
  opened.push(() => queue.close({ graceMs: 5000 }));
  const resilienceClock = toClock(hurry, breakerHurry);
  const secrets: Readonly<Record<string, string | undefined>> = {
    ...NO_STATIONS,
    ...options.secrets,
    HYDROLOGY_URL: options.sourceUrl ?? legacy.url,
  };
  const worker = await workUnits(
    {
      units,
      kinds: {
        ...toKinds(divisions, SILENT, ['127.0.0.1']),
        file: toFileKind({ codecs, clock: fileClock }),
        socket: toSocketKind({ codecs, clock: socketClock }),
      },
      secrets: (name) => secrets[name],
      store,
      queue,
      clock,
      log: SILENT,
      retryMs: 100,
    },
    {
      compile: (unit) => compileMappings(unit, { divisions }),
      protect: (source, settings) => toResilientSource(source, settings, resilienceClock),
    },
  );
  opened.push(() => worker.close({ graceMs: 5000 }));
  const served = {
    ...(await toGraph(units, divisions, store)),
    host: '127.0.0.1',
    port: 0,
    keys: [],
    clock,
    log: SILENT,
    health: async () => ({ store: { ok: true }, units: await readUnitHealth(query) }),
  } as const;
  const gateway = await openGateway(served);
  opened.push(gateway.close);
  let stitched: Promise<Gateway> | null = null;
  opened.push(async () => (await stitched)?.close());
  const syncFeed = async (object: string, source?: string): Promise<RunRow> => {
    const feed = worker.feeds.find(
      ({ key }) => key.object === object && key.source === (source ?? key.source),
    );
    if (feed === undefined) throw new Error(`no feed reads ${object}`);
    const [last] = await query<{ id: string }>('select coalesce(max(id), 0) as id from hub.run');
    // A run that ended a moment ago may still stand in the queue, which then takes no second one.
    const isAdded = async () => (await queue.enqueue(feed.key.unit, feed.name, 'manual')) === 'added';
    await eventually(isAdded, { what: `a place in the queue for ${object}` });
    return eventually(async () => (await query<RunRow>(ENDED_RUN, [last?.id, object, feed.key.source]))[0], {
      what: `the end of a run of ${object}`,
    });
  };
  return {
    url: gateway.url,
    databaseUrl: database.url,
    faults,
    firstLoad: worker.firstLoad,
    sync: syncFeed,
    asked: (unit) =>
      worker.feeds.filter(({ key, asks }) => key.unit === unit && asks !== 'batches').map(({ key }) => key),
    look: async (sources, objects) => {
      for (const { key, name } of worker.feeds)
        if (sources.includes(key.source) && objects?.includes(key.object) !== false)
          await queue.enqueue(key.unit, name, 'manual');
    },
    ask: (text, variables) => askGraphql(gateway.url, text, variables),
    async askStitched(text, variables) {
      stitched ??= openGateway({ ...served, doors: 'STITCHED' });
      return askGraphql((await stitched).url, text, variables);
    },
    query,
    close: () => closeAll(opened),
  };
}

/** Ends when all that stood in the sources at the beginning is in the store. */
export async function assertLoaded({ firstLoad }: Pick<Spine, 'firstLoad'>): Promise<void> {
  const failed = (await firstLoad).filter(({ state }) => state !== 'complete');
  if (failed.length > 0)
    throw new Error(
      `not loaded: ${failed.map(({ feed, error }) => `${feed} (${error?.message})`).join(', ')}`,
    );
}

async function openOwnUnits({ unitsFolder, units: names = ['hydrology'], unpaced }: SpineOptions) {
  if (unitsFolder !== undefined) return openUnits(unitsFolder);
  const { units, faults } = await openUnits(UNITS);
  const own = units.filter(({ unit }) => names.includes(unit));
  return {
    units: unpaced === undefined ? own : own.map((unit) => toUnpaced(unit, unpaced.timeout)),
    faults,
  };
}

function toUnpaced(unit: Unit, most: string): Unit {
  const sources = unit.sources.map((source) => {
    const { limits } = source;
    const timeout = toMillis(limits.timeout) > toMillis(most) ? most : limits.timeout;
    return { ...source, limits: { ...limits, timeout, rate: null } };
  });
  return { ...unit, sources };
}

/** A clock by which a file is complete after a tenth of a second. */
export function openHastyClock(): Clock {
  const began = wallClock.now();
  return { ...wallClock, now: () => began + 100 * (wallClock.now() - began) };
}

const ENDED_RUN = `select id, state, read::int, written::int, unchanged::int, deleted::int, set_aside::int, waiting::int, error_code
  from hub.run where id > $1 and task = 'sync' and object = $2 and source = $3 and state <> 'RUNNING' order by id limit 1`;

/** The same waits, but shorter: a call that may take ten seconds may take one. Only a breaker asks what time it is. */
function toClock(hurry: () => number, breakerHurry: () => number): Clock {
  return {
    now: () => wallClock.now() * breakerHurry(),
    sleep: (ms, signal) => wallClock.sleep(ms / hurry(), signal),
  };
}

async function toGraph(units: readonly Unit[], divisions: Divisions, store: Store) {
  const whole = { units, divisions, reader: store.reader, cursorKey: await store.setting('cursor-key') };
  return { subschemas: toStoreSubschemas(whole), whole };
}

/** As the command line tells it: a unit is well while none of its types fails. */
async function readUnitHealth(query: Spine['query']) {
  const rows = await query<{ unit: string; ok: boolean }>(
    'select unit, bool_and(failing_since is null) as ok from hub.type_state group by unit',
  );
  return Object.fromEntries(rows.map(({ unit, ok }) => [unit, { ok }]));
}
