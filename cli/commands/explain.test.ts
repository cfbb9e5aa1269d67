// `hub explain` as people call it, on the database of a hub.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { untilEnd } from '../../test/support/command-end.ts';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { toHubArguments } from '../../test/support/program.ts';
import { TIDE_MANIFEST } from '../../test/support/tide-unit.ts';

let database: TestDatabase;
let home: string;
beforeAll(async () => {
  database = await openTestDatabase();
  home = await mkdtemp(join(tmpdir(), 'hub-explain-'));
  await mkdir(join(home, 'units', 'tide'), { recursive: true });
  await writeFile(join(home, 'units', 'tide', 'unit.yaml'), TIDE_MANIFEST);
  await hub('connector', 'build', join(home, 'units', 'tide'));
});
afterAll(async () => {
  await database.close();
  await rm(home, { recursive: true });
});

async function hub(...words: string[]) {
  const child = spawn(process.execPath, toHubArguments(...words), {
    env: {
      ...process.env,
      HUB_DATABASE_URL: database.url,
      HUB_UNITS_DIR: join(home, 'units'),
      TIDE_URL: database.url,
    },
  });
  return untilEnd(child);
}

describe('hub explain', () => {
  test('prints door, statements and the tables that they read', async () => {
    const file = join(home, 'question.graphql');
    await writeFile(
      file,
      'query Q($first: Int) { divisions(level: COUNTY) { name tideGauges(first: $first) { totalCount } } }',
    );
    const given = await hub('explain', file, '--variables', '{"first": 3}');
    // Nothing has arrived yet: the statement of the whole was in vain, and stitching says so at each place.
    expect(given.code).toBe(1);
    expect(given.out).toMatch(
      /^门 Door STITCHED，因为 because NOT_LOADED \(TideGauge\); 2 条语句 statement\(s\)/,
    );
    expect(given.out).toMatch(/语句 Statement 2: \d+ 个绑定值 binds/);
    expect(given.out).toContain('tide.tide_gauge');
    expect(given.out).toContain('错误 error divisions.0.tideGauges: HUB_UNIT_NOT_LOADED');
    expect((await hub('explain', file, '--variables', '[]')).err).toContain(
      '--variables must be a JSON object',
    );
  }, 60_000);
});
