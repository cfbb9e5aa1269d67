// `hub reconcile` as people call it: a process of its own on a hub's database, with a department's database beside it.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { untilEnd } from '../../test/support/command-end.ts';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { toHubArguments } from '../../test/support/program.ts';
import { TIDE_MANIFEST } from '../../test/support/tide-unit.ts';

let database: TestDatabase;
let client: pg.Client;
let home: string;
beforeAll(async () => {
  database = await openTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    "create table gauge (id text primary key, addvcd text); insert into gauge select 'G' || n, '431102' from generate_series(1, 30) n",
  );
  home = await mkdtemp(join(tmpdir(), 'hub-reconcile-'));
  await mkdir(join(home, 'tide'));
  await writeFile(join(home, 'tide', 'unit.yaml'), TIDE_MANIFEST);
});
afterAll(async () => {
  await client.end();
  await database.close();
  await rm(home, { recursive: true });
});

async function hub(...words: string[]) {
  const child = spawn(process.execPath, toHubArguments(...words), {
    env: { ...process.env, HUB_DATABASE_URL: database.url, HUB_UNITS_DIR: home, TIDE_URL: database.url },
  });
  return untilEnd(child);
}

describe('hub reconcile', () => {
  test('says what is missing, mends it, and ends with 1 only while something is missing', async () => {
    expect(await hub('connector', 'build', join(home, 'tide'))).toMatchObject({ code: 0 });
    expect((await hub('reconcile', 'tide')).out).toMatch(/尚未载入 not loaded yet/);
    // As after a first load that read an empty list.
    await client.query(
      `insert into hub.feed (unit, source, object, strategy, lease_token, mark)
       values ('tide', 'legacy', 'gauge', 'snapshot', 1, '{"watermark":"2026-04-05T00:00:00Z","lateAt":null,"scan":null}')
       on conflict (unit, source, object, strategy) do update set mark = excluded.mark`,
    );
    const dry = await hub('reconcile', 'tide', 'TideGauge', '--dry-run');
    expect(dry).toMatchObject({ code: 1 });
    expect(dry.out).toMatch(/源 source 30 {2}库 stored 0 .* 缺 missing 30 .* 缺口 gap 30/);
    expect(dry.out).toMatch(/G1\n[\s\S]*… 另有 and 10 more \(--json\)/);
    const mended = await hub('reconcile', 'tide', '--json');
    expect(mended.code).toBe(0);
    const [report] = JSON.parse(mended.out);
    expect(report.types).toMatchObject([{ type: 'TideGauge', missing: 30, repaired: 30, gap: 0 }]);
    expect(report.pieces[0].missingKeys).toHaveLength(30);
  }, 60_000);

  test('names the units and types that there are', async () => {
    expect(await hub('reconcile', 'tides')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/HUB_CONFIG_INVALID .*unit tides; there are: tide/),
    });
  }, 30_000);
});
