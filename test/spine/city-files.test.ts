// What a careless bureau drops: each broken file is refused with its reason, nothing of it is written, and the rest of the
// folder goes on; the same file twice changes nothing, and one that is being written is left alone.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ForestrySystem, openForestrySystem } from '../../sandbox/forestry/system.ts';
import { eventually } from '../support/eventually.ts';
import { type Close, closeAll } from './close-all.ts';
import { settleFolders } from './open-city.ts';
import { DAY, START } from './open-legacy.ts';
import { openHastyClock, openSpine, type Spine } from './open-spine.ts';

/** Where each row version stands on disk and which transaction wrote it: a row written again would have moved. */
const PLACES = ['fire_hotspot', 'watch_tower', 'ranger']
  .flatMap((table) => [table, `${table}_history`])
  .map(
    (table) =>
      `select '${table}' as name, tableoid::int, _key, ctid::text, xmin::text from forestry.${table}`,
  )
  .join(' union all ')
  .concat(' order by 1, 3, 4');
const VERSIONS =
  'select type, version::int, rows_landed::int, rows_living::int from hub.type_state order by type';

type Run = { id: string; source: string; state: string; read: number; written: number; code: string | null };
type FolderName = 'firms' | 'drop';

/** For files: runs fast, or stands where a test has put it. `asked`: how often a look has asked for the time. */
const hasty = openHastyClock();
const fileTime: { stands: number | null; asked: number } = { stands: null, asked: 0 };
const fileClock = {
  ...hasty,
  now: () => {
    fileTime.asked += 1;
    return fileTime.stands ?? hasty.now();
  },
};

const opened: Close[] = [];
let forestry: ForestrySystem;
let spine: Spine;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hub-files-'));
  opened.push(() => rm(folder, { recursive: true, force: true }));
  const clock = { start: START, frozen: true, wall: () => START + 30 * DAY };
  forestry = await openForestrySystem({ folder, seed: 1, days: 1, clock, log: () => undefined });
  opened.push(forestry.close);
  const secrets = {
    FORESTRY_FIRMS_FOLDER: pathToFileURL(forestry.firmsFolder).href,
    FORESTRY_DROP_FOLDER: pathToFileURL(forestry.dropFolder).href,
  };
  const legacy = { now: () => START + DAY, url: '' };
  spine = await openSpine({ legacy, units: ['forestry'], secrets, fileClock });
  opened.push(spine.close);
  await spine.firstLoad;
  await settle();
}, 60_000);
afterAll(() => closeAll(opened));

const folderOf = (folder: FolderName) => (folder === 'firms' ? forestry.firmsFolder : forestry.dropFolder);
const settle = () => settleFolders(spine, [forestry.firmsFolder, forestry.dropFolder]);
const readPlaces = async () => [await spine.query(PLACES), await spine.query(VERSIONS)];
const readLastRun = async () => {
  const [row] = await spine.query<{ id: string }>('select coalesce(max(id), 0) as id from hub.run');
  return row?.id ?? '0';
};
const readRuns = (since: string) =>
  spine.query<Run>(
    `select id, source, state, read::int, written::int, error_code as code from hub.run where id > $1 and task = 'sync' order by hub.run.id`,
    [since],
  );
/** Rows, living or past, and records set aside that stand under these runs. */
async function countLeft(runs: readonly Run[]): Promise<number> {
  const tables = ['fire_hotspot', 'watch_tower', 'ranger'].flatMap((name) => [name, `${name}_history`]);
  const counts = tables.map(
    (name) => `(select count(*) from forestry.${name} where _run = any($1::bigint[]))`,
  );
  const [row] = await spine.query<{ n: number }>(
    `select (${counts.join(' + ')} + (select count(*) from hub.set_aside where run = any($1::bigint[])))::int as n`,
    [runs.map(({ id }) => id)],
  );
  return row?.n ?? -1;
}

test('of files that were read to their end no row is missing, and the graph says on what ground', async () => {
  const { data } = await spine.ask('{ unit(code: "forestry") { types { name gap gapBasis } } }');
  const sure = { gap: 0, gapBasis: 'MANIFEST_COUNT' };
  expect(data).toEqual({
    unit: { types: ['FireHotspot', 'WatchTower', 'Ranger'].map((name) => ({ name, ...sure })) },
  });
});

describe('a file that cannot be read', () => {
  test.each([
    ['gbk-in-utf8', 'firms', 'HUB_SOURCE_ENCODING', /line 1\b.*gb18030/s],
    ['utf8-in-gbk', 'drop', 'HUB_SOURCE_ENCODING', /line 1\b.*utf-8/s],
    ['unknown-header', 'drop', 'HUB_MAP_SHAPE', /热点编号/],
    ['unclosed-quote', 'firms', 'HUB_SOURCE_FORMAT', /line \d+/],
    ['unclosed-quote', 'drop', 'HUB_SOURCE_FORMAT', /line \d+/],
  ] as const)('%s in %s is refused, and the good one beside it is read', async (sort, where, code, place) => {
    const before = await readPlaces();
    const since = await readLastRun();
    const bad = await forestry.dropBroken(sort, where);
    const good = await forestry.dropBroken('crlf', where);
    await settle();

    // A look between the two may have found the second complete before the first.
    const runs = (await readRuns(since)).toSorted((a, b) => (a.state < b.state ? -1 : 1));
    expect(runs).toMatchObject([
      { source: where, state: 'FAILED', read: 0, code },
      { source: where, state: 'SUCCEEDED', read: good.rows, code: null },
    ]);
    expect(await countLeft(runs.filter(({ state }) => state === 'FAILED'))).toBe(0);
    expect(await readPlaces()).toEqual(before);
    const reject = join(folderOf(where), 'reject');
    const reason = JSON.parse(await readFile(join(reject, `${bad.name}.reason.json`), 'utf8'));
    expect(reason).toMatchObject({
      code,
      file: bad.name,
      sha256: bad.sha256,
      zh: expect.stringContaining('未写入'),
    });
    expect(reason.message).toContain(`${bad.name}`);
    expect(reason.message).toMatch(place);
    expect(await readdir(reject)).toContain(bad.name);
    const [row] = await spine.query('select error_message as message from hub.run where id = $1', [
      runs[0]?.id,
    ]);
    expect(row).toEqual({ message: reason.message });
  });
});

describe('a file that is odd and sound', () => {
  test.each(['firms', 'drop'] as const)('without a row is a sign of life (%s)', async (where) => {
    const before = await readPlaces();
    const since = await readLastRun();
    await forestry.dropBroken('empty', where);
    await settle();
    expect(await readRuns(since)).toMatchObject([{ source: where, state: 'SUCCEEDED', read: 0, code: null }]);
    expect(await readPlaces()).toEqual(before);
  });

  test.each(['firms', 'drop'] as const)(
    'the same name and bytes once more is not even read (%s)',
    async (where) => {
      const before = await readPlaces();
      const since = await readLastRun();
      await forestry.dropBroken('same-name', where);
      await settle();
      expect(await readRuns(since)).toEqual([]);
      expect(await readPlaces()).toEqual(before);
    },
  );

  test.each(['firms', 'drop'] as const)(
    'the same bytes under another name change nothing (%s)',
    async (where) => {
      const before = await readPlaces();
      const since = await readLastRun();
      const { rows } = await forestry.dropBroken('same-bytes', where);
      await settle();
      expect(await readRuns(since)).toMatchObject([
        { state: 'SUCCEEDED', read: rows, written: 0, code: null },
      ]);
      expect(await readPlaces()).toEqual(before);
      expect(rows).toBeGreaterThan(0);
    },
  );

  test('rows of a header that fits no form are kept with their content, and their file is archived', async () => {
    const before = await spine.query(PLACES);
    const since = await readLastRun();
    const { name, rows } = await forestry.dropBroken('unknown-header', 'firms');
    await settle();
    expect(await readRuns(since)).toMatchObject([{ state: 'SUCCEEDED', read: rows, written: 0, code: null }]);
    expect(await spine.query(PLACES)).toEqual(before);
    const kept = `select type, state, code, record from hub.set_aside where run > $1`;
    expect(await spine.query(kept, [since])).toEqual([
      {
        type: null,
        state: 'SET_ASIDE',
        code: 'HUB_MAP_NO_FORM',
        record: expect.objectContaining({ '@file': name, '@row': 2, path: '124', satellite: 'L8' }),
      },
    ]);
    const archived = await readdir(join(forestry.firmsFolder, 'archive'), { recursive: true });
    expect(archived).toContainEqual(expect.stringMatching(new RegExp(`/${name}$`)));
  });

  // The last one: it brings rows.
  test('one that is still being written is left alone while others are read, and read once it is whole', async () => {
    const since = await readLastRun();
    const from = hasty.now();
    fileTime.stands = from;
    const good = await forestry.dropBroken('crlf', 'firms');
    const half = await forestry.beginFile('firms');
    expect(half.written).toBeLessThan(half.of);
    const lookOnce = async () => {
      const { asked } = fileTime;
      const isLookedAt = async () => {
        await spine.look(['firms']);
        return fileTime.asked > asked;
      };
      await eventually(isLookedAt, { what: 'a look' });
    };
    await lookOnce();
    await lookOnce();
    expect(await readRuns(since)).toEqual([]);
    // The good one has lain there for longer than the ten seconds; the other has grown meanwhile.
    fileTime.stands = from + 5_000;
    const whole = await forestry.finishFile();
    fileTime.stands = from + 11_000;
    const left = () => readdir(forestry.firmsFolder);
    const isGoodRead = async () => {
      await lookOnce();
      return !(await left()).includes(good.name);
    };
    await eventually(isGoodRead, { what: 'the good file read' });
    expect(await left()).toContain(half.name);
    expect(await readRuns(since)).toMatchObject([{ state: 'SUCCEEDED', read: good.rows, written: 0 }]);
    fileTime.stands = null;
    await settle();
    const [, last] = await readRuns(since);
    expect(last).toMatchObject({ state: 'SUCCEEDED', read: whole.rows, code: null });
    expect(last?.written).toBeGreaterThan(0);
  });
});
