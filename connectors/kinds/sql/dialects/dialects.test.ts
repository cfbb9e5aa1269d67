// What each dialect says, as text. For Oracle and SQL Server this is all the proof there is: not verified over the wire.

import { Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import knex, { type Knex } from 'knex';
import type { ColumnShape, SelectRequest } from '../../../kit/contract.ts';
import type { Table } from '../catalogue-rows.ts';
import { planDigest } from '../digest.ts';
import type { Speech } from '../filter.ts';
import { planPage } from '../page.ts';
import { planReadMany, toChunkLength } from '../read-many.ts';
import { parseTarget } from '../target.ts';
import { SCHEMES, toDialect } from './choose.ts';
import type { Dialect, DriverError } from './dialect.ts';
import { mssqlDialect } from './mssql.ts';
import { mysqlDialect } from './mysql.ts';
import { oracleDialect } from './oracle.ts';
import { pgDialect } from './pg.ts';

const place = { unit: 'u', source: 's' };
const target = parseTarget('postgres://u:p@h/d?sslmode=verify-full', place).target;
const natives = (of: Dialect): Record<string, string> =>
  ({
    PostgreSQL: { code: 'character(8)', tm: 'timestamp(6) without time zone', z: 'numeric(7,3)' },
    MySQL: { code: 'char(8)', tm: 'datetime(6)', z: 'decimal(7,3)' },
    'SQL Server': { code: 'char(8)', tm: 'datetime', z: 'decimal(7,3)' },
    Oracle: { code: 'char(8)', tm: 'date', z: 'number(7,3)' },
  })[of.name] ?? {};

function column(of: Dialect, name: string, native: string, nullable = false): ColumnShape {
  return { name, kind: of.toKind(native), native, nullable };
}

/** ST_RIVER_R of SL 323 as the dialect would describe it. */
function riverOf(of: Dialect): Table {
  const types = natives(of);
  const columns = [
    column(of, 'STCD', types.code ?? ''),
    column(of, 'TM', types.tm ?? ''),
    column(of, 'Z', types.z ?? '', true),
  ];
  return { name: 'ST_RIVER_R', schema: 'HY', table: 'ST_RIVER_R', columns, key: ['STCD', 'TM'], rows: null };
}

function speechOf(of: Dialect): { readonly db: Knex; readonly speech: Speech } {
  const db = knex({ client: of.client });
  const quote = (name: string): string => db.client.wrapIdentifierImpl(name);
  return { db, speech: { dialect: of, quote, zone: 'Asia/Shanghai', place } };
}

function pageText(of: Dialect, request: Partial<SelectRequest>) {
  const { db, speech } = speechOf(of);
  const plan = planPage(
    riverOf(of),
    { columns: ['stcd', 'tm', 'z'], limit: 100, ...request },
    speech,
    db,
    1000,
  );
  return { plan, native: plan.query.toSQL().toNative() };
}

const WINDOW: Partial<SelectRequest> = {
  order: ['tm'],
  filter: [
    { column: 'tm', op: 'gte', value: '2026-04-05 08:00:00.5' },
    { column: 'z', op: 'ne', value: '1.50' },
  ],
};
/** The first page's cursor, behind one row that the driver would have given. */
function secondPage(of: Dialect) {
  const first = pageText(of, WINDOW).plan;
  const row = { c0: '61512000', c1: '2026-04-05 08:05:00.123', c2: null };
  const { cursor } = first.toPage([row, row]);
  return pageText(of, { ...WINDOW, limit: 1, after: cursor ?? '' }).native;
}

describe('the statement for a page', () => {
  test('on PostgreSQL', () => {
    expect(secondPage(pgDialect)).toMatchObject({
      sql:
        'select "STCD" as "c0", "TM" as "c1", "Z" as "c2" from "HY"."ST_RIVER_R" where ' +
        '(("TM" >= cast($1 as timestamp) and (not ("Z" = cast($2 as numeric)) or "Z" is null)) and ' +
        '("TM" >= cast($3 as timestamp) and ("TM" > cast($4 as timestamp) or ("TM" = cast($5 as timestamp) and "STCD" > $6)))) ' +
        'order by "TM", "STCD" limit $7',
      bindings: ['2026-04-05 08:00:00.5', '1.5', ...Array(3).fill('2026-04-05 08:05:00.123'), '61512000', 2],
    });
  });

  test('on MySQL', () => {
    expect(secondPage(mysqlDialect).sql).toBe(
      'select `STCD` as `c0`, `TM` as `c1`, `Z` as `c2` from `HY`.`ST_RIVER_R` where ' +
        '((`TM` >= ? and (not (`Z` = cast(? as decimal(65, 1))) or `Z` is null)) and ' +
        '(`TM` >= ? and (`TM` > ? or (`TM` = ? and `STCD` > ?)))) order by `TM`, `STCD` limit ?',
    );
  });

  test('on SQL Server, not verified over the wire: the server makes the text, a datetime is compared as one', () => {
    expect(secondPage(mssqlDialect).sql).toBe(
      'select top (@p0) [STCD] as [c0], convert(varchar(27), [TM], 121) as [c1], convert(varchar(41), [Z]) as [c2] ' +
        'from [HY].[ST_RIVER_R] where (([TM] >= convert(datetime, @p1, 121) and ' +
        '(not ([Z] = cast(@p2 as decimal(38, 1))) or [Z] is null)) and ' +
        '([TM] >= convert(datetime, @p3, 121) and ([TM] > convert(datetime, @p4, 121) or ' +
        '([TM] = convert(datetime, @p5, 121) and [STCD] > @p6)))) order by [TM], [STCD]',
    );
  });

  test('on Oracle, not verified over the wire: rownum, a padded CHAR, and a DATE with its time of day', () => {
    const { sql, bindings } = secondPage(oracleDialect);
    const wall = 'YYYY-MM-DD HH24:MI:SS';
    expect(sql).toBe(
      `select * from (select "STCD" as "c0", to_char("TM", '${wall}') as "c1", to_char("Z", 'TM9') as "c2" ` +
        `from "HY"."ST_RIVER_R" where (("TM" >= to_timestamp(:1, '${wall}.FF9') and ` +
        '(not ("Z" = to_number(:2)) or "Z" is null)) and ' +
        `("TM" >= to_timestamp(:3, '${wall}.FF9') and ("TM" > to_timestamp(:4, '${wall}.FF9') or ` +
        `("TM" = to_timestamp(:5, '${wall}.FF9') and "STCD" > cast(:6 as char(2000)))))) ` +
        'order by "TM", "STCD") where rownum <= :7',
    );
    expect(bindings.at(-1)).toBe(2);
  });

  test('a null in the position is compared where the dialect sorts it', () => {
    const behindNull = (of: Dialect) => {
      const row = { c0: '61512000', c1: '2026-04-05 08:05:00', c2: null };
      const { cursor } = pageText(of, { order: ['z'] }).plan.toPage([row]);
      return /where (.*) order by/.exec(pageText(of, { order: ['z'], after: cursor ?? '' }).native.sql)?.[1];
    };
    expect(behindNull(pgDialect)).toMatch(/^\(1 = 1 and \(1 = 0 or \("Z" is null and /);
    expect(behindNull(mysqlDialect)).toMatch(/^\(1 = 1 and \(`Z` is not null or \(`Z` is null and /);
  });
});

describe('a text is compared without the spaces around it, a padded one by the rules of its kind', () => {
  const where = (of: Dialect, native: string) => {
    const { db, speech } = speechOf(of);
    const table = { ...riverOf(of), columns: [column(of, 'CODE', native)], key: ['CODE'] };
    const request = {
      columns: ['code'],
      filter: [{ column: 'code', op: 'eq', value: 'A' }],
      limit: 1,
    } as const;
    const { sql } = planPage(table, request, speech, db, 1).query.toSQL().toNative();
    return / where (.*) order by/.exec(sql)?.[1];
  };
  test.each([
    [pgDialect, 'character varying(8)', 'coalesce(trim("CODE") = $1, false)'],
    [pgDialect, 'character(8)', '"CODE" = $1'],
    [mssqlDialect, 'nvarchar(8)', expect.stringContaining('(ltrim(rtrim([CODE])) = @p1 and ')],
    [oracleDialect, 'varchar2(8)', 'trim("CODE") = :1'],
    [oracleDialect, 'char(8)', '"CODE" = cast(:1 as char(2000))'],
    [oracleDialect, 'nchar(8)', '"CODE" = cast(:1 as nchar(1000))'],
  ])('%# %s', (of, native, wanted) => {
    expect(where(of, native)).toEqual(wanted);
  });
});

describe('a list of keys', () => {
  const keys = Array.from({ length: 12_000 }, (_, index) => [`S${index}`]);

  test.each([
    [pgDialect, 5_000, 3],
    [mysqlDialect, 5_000, 3],
    [mssqlDialect, 2_080, 6],
    [oracleDialect, 1_000, 12],
  ])('is cut to what %# takes', (of, length, statements) => {
    expect(toChunkLength(1, of)).toBe(length);
    const { db, speech } = speechOf(of);
    const plan = planReadMany(riverOf(of), { columns: ['z'], by: ['stcd'], keys }, speech, db);
    expect(plan.queries).toHaveLength(statements);
    for (const query of plan.queries)
      expect(query.toSQL().toNative().bindings.length).toBeLessThanOrEqual(
        Math.min(of.maxParameters, of.maxList),
      );
  });

  test('of several columns stays within the parameters of SQL Server', () => {
    const { db, speech } = speechOf(mssqlDialect);
    const pairs = Array.from({ length: 2000 }, (_, index) => [
      `S${index}`,
      '2026-04-05 08:00:00',
      String(index),
    ]);
    const plan = planReadMany(
      riverOf(mssqlDialect),
      { columns: ['z'], by: ['stcd', 'tm', 'z'], keys: pairs },
      speech,
      db,
    );
    for (const query of plan.queries)
      expect(query.toSQL().toNative().bindings.length).toBeLessThanOrEqual(mssqlDialect.maxParameters);
    expect(plan.queries.length).toBe(4);
  });

  test('a condition with more values than a statement takes is handed back', () => {
    const filter = [{ column: 'stcd', op: 'in', value: keys.map(([key]) => String(key)) }] as const;
    const first = pageText(mssqlDialect, { filter });
    expect(first.plan.toPage([]).unpushed).toEqual(filter);
    expect(pageText(oracleDialect, { filter }).native.sql.match(/ in \(/g)).toHaveLength(12);
  });
});

describe('a driver’s error', () => {
  const cases: readonly (readonly [Dialect, DriverError, string | null])[] = [
    [pgDialect, { code: '42P01' }, 'HUB_SOURCE_SHAPE'],
    [pgDialect, { code: '42703' }, 'HUB_SOURCE_SHAPE'],
    [pgDialect, { code: '28P01' }, 'HUB_SOURCE_REFUSED'],
    [pgDialect, { code: '42501' }, 'HUB_SOURCE_REFUSED'],
    [pgDialect, { code: '57014' }, 'HUB_SOURCE_TIMEOUT'],
    [pgDialect, { code: '57P01' }, 'HUB_SOURCE_UNREACHABLE'],
    [pgDialect, { code: '53300' }, 'HUB_SOURCE_UNREACHABLE'],
    [pgDialect, { code: '22P02' }, 'HUB_SOURCE_QUERY'],
    [pgDialect, { code: 'ECONNREFUSED' }, null],
    [mysqlDialect, { errno: 1146 }, 'HUB_SOURCE_SHAPE'],
    [mysqlDialect, { errno: 1054 }, 'HUB_SOURCE_SHAPE'],
    [mysqlDialect, { errno: 1045 }, 'HUB_SOURCE_REFUSED'],
    [mysqlDialect, { errno: 1969 }, 'HUB_SOURCE_TIMEOUT'],
    [mysqlDialect, { errno: 3024 }, 'HUB_SOURCE_TIMEOUT'],
    [mysqlDialect, { errno: 1040 }, 'HUB_SOURCE_UNREACHABLE'],
    [mysqlDialect, { code: 'PROTOCOL_CONNECTION_LOST' }, 'HUB_SOURCE_UNREACHABLE'],
    [mysqlDialect, { errno: 1064 }, 'HUB_SOURCE_QUERY'],
    [mysqlDialect, { errno: -111, code: 'ECONNREFUSED' }, null],
    [mssqlDialect, { number: 208, code: 'EREQUEST' }, 'HUB_SOURCE_SHAPE'],
    [mssqlDialect, { code: 'ELOGIN' }, 'HUB_SOURCE_REFUSED'],
    [mssqlDialect, { number: 229 }, 'HUB_SOURCE_REFUSED'],
    [mssqlDialect, { code: 'ETIMEOUT' }, 'HUB_SOURCE_TIMEOUT'],
    [mssqlDialect, { number: 1222 }, 'HUB_SOURCE_TIMEOUT'],
    [mssqlDialect, { code: 'ESOCKET' }, 'HUB_SOURCE_UNREACHABLE'],
    [mssqlDialect, { number: 8114 }, 'HUB_SOURCE_QUERY'],
    [mssqlDialect, {}, null],
    [oracleDialect, { errorNum: 942 }, 'HUB_SOURCE_SHAPE'],
    [oracleDialect, { errorNum: 904 }, 'HUB_SOURCE_SHAPE'],
    [oracleDialect, { errorNum: 1017 }, 'HUB_SOURCE_REFUSED'],
    [oracleDialect, { errorNum: 1013 }, 'HUB_SOURCE_TIMEOUT'],
    [oracleDialect, { code: 'NJS-123', errorNum: 0 }, 'HUB_SOURCE_TIMEOUT'],
    [oracleDialect, { code: 'NJS-511' }, 'HUB_SOURCE_UNREACHABLE'],
    [oracleDialect, { errorNum: 12541 }, 'HUB_SOURCE_UNREACHABLE'],
    [oracleDialect, { errorNum: 1722 }, 'HUB_SOURCE_QUERY'],
    [oracleDialect, {}, null],
  ];
  test.each(cases.map(([of, error, code]) => [of.name, error, code, of] as const))(
    'of %s: %j means %s',
    (_name, error, code, of) => {
      expect(of.toFault(error)).toBe(code);
    },
  );
});

describe('the kinds of native types', () => {
  const cases: readonly (readonly [Dialect, { readonly [native: string]: string }])[] = [
    [
      pgDialect,
      {
        bigint: 'integer',
        'numeric(7,3)': 'decimal',
        'timestamp with time zone': 'timestamptz',
        'time without time zone': 'time',
        uuid: 'text',
        inet: 'other',
      },
    ],
    [
      mysqlDialect,
      {
        'int(11) unsigned': 'integer',
        'bit(1)': 'boolean',
        'bit(8)': 'integer',
        "enum('a)','b')": 'text',
        'timestamp(6)': 'timestamptz',
        point: 'other',
        'varchar(9) collate gbk_bin': 'text',
      },
    ],
    [
      mssqlDialect,
      {
        'decimal(7,3)': 'decimal',
        'nvarchar(max)': 'text',
        datetimeoffset: 'timestamptz',
        money: 'decimal',
        timestamp: 'bytes',
        sql_variant: 'other',
      },
    ],
    [
      oracleDialect,
      {
        'number(10,0)': 'integer',
        'number(7,3)': 'decimal',
        number: 'decimal',
        date: 'timestamp',
        'timestamp(6) with time zone': 'timestamptz',
        clob: 'text',
        'raw(16)': 'bytes',
        xmltype: 'other',
      },
    ],
  ];
  test.each(cases.map(([of, kinds]) => [of.name, of, kinds] as const))('of %s', (_name, of, kinds) => {
    for (const [native, kind] of Object.entries(kinds))
      expect([native, of.toKind(native)]).toEqual([native, kind]);
  });
});

describe('a value as a bind of its column', () => {
  const bind = (of: Dialect, native: string, value: string | number | boolean) =>
    of.bind(column(of, 'c', native), value);

  test.each([
    [pgDialect, 'uuid', 'not one', null],
    [pgDialect, 'text', 'nul\u0000', null],
    [
      pgDialect,
      'bigint',
      '99999999999999999999',
      { sql: 'cast(? as numeric)', binds: ['99999999999999999999'] },
    ],
    [pgDialect, 'bytea', '00ff', { sql: "decode(?, 'hex')", binds: ['00ff'] }],
    [pgDialect, 'date', '2026-04-05', { sql: 'cast(? as date)', binds: ['2026-04-05'] }],
    [mysqlDialect, 'bit(1)', true, { sql: '?', binds: [1] }],
    [mysqlDialect, 'decimal(65,30)', `0.${'1'.repeat(31)}`, null],
    [
      mysqlDialect,
      'timestamp',
      '2026-04-05T00:00:00.5+00:00',
      { sql: '?', binds: ['2026-04-05 00:00:00.5'] },
    ],
    [
      mysqlDialect,
      'char(8) collate gbk_bin',
      'A1  ',
      { sql: 'convert(? using gbk) collate gbk_bin', binds: ['A1'] },
    ],
    [
      mssqlDialect,
      'datetime2',
      '2026-04-05 08:00:00.1234567',
      { sql: 'convert(datetime2(7), ?, 121)', binds: ['2026-04-05 08:00:00.1234567'] },
    ],
    [
      mssqlDialect,
      'datetime',
      '2026-04-05 08:00:00.1234567',
      { sql: 'convert(datetime, ?, 121)', binds: ['2026-04-05 08:00:00.123'] },
    ],
    [mssqlDialect, 'bit', false, { sql: 'cast(? as bit)', binds: [0] }],
    [mssqlDialect, 'uniqueidentifier', 'x', null],
    [mssqlDialect, 'decimal(38,0)', '9'.repeat(39), null],
    [mssqlDialect, 'date', '2026-04-05', { sql: 'convert(date, ?, 23)', binds: ['2026-04-05'] }],
    [
      oracleDialect,
      'date',
      '2026-04-05 08:00:00',
      { sql: "to_date(?, 'YYYY-MM-DD HH24:MI:SS')", binds: ['2026-04-05 08:00:00'] },
    ],
    [
      oracleDialect,
      'timestamp(6) with time zone',
      '2026-04-05T00:00:00+00:00',
      {
        sql: `to_timestamp_tz(?, 'YYYY-MM-DD"T"HH24:MI:SS.FF9TZH:TZM')`,
        binds: ['2026-04-05T00:00:00.0+00:00'],
      },
    ],
    [oracleDialect, 'varchar2(10)', 'x', { sql: '?', binds: ['x'] }],
    [oracleDialect, 'raw(16)', '00ff', { sql: 'hextoraw(?)', binds: ['00ff'] }],
  ] as const)('%#: %s', (of, native, value, wanted) => {
    expect(bind(of, native, value)).toEqual(wanted);
  });
});

describe('what a connection is told', () => {
  const wiring = { target, timeoutMs: 5000, openSocket: () => new Socket() };

  test('to read only, in UTC, within the time-out, where the dialect can', () => {
    expect(pgDialect.session(5000)).toEqual(
      expect.arrayContaining([
        'set default_transaction_read_only = on',
        'set statement_timeout = 5000',
        "set timezone = 'UTC'",
      ]),
    );
    const mysql = mysqlDialect.session(5000).join('; ');
    expect(mysql).toContain('set session transaction read only');
    expect(mysql).toContain("time_zone = '+00:00'");
    expect(mysql).toContain('/*M! , max_statement_time = 5 */ /*!50708 , max_execution_time = 5000 */');
    expect(oracleDialect.session(5000).join()).toContain('nls_sort = binary');
    expect(mssqlDialect.session(5000).join()).toContain('lock_timeout 5000');
  });

  test('with verified TLS where the URL asks for it', () => {
    const socketless = {
      ...wiring,
      openSocket: () => {
        throw new Error('opens no socket yet');
      },
    };
    expect(pgDialect.toConnection(socketless)).toMatchObject({ ssl: { rejectUnauthorized: true } });
    expect(mysqlDialect.toConnection(socketless)).toMatchObject({ ssl: { rejectUnauthorized: true } });
    expect(mssqlDialect.toConnection(socketless)).toMatchObject({
      options: { encrypt: true, trustServerCertificate: false, useUTC: true, requestTimeout: 5000 },
    });
    expect(oracleDialect.toConnection(socketless)).toMatchObject({
      connectString: 'tcps://h:1521/d?connect_timeout=5&transport_connect_timeout=5',
    });
  });

  test('every scheme has its dialect', () => {
    expect(SCHEMES.map((scheme) => toDialect(scheme)?.name)).toEqual([
      'PostgreSQL',
      'PostgreSQL',
      'MySQL',
      'MySQL',
      'SQL Server',
      'Oracle',
    ]);
    expect(toDialect('http')).toBeNull();
  });

  test.each([pgDialect, mysqlDialect, mssqlDialect, oracleDialect])(
    'catalogue query %# has two binds for the schema',
    ({ catalogue }) => {
      for (const text of Object.values(catalogue)) expect(text.match(/\?/g)).toHaveLength(2);
    },
  );
});

describe('a digest', () => {
  const digestText = (of: Dialect) => {
    const { db, speech } = speechOf(of);
    const bucket = { column: 'tm', per: 'hour' } as const;
    return planDigest(riverOf(of), { columns: ['stcd', 'z'], bucket }, speech, db)
      .query.toSQL()
      .toNative().sql;
  };

  test('is made by the database, null and length marked, and summed by the hour', () => {
    const [mssql, oracle] = [digestText(mssqlDialect), digestText(oracleDialect)];
    expect(mssql).toContain('sum(convert(decimal(38, 0), convert(bigint, substring(hashbytes(');
    expect(mssql).toContain(
      "isnull(convert(nvarchar(20), datalength(convert(nvarchar(max), [STCD]))) + N':'",
    );
    expect(mssql).toMatch(
      /group by convert\(varchar\(13\), convert\(datetime2\(7\), \[TM\]\), 120\) \+ ':00:00'$/i,
    );
    expect(oracle).toContain(
      `case when "Z" is null then '~' else rawtohex(standard_hash(to_char("Z", 'TM9'), 'MD5')) end`,
    );
    expect(oracle).toMatch(/group by to_char\("TM", 'YYYY-MM-DD HH24":00:00"'\)$/);
  });

  test('refuses a condition that the database cannot evaluate as the hub does', () => {
    const { db, speech } = speechOf(pgDialect);
    const filter = [{ column: 'stcd', op: 'isNull' } as const];
    expect(() =>
      planDigest(riverOf(pgDialect), { columns: ['z'], filter, bucket: null }, speech, db),
    ).toThrow(expect.objectContaining({ code: 'HUB_SOURCE_UNSUPPORTED' }));
  });
});
