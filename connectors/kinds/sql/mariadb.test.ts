// What only MySQL and MariaDB have: generous collations, zero dates, bits, 4-byte floats. Skipped, loudly, without a server.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hasMariadb, openTestMariadb, type TestMariadb } from '../../../test/support/mariadb.ts';
import type { Condition, Page, Source } from '../../kit/contract.ts';
import { sqlKind } from './sql-kind.ts';

const onMariadb = (await hasMariadb()) ? describe : describe.skip;
onMariadb('MariaDB', () => {
  let server: TestMariadb;
  let source: Source;
  const name = (table: string) => server.prefix + table;
  const open = (timeoutMs = 5000) =>
    sqlKind.open({
      unit: 'u',
      name: 's',
      url: server.url,
      zone: 'Asia/Shanghai',
      inFlight: 2,
      timeoutMs,
      pageRows: 100,
    });

  beforeAll(async () => {
    server = await openTestMariadb();
    const run = server.run;
    await run(`set session sql_mode = '', time_zone = '+00:00'`);
    await run(`create table ${name('things')} (
      id binary(2) primary key, flag bit(1), bits bit(12), at timestamp(6) null, wall datetime, day date, clock time(3),
      huge bigint unsigned, money decimal(65,30), small float, year year, choice enum('a)','b'), spot point, doc json)`);
    await run(`insert into ${name('things')} values
      (x'00ff', 1, 4095, '2026-04-05 00:00:00.123456', '2026-04-05 08:00:00', '2026-04-05', '-12:30:00.5',
       18446744073709551615, '12345678901234567890123456789012345.123456789012345678901234567891', 0.1, 2026, 'a)',
       point(111.5, 26.4), '{"a": 1}'),
      (x'ff00', 0, 0, null, '0000-00-00 00:00:00', '0000-00-00', null, 0, 0, 0.3, null, 'b', null, null),
      (x'ff01', null, null, null, null, null, null, null, null, 16777216, null, null, null, null)`);
    await run(`create table ${name('names')} (id int primary key, name varchar(20), gbk varchar(20) character set gbk)
      default charset utf8mb4 collate utf8mb4_general_ci`);
    await run(
      `insert into ${name('names')} values (1, '𠮷', '水'), (2, '𡈽', '火'), (3, 'Zq', null), (4, 'ZQ', null), (5, 'zq', null)`,
    );
    source = await open();
  });
  afterAll(async () => {
    await source.close();
    await server.close();
  });

  const idsOf = async (filter: readonly Condition[]) => {
    const page = await source.select(name('names'), { columns: ['id'], filter, limit: 50 });
    return { ids: page.records.map((record) => record.id), unpushed: page.unpushed };
  };

  test('hands out its own types as the contract says', async () => {
    const columns = [
      'id',
      'flag',
      'bits',
      'at',
      'wall',
      'day',
      'clock',
      'huge',
      'money',
      'year',
      'choice',
      'spot',
    ];
    const { records } = await source.select(name('things'), { columns, limit: 2 });
    expect(records).toEqual([
      {
        id: Buffer.from([0, 255]),
        flag: true,
        bits: 4095,
        at: '2026-04-05T00:00:00.123456+00:00',
        wall: '2026-04-05 08:00:00',
        day: '2026-04-05',
        clock: '-12:30:00.500',
        huge: '18446744073709551615',
        money: '12345678901234567890123456789012345.123456789012345678901234567891',
        year: 2026,
        choice: 'a)',
        spot: 'POINT(111.5 26.4)',
      },
      expect.objectContaining({
        flag: false,
        bits: 0,
        at: null,
        wall: '0000-00-00 00:00:00',
        day: '0000-00-00',
      }),
    ]);
  });

  test.each(['id', 'flag', 'wall', 'day', 'at', 'huge', 'money', 'small', 'choice'])(
    'pages of one go on behind any %s: zero dates, bits, rounded floats',
    async (order) => {
      const pages: Page[] = [];
      for await (const page of source.scan(name('things'), { columns: ['id'], order: [order], limit: 1 }))
        pages.push(page);
      expect(pages.map((page) => page.records.length)).toEqual([1, 1, 1]);
      expect(new Set(pages.map((page) => String(page.records[0]?.id))).size).toBe(3);
    },
  );

  test.each([
    ['id', '00ff', true],
    ['huge', '18446744073709551615', true],
    ['huge', '18446744073709551614', false],
    ['money', '12345678901234567890123456789012345.123456789012345678901234567891', true],
    ['money', '12345678901234567890123456789012345.123456789012345678901234567892', false],
    ['at', '2026-04-05T08:00:00.123456+08:00', true],
    ['at', '2026-04-05 08:00:00.123456', true],
    ['flag', true, true],
    ['choice', 'a)', true],
  ])('finds a record by %s = %s: %s', async (by, key, found) => {
    const [answer] = await source.readMany(name('things'), { columns: ['year'], by: [by], keys: [[key]] });
    expect(answer).toEqual(found ? { year: 2026 } : null);
  });

  test('tells apart what its collation holds equal', async () => {
    expect((await idsOf([{ column: 'name', op: 'eq', value: '𠮷' }])).ids).toEqual([1]);
    expect((await idsOf([{ column: 'name', op: 'in', value: ['𡈽', 'ZQ'] }])).ids).toEqual([2, 4]);
    expect((await idsOf([{ column: 'name', op: 'ne', value: 'Zq' }])).ids).toEqual([1, 2, 4, 5]);
    expect((await idsOf([{ column: 'name', op: 'startsWith', value: 'z' }])).ids).toEqual([5]);
  });

  test('is asked in its own character set, and hands back what it cannot say', async () => {
    expect((await idsOf([{ column: 'gbk', op: 'eq', value: '水' }])).ids).toEqual([1]);
    expect((await idsOf([{ column: 'gbk', op: 'in', value: ['𠮷', '㑇', '火'] }])).ids).toEqual([2]);
    const prefix = [{ column: 'gbk', op: 'startsWith', value: '水' }] as const;
    expect((await idsOf(prefix)).unpushed).toEqual(prefix);
  });

  test('never keeps back what the hub takes: a text with spaces around it, or one that is a number', async () => {
    await server.run(
      `create table ${name('spaced')} (id int primary key, code varchar(8) collate utf8mb4_general_ci)`,
    );
    await server.run(
      `insert into ${name('spaced')} values (1, '10'), (2, ' 10 '), (3, '9'), (4, 'a'), (5, 'A')`,
    );
    const ids = async (condition: Condition) => {
      const request = { columns: ['id'], filter: [condition], limit: 9 };
      return (await source.select(name('spaced'), request)).records.map(({ id }) => id);
    };
    expect(await ids({ column: 'code', op: 'eq', value: '10' })).toEqual([1, 2]);
    expect(await ids({ column: 'code', op: 'eq', value: 'a' })).toEqual([4]);
    expect(await ids({ column: 'code', op: 'lt', value: 10 })).toEqual([1, 2, 3, 4, 5]);
    await server.run(`drop table ${name('spaced')}`);
  });

  test('is found in another database by its name, too', async () => {
    const [shape] = await source.describe(['information_schema.TABLES']);
    expect(shape?.name).toBe('information_schema.TABLES');
  });

  test('cannot be written: every session reads only, in UTC and within the time-out', async () => {
    await server.run(`create function ${name('told')}() returns varchar(99)
      return concat_ws(' ', @@session.tx_read_only, @@session.time_zone, @@session.max_statement_time)`);
    await server.run(`create view ${name('session')} as select ${name('told')}() as told`);
    const page = await source.select(name('session'), { columns: ['told'], limit: 1 });
    await server.run(`drop view ${name('session')}`);
    await server.run(`drop function ${name('told')}`);
    expect(page.records).toEqual([{ told: 'ON +00:00 5.000000' }]);
  });

  test('stops a statement at the deadline and one that was cancelled', async () => {
    await server.run(`create view ${name('slow')} as select sleep(20) as n`);
    const running = async () =>
      (
        await server.run(
          `select 1 from information_schema.processlist where info like '%${name('slow')}%' and id <> connection_id()`,
        )
      ).length;
    const until = async (count: number) => {
      while ((await running()) !== count) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    const hasty = await open(400);
    await hasty.describe([name('slow')]);
    await expect(hasty.select(name('slow'), { columns: ['n'], limit: 1 })).rejects.toMatchObject({
      code: 'HUB_SOURCE_TIMEOUT',
    });
    await until(0);
    const caller = new AbortController();
    const call = source.select(name('slow'), { columns: ['n'], limit: 1 }, { signal: caller.signal });
    await until(1);
    caller.abort();
    await expect(call).rejects.toMatchObject({ code: 'HUB_SOURCE_CLOSED' });
    await until(0);
    await hasty.close();
    await server.run(`drop view ${name('slow')}`);
  });
});
