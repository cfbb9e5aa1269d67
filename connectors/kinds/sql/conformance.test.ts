// The conformance suite over the dialects that can be proven here: PostgreSQL always, MariaDB where it answers.
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import pg from 'pg';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { hasMariadb, openTestMariadb } from '../../../test/support/mariadb.ts';
import { FIXTURE, type FixtureColumn, type ObjectName } from '../../kit/conformance/fixture.ts';
import { runCheck, toChecks } from '../../kit/conformance/suite.ts';
import { openWire } from '../../kit/conformance/wire.ts';
import type { World } from '../../kit/conformance/world.ts';
import type { Source, SourceRecord } from '../../kit/contract.ts';
import { sqlKind } from './sql-kind.ts';

const OBJECTS = Object.keys(FIXTURE) as ObjectName[];
const SECRET = 's3cr3t-p@ss';

/** What differs between two databases in making a world. */
type Side = {
  /** With %HOST% where the wire's address goes. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly prefix: string;
  run(statement: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  toType(column: FixtureColumn): string;
  /** Behind `create table (…)`. */
  tail(object: ObjectName): string;
  placeholder(index: number): string;
  /** One row a session, with the client's port. */
  readonly sessions: string;
  close(): Promise<void>;
};

async function openOn(opening: Promise<Side>): Promise<World> {
  const side = await opening;
  try {
    return await openWorld(side);
  } catch (error) {
    await side.close();
    throw error;
  }
}

async function openWorld(side: Side): Promise<World> {
  const names = Object.fromEntries(OBJECTS.map((object) => [object, side.prefix + object]));
  const insert = async (object: ObjectName, records: readonly SourceRecord[]) => {
    const columns = Object.keys(records[0] ?? {});
    if (records.length === 0) return;
    const rows = records.map((_, row) => {
      const marks = columns.map((_column, at) => side.placeholder(row * columns.length + at));
      return `(${marks.join(', ')})`;
    });
    const values = records.flatMap((record) => columns.map((column) => record[column]));
    await side.run(`insert into ${names[object]} (${columns.join(', ')}) values ${rows.join(', ')}`, values);
  };
  for (const object of OBJECTS) {
    const { columns, key, records } = FIXTURE[object];
    const parts = columns.map(
      (each) => `${each.name} ${side.toType(each)}${each.nullable ? '' : ' not null'}`,
    );
    if (key.length > 0) parts.push(`primary key (${key.join(', ')})`);
    await side.run(`create table ${names[object]} (${parts.join(', ')})${side.tail(object)}`);
    await insert(object, records);
  }
  const wire = await openWire(side.host, side.port);
  const sources: Source[] = [];
  return {
    names: names as World['names'],
    secret: SECRET,
    async open(overrides = {}) {
      const url = side.url.replace('%HOST%', `127.0.0.1:${wire.port}`);
      const settings = {
        unit: 'test',
        name: 'db',
        url,
        zone: 'Asia/Shanghai',
        inFlight: 2,
        timeoutMs: 5000,
        pageRows: 1000,
      };
      const source = await sqlKind.open({ ...settings, ...overrides });
      sources.push(source);
      return source;
    },
    insert,
    dropColumn: async (object, column) => {
      await side.run(`alter table ${names[object]} drop column ${column}`);
    },
    faults: wire,
    connections: async () =>
      (await side.run(side.sessions)).filter((row) => wire.clientPorts.has(Number(row.port))).length,
    async close() {
      await Promise.all(sources.map((source) => source.close()));
      await wire.close();
      await side.close();
    },
  };
}

describe('the sql kind on PostgreSQL', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    await runOn(database.url, `create role conformance_reader login superuser password '${SECRET}'`);
  });
  afterAll(async () => {
    await runOn(database.url, 'drop role conformance_reader');
    await database.close();
  });

  test.each(toChecks([]))(
    '$id $title',
    (check) => runCheck(check, () => openOn(openPgSide(database.url))),
    60_000,
  );
});

const mariadb = (await hasMariadb()) ? describe : describe.skip;
mariadb('the sql kind on MariaDB', () => {
  test.each(toChecks([]))('$id $title', (check) => runCheck(check, () => openOn(openMariadbSide())), 60_000);
});

async function runOn(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

async function openPgSide(base: string): Promise<Side> {
  const url = new URL(base);
  const client = new pg.Client({ connectionString: base });
  await client.connect();
  await client.query('drop schema public cascade');
  await client.query('create schema public');
  return {
    url: `postgres://conformance_reader:${encodeURIComponent(SECRET)}@%HOST%${url.pathname}`,
    host: url.hostname,
    port: Number(url.port),
    prefix: 'st_',
    run: async (statement, values = []) => (await client.query(statement, [...values])).rows,
    toType: ({ kind, padded, name }) => {
      if (padded !== undefined) return `char(${padded})`;
      const decimal = name === 'huge' ? 'numeric(38, 0)' : 'numeric(38, 6)';
      return { text: 'text', integer: 'bigint', decimal, timestamp: 'timestamp' }[kind];
    },
    tail: () => '',
    placeholder: (index) => `$${index + 1}`,
    sessions: 'select client_port as port from pg_stat_activity where client_port is not null',
    close: () => client.end(),
  };
}

async function openMariadbSide(): Promise<Side> {
  const server = await openTestMariadb();
  const url = new URL(server.url);
  const user = `u_${server.prefix.slice(4, 24)}`;
  await server.run(`create user ${user}@'%' identified by '${SECRET}'`);
  await server.run(`grant select on ${url.pathname.slice(1)}.* to ${user}@'%'`);
  return {
    url: `mysql://${user}:${encodeURIComponent(SECRET)}@%HOST%${url.pathname}`,
    host: url.hostname,
    port: Number(url.port || 3306),
    prefix: server.prefix,
    run: server.run,
    toType: ({ kind, padded, name }) => {
      if (padded !== undefined) return `char(${padded})`;
      const decimal = name === 'huge' ? 'decimal(38, 0)' : 'decimal(38, 6)';
      return { text: 'varchar(100)', integer: 'bigint', decimal, timestamp: 'datetime(6)' }[kind];
    },
    // general_ci holds case, width and all rare characters equal: the collation that legacy systems have.
    tail: (object) =>
      object === 'gbk' ? ' default charset gbk' : ' default charset utf8mb4 collate utf8mb4_general_ci',
    placeholder: () => '?',
    sessions: "select substring_index(host, ':', -1) as port from information_schema.processlist",
    async close() {
      await server.run(`drop user ${user}@'%'`);
      await server.close();
    },
  };
}
