// Workers over PostgreSQL and a real port: of two one listens, the other takes over, and the tables say what happened.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { ConnectorKind } from '../../connectors/kit/contract.ts';
import { findAnyPort } from '../../postgres/ports.ts';
import { HubError } from '../../schema/errors.ts';
import type { Store, SyncStore } from '../../store/contract.ts';
import { openStore } from '../../store/open-store.ts';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { eventually } from '../../test/support/eventually.ts';
import { lineKind } from '../../test/support/line-kind.ts';
import { openLineSender } from '../../test/support/line-sender.ts';
import { mappingOf, PUSHED_MAPPINGS, pushedFeeds, pushedUnit } from '../../test/support/sample-push.ts';
import { listenToSource } from '../listen/listen-to-source.ts';
import type { Log } from '../log.ts';
import { openQueue } from '../queue/open-queue.ts';
import { workUnits } from './work-units.ts';

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

let database: TestDatabase;
let store: Store;
let client: pg.Client;
let port = 0;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  port = await findAnyPort();
  store = await openStore({ url: database.url, clock: Date.now });
  await store.migrate([pushedUnit('hydrology', port)]);
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await store.close();
  await client.query('drop schema if exists hydrology cascade');
  await client.query('drop schema if exists hub cascade');
  await client.end();
});

/** `sync`: the store as this worker sees it. */
async function openTestWorker(sync: SyncStore = store.sync, kind: ConnectorKind = lineKind) {
  const queue = await openQueue({ kind: 'postgres', url: database.url }, { log: SILENT });
  const worker = await workUnits(
    {
      units: [pushedUnit('hydrology', port)],
      kinds: { socket: kind },
      secrets: () => undefined,
      store: { sync },
      queue,
      clock: Date.now,
      log: SILENT,
      retryMs: 50,
    },
    { compile: () => PUSHED_MAPPINGS, protect: (source) => source },
  );
  const close = async () => {
    await worker.close({ graceMs: 5000 });
    await queue.close({ graceMs: 5000 });
  };
  closing.push(close);
  return { worker, close };
}

function openSender() {
  const sender = openLineSender(() => port);
  closing.push(sender.close);
  return sender;
}

const ask = async (text: string) => (await client.query(text)).rows;
const keys = async () =>
  (await ask('select _key from hydrology.hydro_station order by 1')).map(({ _key }) => _key);

describe('a unit that sends', () => {
  test('needs no first load, lands while somebody listens, and ages by what was heard', async () => {
    const { worker } = await openTestWorker();
    expect(await worker.firstLoad).toEqual([]);
    const sender = openSender();
    const [before] = await ask(
      "select last_complete_at as at from hub.type_state where type = 'HydroStation'",
    );
    expect(before.at).toBeNull();
    sender.send('station', { stcd: 'S1', stnm: '道县' });
    await eventually(sender.isQuiet, { what: 'the answer' });
    const [feed] = await ask(
      "select mark->>'watermark' as heard, lease_holder as holder from hub.feed where object = 'station'",
    );
    expect(feed.holder).not.toBeNull();
    const [row] = await ask('select _key, _received_at as at from hydrology.hydro_station');
    expect(row).toEqual({ _key: 'S1', at: new Date(feed.heard) });
    expect(await ask('select object, reason, state from hub.run order by object')).toEqual([
      { object: 'level', reason: 'first', state: 'RUNNING' },
      { object: 'station', reason: 'first', state: 'RUNNING' },
    ]);
  });

  test('is listened to by one of two workers, and by the other when that one has closed', async () => {
    const first = await openTestWorker();
    const sender = openSender();
    sender.send('station', { stcd: 'S1' });
    await eventually(sender.isQuiet, { what: 'the first answer' });
    const second = await openTestWorker();
    sender.send('station', { stcd: 'S2' });
    await eventually(sender.isQuiet, { what: 'the second answer' });
    expect(await ask('select distinct lease_token::int as token from hub.feed')).toEqual([{ token: 1 }]);
    await first.close();
    const [life] = await ask("select last_complete_at as at from hub.type_state where type = 'HydroStation'");
    const [mark] = await ask("select mark->>'watermark' as at from hub.feed where object = 'station'");
    expect(life.at).toEqual(new Date(mark.at));
    sender.send('station', { stcd: 'S3' });
    await eventually(sender.isQuiet, { what: 'the third answer' });
    expect(await keys()).toEqual(['S1', 'S2', 'S3']);
    await second.close();
    expect(
      await ask(
        "select state, written::int, count(*)::int from hub.run where object = 'station' group by 1, 2",
      ),
    ).toEqual(
      expect.arrayContaining([
        { state: 'SUCCEEDED', written: 2, count: 1 },
        { state: 'SUCCEEDED', written: 1, count: 1 },
      ]),
    );
  });
});

test('a listener that was away and wakes up writes nothing, answers nothing, and leaves the port', async () => {
  let [now, isAway] = [Date.now(), false];
  const listen = (name: string, sync: SyncStore, at: number) => {
    const stopping = new AbortController();
    closing.push(() => stopping.abort());
    return lineKind.open(toSettings(at)).then((source) => {
      closing.push(() => source.close());
      const end = listenToSource(pushedFeeds(pushedUnit('hydrology', port)), {
        ...{ source, store: sync, clock: () => now, mappingOf, log: SILENT, holder: name },
        ...{ beatMs: 20, signal: stopping.signal },
      });
      end.catch(() => undefined);
      return end;
    });
  };
  // While it is away it neither beats nor writes: as if it were stopped.
  const sleeping: SyncStore = {
    ...store.sync,
    renew: async (...given) => (isAway ? undefined : store.sync.renew(...given)),
  };
  const first = listen('first', sleeping, port);
  const sender = openSender();
  sender.send('station', { stcd: 'S1' });
  await eventually(sender.isQuiet, { what: 'the first answer' });
  isAway = true;
  now += 60_000;
  const other = await findAnyPort();
  listen('second', store.sync, other).catch(() => undefined);
  await eventually(
    async () => (await ask("select 1 from hub.feed where lease_holder = 'second'")).length === 2,
    { what: 'the other worker' },
  );
  sender.send('station', { stcd: 'S2' });
  await expect(first).rejects.toMatchObject({ code: 'HUB_SYNC_LEASE_LOST' });
  expect(await keys()).toEqual(['S1']);
  expect(sender.answered).toEqual([1]);
  // Where it is listened to now, it is taken.
  port = other;
  await eventually(sender.isQuiet, { what: 'the second answer' });
  expect(await keys()).toEqual(['S1', 'S2']);
});

test('a source that cannot be listened to is tried again until it can, and says so meanwhile', async () => {
  let isTaken = true;
  const kind: ConnectorKind = {
    ...lineKind,
    open: async (settings) => {
      const source = await lineKind.open(settings);
      const { listen } = source;
      return {
        ...source,
        listen: async (...given) => {
          if (isTaken) throw new HubError('HUB_SOURCE_REFUSED', 'the port is taken');
          return listen(...given);
        },
      };
    },
  };
  await openTestWorker(store.sync, kind);
  await eventually(
    async () =>
      (await ask("select 1 from hub.type_state where last_error_code = 'HUB_SOURCE_REFUSED'")).length === 2,
    { what: 'the reason' },
  );
  isTaken = false;
  const sender = openSender();
  sender.send('station', { stcd: 'S1' });
  await eventually(sender.isQuiet, { what: 'the answer' });
  await eventually(
    async () => (await ask('select 1 from hub.type_state where failing_since is null')).length === 2,
    { what: 'the end of the outage' },
  );
});

function toSettings(at: number): Parameters<ConnectorKind['open']>[0] {
  return {
    ...{ unit: 'hydrology', name: 'line', url: '', zone: 'Asia/Shanghai', inFlight: 1, timeoutMs: 1000 },
    ...{ pageRows: 3, rate: null, fileBytes: 1, columnCase: 'exact', objects: [] },
    options: { listen: { port: at, proto: 'tcp' } },
  };
}
