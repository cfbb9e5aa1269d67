// What only PostgreSQL has: its types, schemas, partitions and locks. The rest is proven by the conformance suite.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { eventually } from '../../../test/support/eventually.ts';
import type { AccessSettings, Condition, Page, Source } from '../../kit/contract.ts';
import { sqlKind } from './sql-kind.ts';

let database: TestDatabase;
let admin: pg.Client;
let source: Source;
const open = (overrides: Partial<AccessSettings> = {}) =>
  sqlKind.open({
    unit: 'u',
    name: 's',
    url: database.url,
    zone: 'Asia/Shanghai',
    inFlight: 2,
    timeoutMs: 5000,
    pageRows: 100,
    ...overrides,
  });

const SETUP = `
  create type kind as enum ('ZQ', 'RR');
  create domain code as varchar(8);
  create table things (
    id uuid primary key, kind kind not null, code code, raw bytea, doc jsonb, tags text[], at timestamptz,
    day date, clock time, wait interval, price money, single real, double double precision, yes boolean, "when?" int
  );
  insert into things values
    ('00000000-0000-0000-0000-000000000001', 'ZQ', 'A', '\\x00ff', '{"big": 9007199254740993, "list": [1, 0.1]}',
     '{a,"b c",null}', '2026-04-05 08:00:00.123456+08', '2026-04-05', '08:00:00.5', '90 minutes', 1234.56, 0.1, 0.1, true, 1),
    ('00000000-0000-0000-0000-000000000002', 'RR', null, '\\xff00', null, null, 'infinity', 'infinity',
     null, null, null, 'NaN', '1e300', false, 2);
  create table "Case" (id int primary key, "Stcd" text, "STCD" text);
  create table "CASE" (id int primary key);
  create schema hy;
  create table hy."ST_RIVER_R" (stcd char(8) not null, tm timestamp not null, z numeric(7,3), note text);
  create unique index on hy."ST_RIVER_R" (stcd, tm) include (z);
  create unique index on hy."ST_RIVER_R" (stcd, tm, z);
  create unique index on hy."ST_RIVER_R" (note) where note is not null;
  insert into hy."ST_RIVER_R" values ('61512000', '2026-04-05 08:00:00', 1.5), ('61512000', '2026-04-05 09:00:00', null);
  create table parts (tm timestamp primary key) partition by range (tm);
  create table parts_2026 partition of parts for values from ('2026-01-01') to ('2027-01-01');
  insert into parts values ('2026-04-05');
  create view wide as select id, kind from things;
  create table written (n int);
  create function write() returns int language sql as 'insert into written values (1) returning n';
  create view sly as select write() as n;
  create table spaced (id int primary key, code varchar(8), padded char(4));
  insert into spaced values (1, '10', 'x'), (2, ' 10 ', 'y'), (3, '9', null), (4, '', null), (5, null, null);
  create table held (id int primary key);
  insert into held values (1);`;

beforeAll(async () => {
  database = await openTestDatabase();
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  await admin.query(SETUP);
  source = await open();
});
afterAll(async () => {
  await source.close();
  await admin.end();
  await database.close();
});

describe('values of PostgreSQL’s own types', () => {
  const columns = [
    'id',
    'kind',
    'code',
    'raw',
    'doc',
    'tags',
    'at',
    'day',
    'clock',
    'wait',
    'price',
    'single',
    'double',
    'yes',
  ];

  test('come as the contract says, nothing moved and nothing rounded', async () => {
    const { records } = await source.select('things', { columns, limit: 9 });
    expect(records).toEqual([
      {
        id: '00000000-0000-0000-0000-000000000001',
        kind: 'ZQ',
        code: 'A',
        raw: Buffer.from([0, 255]),
        doc: { big: '9007199254740993', list: [1, 0.1] },
        tags: ['a', 'b c', null],
        at: '2026-04-05T00:00:00.123456+00:00',
        day: '2026-04-05',
        clock: '08:00:00.5',
        wait: 'PT1H30M',
        price: '1234.56',
        single: 0.1,
        double: 0.1,
        yes: true,
      },
      expect.objectContaining({
        at: 'infinity',
        day: 'infinity',
        single: 'NaN',
        double: 1e300,
        doc: null,
        yes: false,
      }),
    ]);
  });

  test.each([
    ['id', '00000000-0000-0000-0000-000000000002', 2],
    ['id', 'no uuid', null],
    ['kind', 'RR', 2],
    ['kind', 'XX', null],
    ['raw', 'ff00', 2],
    ['at', '2026-04-05T00:00:00.123456Z', 1],
    ['at', '2026-04-05 08:00:00.123456', 1],
    ['day', '2026-04-05', 1],
    ['price', '1234.560', 1],
    ['single', 0.1, 1],
    ['double', '1e300', 2],
    ['yes', 'true', 1],
    ['code', 'A ', 1],
  ])('a record is found by %s = %j', async (by, key, wanted) => {
    const [answer] = await source.readMany('things', { columns: ['id'], by: [by], keys: [[key]] });
    expect(answer ?? null).toEqual(
      wanted === null ? null : { id: `00000000-0000-0000-0000-00000000000${wanted}` },
    );
  });

  test.each(['id', 'kind', 'raw', 'at', 'day', 'wait', 'price', 'single', 'double', 'yes'])(
    'pages of one go on behind any %s',
    async (order) => {
      const pages: Page[] = [];
      for await (const page of source.scan('things', { columns: ['id'], order: [order], limit: 1 }))
        pages.push(page);
      expect(new Set(pages.flatMap((page) => page.records.map((record) => record.id))).size).toBe(2);
    },
  );

  test('a literal with an offset means its instant on the wall of the source’s zone', async () => {
    const at = async (value: string) => {
      const filter = [{ column: 'tm', op: 'gte', value }] as const;
      return (await source.select('hy.st_river_r', { columns: ['tm'], filter, limit: 9 })).records.length;
    };
    expect(await at('2026-04-05T01:00:00Z')).toBe(1);
    expect(await at('2026-04-05 01:00:00')).toBe(2);
    expect(await at('2026-04-05T09:00:00.001+08:00')).toBe(0);
  });
});

describe('a condition on a text never keeps back what the hub takes', () => {
  const codesOf = async (filter: readonly Condition[]) => {
    const page = await source.select('spaced', { columns: ['id'], filter, limit: 99 });
    return { ids: page.records.map(({ id }) => id), unpushed: page.unpushed };
  };
  test.each<[string, Condition, readonly number[]]>([
    ['spaces around it', { column: 'code', op: 'eq', value: '10' }, [1, 2]],
    ['spaces around one of a list', { column: 'code', op: 'in', value: ['9', ' 10'] }, [1, 2, 3]],
    ['a number that a text is', { column: 'code', op: 'lt', value: 10 }, [1, 2, 3, 4, 5]],
    ['an empty text, which is null', { column: 'code', op: 'isNull' }, [1, 2, 3, 4, 5]],
  ])('%s', async (_about, condition, wanted) => {
    expect(await codesOf([condition])).toEqual({ ids: wanted, unpushed: [condition] });
  });

  test('what the database and the hub see alike is left to it', async () => {
    const filter = [{ column: 'code', op: 'ne', value: '10' }] as const;
    expect(await codesOf(filter)).toEqual({ ids: [2, 3, 4, 5], unpushed: [] });
    expect(await codesOf([{ column: 'padded', op: 'eq', value: 'x' }])).toEqual({ ids: [1], unpushed: [] });
  });
});

describe('names and shapes', () => {
  test('an object of another schema is found by schema.name, whatever their case', async () => {
    const [shape] = await source.describe(['HY.st_river_r']);
    expect(shape).toMatchObject({ name: 'hy.ST_RIVER_R', key: ['stcd', 'tm'] });
    const page = await source.select('Hy.St_River_R', { columns: ['STCD', 'z'], limit: 1 });
    expect(page.records).toEqual([{ STCD: '61512000', z: '1.500' }]);
  });

  test('names that differ only in case must be written exactly', async () => {
    await expect(source.describe(['case'])).rejects.toMatchObject({
      code: 'HUB_SOURCE_SHAPE',
      message: expect.stringContaining('could be any of: CASE, Case'),
    });
    expect((await source.describe(['Case']))[0]?.columns).toHaveLength(3);
    await expect(source.select('Case', { columns: ['stcd'], limit: 1 })).rejects.toThrow(
      /could be any of: Stcd, STCD/,
    );
  });

  test('an unknown schema or object of a schema is named with its nearest', async () => {
    await expect(source.describe(['hy.st_river'])).rejects.toThrow(/nearest: ST_RIVER_R/);
    await expect(source.describe(['nowhere.st_river_r'])).rejects.toMatchObject({ code: 'HUB_SOURCE_SHAPE' });
  });

  test('a view has no key, a partitioned table stands for its partitions, a domain for its type', async () => {
    const all = await source.describe();
    const named = (name: string) => all.find((shape) => shape.name === name);
    expect(named('wide')?.key).toEqual([]);
    expect(named('parts')?.key).toEqual(['tm']);
    expect(named('parts_2026')).toBeUndefined();
    expect(named('things')?.columns.find((column) => column.name === 'code')).toMatchObject({
      native: 'character varying(8)',
      kind: 'text',
    });
  });

  test('a column whose name has a question mark is refused, not misread', async () => {
    await expect(source.select('things', { columns: ['when?'], limit: 1 })).rejects.toMatchObject({
      code: 'HUB_SOURCE_SHAPE',
    });
  });

  test('a table that came after the first look is found', async () => {
    await expect(source.describe(['newcomer'])).rejects.toMatchObject({ code: 'HUB_SOURCE_SHAPE' });
    await admin.query('create table newcomer (id int primary key)');
    expect(await source.describe(['newcomer'])).toHaveLength(1);
    await admin.query('drop table newcomer');
    await expect(source.select('newcomer', { columns: ['id'], limit: 1 })).rejects.toMatchObject({
      code: 'HUB_SOURCE_SHAPE',
    });
  });
});

describe('the department’s database', () => {
  test('cannot be written, not even by a view that would', async () => {
    await expect(source.select('sly', { columns: ['n'], limit: 1 })).rejects.toThrow(/\[25006\]/);
    expect((await admin.query('select * from written')).rows).toEqual([]);
  });

  test('gets no longer pages than its manifest allows', async () => {
    const narrow = await open({ pageRows: 1 });
    const page = await narrow.select('things', { columns: ['id'], limit: 50 });
    expect([page.records.length, page.last]).toEqual([1, false]);
    await narrow.close();
  });

  test.each([0, -1, 1.5, Number.NaN])('is not asked for %d rows', async (limit) => {
    await expect(source.select('things', { columns: ['id'], limit })).rejects.toMatchObject({
      code: 'HUB_INTERNAL',
    });
  });

  test('stops a statement whose caller cancelled it', async () => {
    const waiting = async () => {
      const found = await admin.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return found.rows.length;
    };
    const until = async (count: number) => {
      while ((await waiting()) !== count) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    const other = await open({ timeoutMs: 20_000 });
    await other.select('held', { columns: ['id'], limit: 1 });
    await admin.query('begin; lock table held in access exclusive mode');
    const caller = new AbortController();
    const call = other.select('held', { columns: ['id'], limit: 1 }, { signal: caller.signal });
    await until(1);
    caller.abort();
    await expect(call).rejects.toMatchObject({ code: 'HUB_SOURCE_CLOSED' });
    await until(0);
    await admin.query('rollback');
    expect((await other.select('held', { columns: ['id'], limit: 1 })).records).toHaveLength(1);
    await other.close();
  });

  test('tells wrong credentials from other faults', async () => {
    const url = new URL(database.url);
    url.username = 'nobody';
    url.password = 'wr0ng';
    const stranger = await open({ url: url.href });
    await expect(stranger.describe()).rejects.toMatchObject({ code: 'HUB_SOURCE_REFUSED' });
    await stranger.close();
  });
});

describe('the zone of the hub’s own process', () => {
  const script = `
    const { sqlKind } = await import('./connectors/kinds/sql/sql-kind.ts');
    const source = await sqlKind.open(JSON.parse(process.argv[1]));
    const filter = [{ column: 'tm', op: 'gt', value: '2026-04-05 08:00:00' }];
    const river = await source.select('hy.st_river_r', { columns: ['tm'], filter, limit: 9 });
    const things = await source.readMany('things', {
      columns: ['at', 'day'], by: ['at'], keys: [['2026-04-05 08:00:00.123456']] });
    console.log(JSON.stringify([river.records, things]));
    await source.close();`;

  test.each(['UTC', 'America/New_York', 'Asia/Shanghai'])('moves no time: %s', async (zone) => {
    const settings = {
      unit: 'u',
      name: 's',
      url: database.url,
      zone: 'Asia/Shanghai',
      inFlight: 1,
      timeoutMs: 5000,
      pageRows: 9,
    };
    const run = promisify(execFile);
    const { stdout } = await run(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', script, JSON.stringify(settings)],
      { env: { ...process.env, TZ: zone } },
    );
    expect(JSON.parse(stdout)).toEqual([
      [{ tm: '2026-04-05 09:00:00' }],
      [{ at: '2026-04-05T00:00:00.123456+00:00', day: '2026-04-05' }],
    ]);
  });
});

test('a page of a long table whose texts are trimmed is read by the index of its order, not by sorting the table', async () => {
  await admin.query(`create table long (id int primary key, tenant varchar(12) not null, pad text not null);
    insert into long select n, '431100', repeat('x', 200) from generate_series(1, 20000) n; analyze long`);
  const request = {
    columns: ['id'],
    filter: [{ column: 'tenant', op: 'eq', value: '431100' }],
    order: ['id'],
    limit: 100,
  } as const;
  const scans = async () => {
    const { rows } = await admin.query<{ sorted: number; indexed: number }>(
      "select seq_scan::int as sorted, idx_scan::int as indexed from pg_stat_user_tables where relname = 'long'",
    );
    return rows[0] ?? { sorted: 0, indexed: 0 };
  };
  const before = await scans();
  let after: string | null = null;
  for (let page = 0; page < 5; page += 1) {
    const next: Page = await source.select('long', { ...request, ...(after === null ? {} : { after }) });
    after = next.cursor;
  }
  // A session tells what it has scanned when it ends.
  await source.close();
  source = await open();
  await eventually(
    async () => {
      const { sorted, indexed } = await scans();
      return sorted + indexed >= before.sorted + before.indexed + 5;
    },
    { what: 'the scans of five pages' },
  );
  expect((await scans()).sorted).toBe(before.sorted);
});
