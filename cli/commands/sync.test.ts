// `hub sync` as people call it: a process of its own on a hub's database, with a department's database beside it, first
// without a worker and then with one.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { untilEnd } from '../../test/support/command-end.ts';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { toHubArguments } from '../../test/support/program.ts';
import { TIDE_MANIFEST } from '../../test/support/tide-unit.ts';

const FEED = 'legacy/gauge/snapshot';

let database: TestDatabase;
let client: pg.Client;
let home: string;
beforeAll(async () => {
  database = await openTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    `create table gauge (id text primary key, addvcd text);
     insert into gauge select 'G' || n, '431102' from generate_series(1, 30) n; insert into gauge values (' ', '431102')`,
  );
  home = await mkdtemp(join(tmpdir(), 'hub-sync-'));
  await mkdir(join(home, 'units', 'tide'), { recursive: true });
  await writeFile(join(home, 'units', 'tide', 'unit.yaml'), TIDE_MANIFEST);
  // As a running `hub start` leaves it: the environment of the commands has no TIDE_URL.
  await writeFile(join(home, 'sandbox-secrets.json'), JSON.stringify({ TIDE_URL: database.url }));
});
afterAll(async () => {
  await client.end();
  await database.close();
  await rm(home, { recursive: true });
});

const start = (words: readonly string[], more: object = {}): ChildProcess =>
  spawn(process.execPath, toHubArguments(...words), {
    env: {
      ...process.env,
      ...{ HUB_DATABASE_URL: database.url, HUB_DATA_DIR: home, HUB_UNITS_DIR: join(home, 'units') },
      ...more,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });

async function hub(...words: string[]) {
  const child = start(words);
  return untilEnd(child);
}

/** A worker that has ended its first load. */
async function openWorker(): Promise<ChildProcess> {
  const child = start(['worker'], { TIDE_URL: database.url });
  child.stdout?.resume();
  child.stderr?.resume();
  await new Promise<void>((resolve, reject) => {
    child.on('message', ({ type }: { type: string }) => {
      if (type === 'loaded') resolve();
    });
    child.once('exit', () => reject(new Error('the worker ended')));
  });
  return child;
}

describe('hub sync', () => {
  test('reads the unit itself where no worker runs, with what is set aside, and by the secrets of a running sandbox', async () => {
    expect(await hub('connector', 'build', join(home, 'units', 'tide'))).toMatchObject({ code: 0 });
    const { out, code } = await hub('sync', 'tide');
    expect(code).toBe(0);
    expect(out).toMatch(/No worker takes this unit’s jobs/);
    expect(out).toMatch(
      /✓ legacy\/gauge\/snapshot {2}完成 done {2}读 read 31 {2}写 written 30 {2}搁置 set aside 1 {2}\d+ 行\/秒 rows\/s\n$/,
    );
    await client.query("insert into gauge values ('G31', '431102')");
    const again = await hub('sync', 'tide', FEED, '--here', '--json');
    expect(JSON.parse(again.out)).toMatchObject({
      ...{ feed: FEED, state: 'succeeded', read: 32, written: 1, setAside: 1, position: 1 },
      ...{ estimatedEndAt: null, code: null, run: expect.stringMatching(/^\d+$/) },
    });
  }, 60_000);

  test('has a worker do it where one runs, follows the run, and says how it ended', async () => {
    const worker = await openWorker();
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    try {
      await client.query("insert into gauge values ('G32', '431102')");
      const followed = await hub('sync', 'tide', '--json');
      expect(followed).toMatchObject({ code: 0 });
      const [{ id }] = (await client.query('select max(id)::text as id from hub.run')).rows;
      const done = { feed: FEED, state: 'succeeded', run: id, read: 33, written: 1, setAside: 1 };
      expect(JSON.parse(followed.out)).toMatchObject(done);
      await client.query('alter table gauge rename column id to code');
      const failed = await hub('sync', 'tide');
      expect(failed.code).toBe(1);
      expect(failed.out).toMatch(
        /✗ legacy\/gauge\/snapshot {2}失败 failed .* HUB_[A-Z_]+ .*hub jobs retry\n$/,
      );
    } finally {
      worker.kill('SIGTERM');
      await ended;
    }
    const told = await hub('sync', 'tide');
    expect(told.code).toBe(1);
    expect(told.out).toMatch(/its job ended for good at .*: HUB_/);
  }, 90_000);

  test('names the units and feeds that there are', async () => {
    const said = (err: RegExp) => ({ code: 1, err: expect.stringMatching(err) });
    expect(await hub('sync', 'tides')).toMatchObject(
      said(/HUB_CONFIG_INVALID .*unit tides; there are: tide/),
    );
    expect(await hub('sync', 'tide', 'gauge')).toMatchObject(
      said(/feed gauge; there are: legacy\/gauge\/snapshot/),
    );
  }, 30_000);
});
