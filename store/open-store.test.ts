// Opening, reading, sharing and closing a store.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { openTestDatabase, type TestDatabase } from '../test/support/database.ts';
import { eventually } from '../test/support/eventually.ts';
import type { Store } from './contract.ts';
import { HUB_STEPS } from './migrate/hub-steps.ts';
import { openStore } from './open-store.ts';

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await openTestDatabase();
  store = await openStore({ url: database.url, maxConnections: 4, readTimeoutMs: 2000 });
});
afterAll(async () => {
  await store.close();
  await database.close();
});

const readOne = async (text: string, values: readonly unknown[] = []) =>
  (await store.reader.read({ text, values }))[0];

describe('reading', () => {
  test('answers a statement with its binds', async () => {
    expect(await readOne('SELECT $1::text AS name, $2::int AS count', ['站', 7])).toEqual({
      name: '站',
      count: 7,
    });
  });

  test('speaks UTC and ISO 8601, whatever the server’s own settings', async () => {
    const row = await readOne(
      `SELECT '2026-04-05T08:30:00.123456+08:00'::timestamptz AS at, 'PT90M'::interval AS span, '90 minutes'::interval::text AS text`,
    );
    expect(row).toEqual({ at: '2026-04-05 00:30:00.123456+00', span: 'PT1H30M', text: 'PT1H30M' });
  });

  test.each([
    'CREATE TABLE public.x (a int)',
    'DELETE FROM hub.setting',
    'SELECT nextval($$hub.run_id_seq$$)',
  ])('cannot write: %s', async (text) => {
    await expect(readOne(text)).rejects.toMatchObject({ code: 'HUB_STORE_QUERY' });
  });

  test('finds no table by its bare name', async () => {
    await expect(readOne('SELECT * FROM setting')).rejects.toMatchObject({ code: 'HUB_STORE_QUERY' });
  });

  test('prepares a statement once a session and runs it again', async () => {
    const text = `SELECT count(*)::int AS prepared, sum(generic_plans + custom_plans)::int AS runs
      FROM pg_prepared_statements WHERE statement LIKE '%marker of this test%'`;
    await readOne(text);
    await readOne(text);
    expect(await readOne(text)).toEqual({ prepared: 1, runs: 3 });
  });

  test('ends a statement that takes too long', async () => {
    const slow = await openStore({ url: database.url, maxConnections: 3, readTimeoutMs: 30 });
    await expect(slow.reader.read({ text: 'SELECT pg_sleep(10)', values: [] })).rejects.toMatchObject({
      code: 'HUB_STORE_UNREACHABLE',
    });
    await slow.close();
  });
});

describe('a question that is no longer wanted', () => {
  const running = async () =>
    Number(
      (
        await readOne(
          `SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active' AND datname = current_database()`,
        )
      )?.n,
    );

  test('is cancelled on the server too, and its place is free again', async () => {
    const stop = new AbortController();
    // Nothing else than the cancellation can end this statement in time.
    const patient = await openStore({ url: database.url, maxConnections: 4, readTimeoutMs: 60_000 });
    const { reader } = patient;
    const asked = reader.read({ text: 'SELECT pg_sleep(50) AS a', values: [] }, { signal: stop.signal });
    while ((await running()) === 0) await new Promise(setImmediate);
    stop.abort();
    await expect(asked).rejects.toMatchObject({
      code: 'HUB_STORE_QUERY',
      message: expect.stringContaining('cancelled'),
    });
    await eventually(async () => (await running()) === 0, { what: 'the end of the statement' });
    const others = [1, 2, 3, 4, 5].map((n) => reader.read({ text: `SELECT ${n} AS n`, values: [] }));
    expect(await Promise.all(others)).toHaveLength(5);
    await patient.close();
  });

  test('costs no session when the signal comes while one is awaited', async () => {
    // One session reads: what waits for it behind the slow one is given up before its turn.
    const narrow = await openStore({ url: database.url, maxConnections: 1, readTimeoutMs: 2000 });
    const toPid = 'SELECT pg_backend_pid() AS pid';
    const [before] = await narrow.reader.read<{ pid: number }>({ text: toPid, values: [] });
    const first = narrow.reader.read({ text: 'SELECT pg_sleep(0.1)', values: [] });
    const stop = new AbortController();
    const waiting = Array.from({ length: 20 }, () =>
      narrow.reader.read({ text: 'SELECT 1 / 0', values: [] }, { signal: stop.signal }).catch(String),
    );
    stop.abort();
    await first;
    expect(new Set(await Promise.all(waiting))).toEqual(
      new Set(['HubError: the question was cancelled by who asked it']),
    );
    expect((await narrow.reader.read<{ pid: number }>({ text: toPid, values: [] }))[0]).toEqual(before);
    await narrow.close();
  });

  test('is not even begun when the signal came before', async () => {
    await expect(
      store.reader.read({ text: 'SELECT 1', values: [] }, { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'HUB_STORE_QUERY' });
  });
});

test('losing every connection ends no process: the next question is answered', async () => {
  await Promise.all([1, 2, 3].map((n) => readOne(`SELECT ${n} AS n`)));
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  await client.end();
  // A question may meet two sessions whose loss has not been noticed yet; that each takes one away bounds how many can.
  const answers = await Promise.allSettled([1, 2, 3].map((n) => readOne(`SELECT ${n} AS n`)));
  for (const answer of answers)
    if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'HUB_STORE_UNREACHABLE' });
  expect(await readOne('SELECT 4 AS n')).toEqual({ n: 4 });
});

test('a question that meets a session which has ended is asked of another one, and nobody notices', async () => {
  const one = await openStore({ url: database.url, maxConnections: 1, readTimeoutMs: 2000 });
  const toPid = { text: 'SELECT pg_backend_pid() AS pid', values: [] };
  const [before] = await one.reader.read<{ pid: number }>(toPid);
  // The session ends in the middle of its own question, the first time only.
  const [after] = await one.reader.read<{ pid: number }>({
    text: 'SELECT pg_backend_pid() AS pid, CASE WHEN pg_backend_pid() = $1 THEN pg_terminate_backend($1) END AS ended',
    values: [before?.pid],
  });
  expect(after?.pid).not.toBe(before?.pid);
  await one.close();
});

test('a setting is the same for every process of a store', async () => {
  const others = await Promise.all([1, 2].map(() => openStore({ url: database.url, maxConnections: 3 })));
  const values = await Promise.all([store, ...others].map((one) => one.setting('cursor-key')));
  await Promise.all(others.map((one) => one.close()));
  expect(new Set(values).size).toBe(1);
  expect(values[0]).toMatch(/^[0-9a-f]{64}$/);
});

test('several processes may open a new store at once', async () => {
  const fresh = await openTestDatabase();
  const stores = await Promise.all([1, 2, 3, 4].map(() => openStore({ url: fresh.url, maxConnections: 3 })));
  const rows = await stores[0]?.reader.read({
    text: 'SELECT step FROM hub.migration ORDER BY step',
    values: [],
  });
  await Promise.all(stores.map((one) => one.close()));
  await fresh.close();
  expect(rows).toEqual(HUB_STEPS.map((_sql, index) => ({ step: index + 1 })));
});

test('a database that a newer hub has migrated is left alone', async () => {
  const fresh = await openTestDatabase();
  await (await openStore({ url: fresh.url })).close();
  const client = new pg.Client({ connectionString: fresh.url });
  await client.connect();
  await client.query('INSERT INTO hub.migration (step) VALUES (99)');
  await client.end();
  await expect(openStore({ url: fresh.url })).rejects.toMatchObject({ code: 'HUB_STORE_MIGRATION' });
  await fresh.close();
});

test('a user who may not make schemas is told what to grant', async () => {
  const fresh = await openTestDatabase();
  const client = new pg.Client({ connectionString: fresh.url });
  await client.connect();
  const user = `u${Date.now()}`;
  await client.query(`CREATE USER ${user} PASSWORD 'p'`);
  const url = new URL(fresh.url);
  url.username = user;
  url.password = 'p';
  await expect(openStore({ url: url.href })).rejects.toThrow('GRANT CREATE ON DATABASE');
  await client.query(`DROP USER ${user}`);
  await client.end();
  await fresh.close();
});

test('a store that does not answer is told from one that refuses', async () => {
  await expect(openStore({ url: 'postgres://nobody@127.0.0.1:1/none' })).rejects.toMatchObject({
    code: 'HUB_STORE_UNREACHABLE',
  });
});

test('options that stand in the URL are kept beside the store’s own', async () => {
  const url = new URL(database.url);
  url.searchParams.set('options', '-c work_mem=7MB');
  const other = await openStore({ url: url.href, maxConnections: 3 });
  const [row] = await other.reader.read({
    text: `SELECT current_setting('work_mem') AS memory, current_setting('timezone') AS zone`,
    values: [],
  });
  await other.close();
  expect(row).toEqual({ memory: '7MB', zone: 'UTC' });
});

test('closing twice is harmless', async () => {
  const other = await openStore({ url: database.url, maxConnections: 3 });
  await Promise.all([other.close(), other.close()]);
  await expect(other.reader.read({ text: 'SELECT 1', values: [] })).rejects.toMatchObject({
    code: 'HUB_STORE_UNREACHABLE',
  });
});
