// The source's shape changes between runs: on a real PostgreSQL (and on MariaDB where one answers), with two types on one
// object and a joined table. What stops, what goes on, what is told, and that no row is lost in between.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { openSqlSource } from '../../connectors/kinds/sql/open-sql-source.ts';
import type { Source } from '../../connectors/kit/contract.ts';
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import { compileMappings } from '../../connectors/kit/mapping/compile-mappings.ts';
import type { Divisions } from '../../schema/divisions/divisions.ts';
import { openDivisions } from '../../schema/divisions/open-divisions.ts';
import type { Drift, Store } from '../../store/contract.ts';
import { openStore } from '../../store/open-store.ts';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { hasMariadb, openTestMariadb, type TestMariadb } from '../../test/support/mariadb.ts';
import {
  sampleField,
  sampleForm,
  sampleReading,
  sampleSync,
  sampleType,
  sampleUnit,
} from '../../test/support/sample-unit.ts';
import { planFeeds } from '../plan/plan-feeds.ts';
import { syncFeed } from './sync-feed.ts';

const NOW = Date.parse('2026-04-05T12:00:00Z');
const MINUTE = 60_000;
const FLOAT = { converter: 'number', graphql: { name: 'Float', list: false, isEnum: false } } as const;
const TIME = {
  converter: 'time',
  graphql: { name: 'DateTime', list: false, isEnum: false },
} as const;

/** Two types of one list (one joined), and two of one table of readings. */
function toUnit(change: { readonly reading?: object; readonly prefix?: string } = {}): Unit {
  const { prefix = '' } = change;
  const whole = { absence: true, column: null, when: [], maxPercent: 100 };
  const series = (name: string, field: string, column: string) =>
    sampleType(name, {
      role: 'event',
      key: ['code', 'observedAt'],
      time: 'observedAt',
      fields: [sampleField('code'), sampleField('observedAt', TIME), sampleField(field, FLOAT)],
      forms: [
        sampleForm(`${prefix}river`, {
          sync: sampleSync('window', { overlap: 'PT10M' }),
          readings: [
            sampleReading('code', 'stcd'),
            sampleReading('observedAt', 'tm', { converter: 'time' }),
            sampleReading(field, column, { converter: 'number', onBad: 'null', ...change.reading }),
          ],
        }),
      ],
    });
  return sampleUnit([
    sampleType('Station', {
      deletes: whole,
      fields: [sampleField('code'), sampleField('name')],
      forms: [
        sampleForm(`${prefix}station`, {
          readings: [sampleReading('code', 'stcd'), sampleReading('name', 'stnm', { onBad: 'null' })],
        }),
      ],
    }),
    sampleType('Level', {
      deletes: whole,
      fields: [sampleField('code'), sampleField('warnLevel', FLOAT)],
      forms: [
        sampleForm(`${prefix}station`, {
          extend: [{ object: `${prefix}level`, as: 'cch', on: [{ its: 'stcd', own: 'stcd' }] }],
          readings: [
            sampleReading('code', 'stcd'),
            sampleReading('warnLevel', 'cch.wrz', { converter: 'number', onBad: 'null' }),
          ],
        }),
      ],
    }),
    series('Stage', 'stage', 'z'),
    series('Flow', 'flow', 'q'),
  ]);
}

let database: TestDatabase;
let legacy: TestDatabase;
let divisions: Divisions;
let store: Store;
let client: pg.Client;
let department: pg.Client;
let source: Source;
let now = NOW;
let told: Drift[] = [];
const notes: string[] = [];

beforeAll(async () => {
  [database, legacy, divisions] = await Promise.all([
    openTestDatabase(),
    openTestDatabase(),
    openDivisions(),
  ]);
  client = new pg.Client({ connectionString: database.url });
  department = new pg.Client({ connectionString: legacy.url });
  await Promise.all([client.connect(), department.connect()]);
});
afterAll(async () => {
  await Promise.all([client.end(), department.end()]);
  await Promise.all([database.close(), legacy.close()]);
});
beforeEach(async () => {
  now = NOW;
  told = [];
  notes.length = 0;
  await department.query(`
    create table station (stcd varchar(20) primary key, stnm varchar(40));
    create table level (stcd varchar(20) primary key, wrz numeric(8, 3));
    create table river (stcd varchar(20), tm timestamp, z numeric(8, 3), q numeric(9, 3), primary key (stcd, tm));
    insert into station values ('S1', '甲'), ('S2', '乙');
    insert into level values ('S1', 101.5), ('S2', 102.5)`);
  store = await openStore({ url: database.url, clock: () => now });
  source = openSql(legacy.url);
  await store.migrate([toUnit()]);
});
afterEach(async () => {
  await Promise.all([store.close(), source.close()]);
  await client.query('drop schema if exists hydrology cascade; drop schema if exists hub cascade');
  await department.query('drop table station, level, river');
});

function openSql(url: string): Source {
  return openSqlSource({
    unit: 'hydrology',
    name: 'fork',
    url,
    zone: 'Asia/Shanghai',
    inFlight: 2,
    timeoutMs: 5000,
    pageRows: 3,
  });
}

async function run(object: string, unit = toUnit(), from = source) {
  const mappings = compileMappings(unit, { divisions });
  const feed = planFeeds(unit, mappings).find(({ key }) => key.object === object);
  const mapping = mappings.find((one) => one.object === object);
  if (feed === undefined || mapping === undefined) throw new Error(`no feed of ${object}`);
  return syncFeed(feed, {
    source: from,
    mapping,
    store: store.sync,
    clock: () => now,
    signal: new AbortController().signal,
    reason: 'schedule',
    holder: 'test',
    onDrift: (drifts) => told.push(...drifts),
    onNote: (note) => notes.push(note),
  });
}

const ask = async (text: string) => (await client.query(text)).rows;
const statesOf = async () =>
  Object.fromEntries(
    (await ask('select type, last_error_code as code from hub.type_state')).map(({ type, code }) => [
      type,
      code,
    ]),
  );
const measure = (minutes: number, z: string, q: string) =>
  department.query(
    `insert into river values ('S1', timestamp '2026-04-05 20:00' + interval '${minutes} minutes', ${z}, ${q})`,
  );

describe('a column of the source', () => {
  test('that is dropped stops the type that reads it by name of column and fields, and the other type of the list goes on', async () => {
    await run('station');
    await department.query(`alter table station drop column stnm; delete from station where stcd = 'S2'`);
    expect(await run('station')).toMatchObject({ state: 'succeeded', counts: { deleted: 1 } });
    expect(await statesOf()).toMatchObject({ Station: 'HUB_MAP_SHAPE', Level: null });
    // What is missing from a list that the stopped type did not read is not absent.
    expect(await ask('select count(*)::int as n from hydrology.station where _gone_at is null')).toEqual([
      { n: 2 },
    ]);
    expect((await ask('select note from hub.run order by id desc limit 1'))[0].note).toBe(
      'stopped Station: hydrology/fork: station has no column stnm (feeds Station.name); correct the manifest, or mark the fields optional',
    );
    expect(told).toMatchObject([
      { change: 'DROPPED', column: 'stnm', types: ['Station'], fields: ['Station.name'] },
    ]);
  });

  test('that is renamed is gone under its old name and told once under its new one', async () => {
    await run('station');
    await department.query('alter table station rename column stnm to station_name');
    await run('station');
    await run('station');
    expect(told.map(({ change, column }) => [change, column])).toEqual([
      ['DROPPED', 'stnm'],
      ['NEW', 'station_name'],
    ]);
    expect(await store.drift.list('hydrology')).toHaveLength(2);
  });

  test('that comes back lets its type go on, and a snapshot then judges what is absent again', async () => {
    await run('station');
    await department.query(`alter table station drop column stnm; delete from station where stcd = 'S2'`);
    await run('station');
    await department.query('alter table station add column stnm varchar(40)');
    expect(await run('station')).toMatchObject({ counts: { deleted: 1 } });
    expect(await statesOf()).toMatchObject({ Station: null, Level: null });
    expect(await store.drift.list()).toEqual([]);
  });

  test('of a joined table stops the types that join it and no others', async () => {
    await run('station');
    await department.query(
      `alter table level drop column wrz; update station set stnm = '丙' where stcd = 'S1'`,
    );
    expect(await run('station')).toMatchObject({ state: 'succeeded', counts: { written: 1 } });
    expect(await statesOf()).toMatchObject({ Station: null, Level: 'HUB_MAP_SHAPE' });
    expect(await ask('select warn_level from hydrology.level order by _key')).toEqual([
      { warn_level: 101.5 },
      { warn_level: 102.5 },
    ]);
    await department.query('alter table level rename column stcd to code');
    expect(await run('station')).toMatchObject({ state: 'succeeded' });
  });

  test('that all types read stops the run before a row is read', async () => {
    await run('station');
    await department.query('alter table station rename column stcd to code');
    await expect(run('station')).rejects.toMatchObject({
      code: 'HUB_MAP_SHAPE',
      message: expect.stringContaining(
        'station has no column stcd (feeds Station.code, Level.code, Level.(extend cch))',
      ),
    });
    expect(await statesOf()).toMatchObject({ Station: 'HUB_MAP_SHAPE', Level: 'HUB_MAP_SHAPE' });
  });

  test('that is gone from a window costs no row: its type reads from where it stopped', async () => {
    await measure(-30, '1', '10');
    await run('river');
    await department.query('alter table river drop column q');
    for (const minutes of [60, 120, 180]) {
      now = NOW + minutes * MINUTE;
      await department.query(
        `insert into river values ('S1', timestamp '2026-04-05 19:59' + interval '${minutes} minutes', 2)`,
      );
      await run('river');
    }
    expect(await ask('select count(*)::int as n from hydrology.stage')).toEqual([{ n: 4 }]);
    expect(await ask('select count(*)::int as n from hydrology.flow')).toEqual([{ n: 1 }]);
    await department.query('alter table river add column q numeric(9, 3); update river set q = 20');
    now += 60 * MINUTE;
    const before = (await ask(`select mark ->> 'watermark' as at from hub.feed where object = 'river'`))[0]
      .at;
    await run('river');
    expect(await ask('select count(*)::int as n from hydrology.flow where flow = 20')).toEqual([{ n: 4 }]);
    expect(notes.at(-1)).toContain('Flow goes on');
    expect(
      await ask(
        `select mark ->> 'watermark' as at, mark ? 'held' as held, mark ? 'rewind' as rewind from hub.feed where object = 'river'`,
      ),
    ).toEqual([{ at: before, held: false, rewind: false }]);
    expect((await run('river')).counts).toMatchObject({ read: 1, written: 0 });
  });

  test('that stays gone leaves its type failing since the first run without it', async () => {
    await run('station');
    await department.query('alter table station drop column stnm');
    await run('station');
    await run('station');
    const [{ since }] = await ask(`select failing_since as since from hub.type_state where type = 'Station'`);
    expect(since.getTime()).toBe(NOW);
  });
});

describe('a column that changes its kind', () => {
  test('stops its type until a person accepts it', async () => {
    await measure(-30, '1', '10');
    await run('river');
    await department.query('alter table river alter column q type text using q::text');
    now += 60 * MINUTE;
    await measure(59, '2', `'20'`);
    await run('river');
    expect(await statesOf()).toMatchObject({ Stage: null, Flow: 'HUB_MAP_SHAPE' });
    expect(told).toMatchObject([
      { change: 'RETYPED', was: expect.stringContaining('numeric'), kind: 'text' },
    ]);
    expect(await store.drift.accept('hydrology', 'fork/station')).toEqual([]);
    expect(await store.drift.accept('hydrology', 'fork/river')).toHaveLength(1);
    await run('river');
    expect(await statesOf()).toMatchObject({ Stage: null, Flow: null });
    expect(await ask('select flow from hydrology.flow order by _key')).toEqual([{ flow: 10 }, { flow: 20 }]);
  });

  test('goes on when the manifest reads it in another way, and not for another manifest that does not', async () => {
    await measure(-30, '1', '10');
    await run('river');
    await department.query('alter table river alter column q type text using q::text');
    await run('river');
    await run('river', { ...toUnit(), manifest: 'b'.repeat(64) });
    expect(await statesOf()).toMatchObject({ Flow: 'HUB_MAP_SHAPE' });
    await run('river', toUnit({ reading: { options: { nullWhen: ['-'] } } }));
    expect(await statesOf()).toMatchObject({ Flow: null });
  });

  test('in its length alone is told and stops nothing, as is a new column', async () => {
    await run('station');
    await department.query(
      'alter table station alter column stnm type varchar(80); alter table station add column owner text',
    );
    await run('station');
    expect(told.map(({ change, column, types }) => [change, column, types])).toEqual([
      ['ALTERED', 'stnm', []],
      ['NEW', 'owner', []],
    ]);
    expect(await statesOf()).toMatchObject({ Station: null, Level: null });
  });
});

const withMariadb = (await hasMariadb()) ? describe : describe.skip;
withMariadb('on MariaDB', () => {
  let maria: TestMariadb;
  beforeEach(async () => {
    maria = await openTestMariadb();
  });
  afterEach(() => maria.close());

  test('a dropped and a retyped column stop their types, and adding back lets them go on', async () => {
    const { prefix } = maria;
    const unit = toUnit({ prefix });
    const theirs = openSql(maria.url);
    await store.migrate([unit]);
    try {
      await maria.run(`create table ${prefix}station (stcd varchar(20) primary key, stnm varchar(40))`);
      await maria.run(`create table ${prefix}level (stcd varchar(20) primary key, wrz decimal(8, 3))`);
      await maria.run(`insert into ${prefix}station values ('S1', '甲')`);
      await run(`${prefix}station`, unit, theirs);
      await maria.run(`alter table ${prefix}station drop column stnm`);
      await maria.run(`alter table ${prefix}level modify wrz varchar(20)`);
      await expect(run(`${prefix}station`, unit, theirs)).rejects.toMatchObject({ code: 'HUB_MAP_SHAPE' });
      expect(told.map(({ change, column }) => [change, column])).toEqual([
        ['DROPPED', 'stnm'],
        ['RETYPED', 'wrz'],
      ]);
      await maria.run(`alter table ${prefix}station add column stnm varchar(40)`);
      await maria.run(`alter table ${prefix}level modify wrz decimal(8, 3)`);
      expect(await run(`${prefix}station`, unit, theirs)).toMatchObject({ state: 'succeeded' });
    } finally {
      await theirs.close();
    }
  });
});
