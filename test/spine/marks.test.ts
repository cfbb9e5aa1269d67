// Cursors and windows over real databases, from the manifest to the store: long transactions that commit out of their
// order, marks that go to null, rows that are marked as deleted, times as numbers and as texts.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { sqlKind } from '../../connectors/kinds/sql/sql-kind.ts';
import type { Source } from '../../connectors/kit/contract.ts';
import { parseManifest } from '../../connectors/kit/manifest/parse-manifest.ts';
import { compileMappings } from '../../connectors/kit/mapping/compile-mappings.ts';
import { planFeeds } from '../../jobs/plan/plan-feeds.ts';
import { syncFeed } from '../../jobs/sync/sync-feed.ts';
import { openDivisions } from '../../schema/divisions/open-divisions.ts';
import type { Store } from '../../store/contract.ts';
import { openStore } from '../../store/open-store.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { hasMariadb, openTestMariadb, type TestMariadb } from '../support/mariadb.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-04-05T12:00:00Z');

const toType = (name: string, table: string, sync: string, more: string) => `
  ${name}:
    zh: 样
    en: ${name}
    from: [{ source: base, object: "${table}" }]
    sync: { every: PT1M, overlap: PT10M, ${sync} }
    key: [code]
    freshness: { promise: PT10M }
    division: [none]${more}`;
const CODE = `
      code: { zh: 号, en: Code, text: id }`;
const TIME = (words: string) => `
      happenedAt: { zh: 时, en: Happened at, time: ${words} }`;

const toManifest = (prefix: string) => `
manifest: 1
unit: marks
name: { zh: 样例, en: Marks }
owner: { contact: 值班室, phone: { secret: PHONE } }
sources:
  base: { kind: sql, url: { secret: BASE } }
types:${toType(
  'Case',
  `${prefix}cases`,
  'strategy: cursor, cursor: { column: upd }',
  `
    role: thing
    deletes: { by: column, column: deleted, when: ["1"] }
    fields:${CODE}
      name: { zh: 名, en: Name, text: name }`,
)}${toType(
  'Device',
  `${prefix}devices`,
  'strategy: cursor, cursor: { column: ver }',
  `
    role: thing
    fields:${CODE}
      name: { zh: 名, en: Name, text: name }`,
)}${toType(
  'Alarm',
  `${prefix}alarms`,
  'strategy: cursor, cursor: { column: ms, format: epochMillis }',
  `
    role: event
    time: happenedAt
    fields:${CODE}${TIME('ms, formats: [epochMillis]')}`,
)}${toType(
  'Call',
  `${prefix}calls`,
  'strategy: window',
  `
    role: event
    time: happenedAt
    fields:${CODE}${TIME('at, formats: [yyyyMMddHHmmss]')}`,
)}
policy: { default: public }
`;

/** A session of the legacy database. */
type Session = { run(statement: string): Promise<unknown>; end(): Promise<unknown> };
type Legacy = {
  readonly url: string;
  readonly prefix: string;
  /** Of a moment with microseconds, and of a column of such. */
  readonly time: string;
  open(): Promise<Session>;
};

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

function judge(
  group: typeof describe | typeof describe.skip,
  name: string,
  openLegacy: () => Promise<Legacy>,
  closeLegacy: () => Promise<void>,
): void {
  group(`over ${name}`, () => {
    let legacy: Legacy;
    let [one, two]: Session[] = [];
    let store: Store;
    let source: Source;
    let client: pg.Client;
    let now = START;
    let sync: (table: string) => Promise<unknown>;

    const run = (statement: string) => (one ?? never()).run(statement);
    const aside = (statement: string) => (two ?? never()).run(statement);
    const table = (bare: string) => legacy.prefix + bare;
    const codes = async (type: string) =>
      (
        await client.query<{ key: string }>(
          `select _key as key from marks.${type} where _gone_at is null order by 1`,
        )
      ).rows.map(({ key }) => key);

    beforeEach(async () => {
      now = START;
      legacy = await openLegacy();
      [one, two] = [await legacy.open(), await legacy.open()];
      await run(
        `create table ${table('cases')} (id varchar(9) primary key, name varchar(20), upd ${legacy.time} null, deleted int default 0)`,
      );
      await run(
        `create table ${table('devices')} (id varchar(9) primary key, name varchar(20), ver bigint not null)`,
      );
      await run(`create table ${table('alarms')} (id varchar(9) primary key, ms bigint not null)`);
      await run(`create table ${table('calls')} (id varchar(9) primary key, at char(14) not null)`);
      const { unit, faults } = parseManifest(toManifest(legacy.prefix), {
        file: 'unit.yaml',
        folder: 'marks',
      });
      if (unit === null) throw new Error(JSON.stringify(faults));
      const mappings = compileMappings(unit, { divisions: await openDivisions() });
      const feeds = planFeeds(unit, mappings, () => sqlKind.capabilities);
      store = await openStore({ url: database.url, clock: () => now });
      await store.migrate([unit]);
      client = new pg.Client({ connectionString: database.url });
      await client.connect();
      const access = { unit: 'marks', name: 'base', url: legacy.url, zone: 'Asia/Shanghai' };
      source = await sqlKind.open({ ...access, inFlight: 2, timeoutMs: 5000, pageRows: 2 });
      sync = (bare) => {
        const feed = feeds.find(({ key }) => key.object === table(bare)) ?? never();
        const mapping = mappings.find(({ object }) => object === feed.key.object) ?? never();
        return syncFeed(feed, {
          ...{ source, mapping, store: store.sync, clock: () => now, reason: 'schedule', holder: 'test' },
          signal: new AbortController().signal,
        });
      };
    });
    afterEach(async () => {
      await source.close();
      await Promise.all([one?.end(), two?.end()]);
      await closeLegacy();
      await store.close();
      await client.query('drop schema if exists marks cascade');
      await client.query('drop schema if exists hub cascade');
      await client.end();
    });

    test('a long transaction that stamped its row before others is read when it commits behind them', async () => {
      await run(`insert into ${table('cases')} values ('old', 'long ago', '2001-01-01 00:00:00', 0)`);
      await sync('cases');
      expect(await codes('"case"')).toEqual(['old']);
      now += MINUTE;
      await aside('begin');
      await aside(`insert into ${table('cases')} values ('slow', 's', '2026-04-05 12:00:30.000001', 0)`);
      // Three in one second, one of them a microsecond later: none is taken for another.
      await run(
        `insert into ${table('cases')} values ('a', 'a', '2026-04-05 12:00:40', 0), ('b', 'b', '2026-04-05 12:00:40', 0), ('c', 'c', '2026-04-05 12:00:40.000001', 0)`,
      );
      await sync('cases');
      now += 5 * MINUTE;
      await sync('cases');
      expect(await codes('"case"')).toEqual(['a', 'b', 'c', 'old']);
      await aside('commit');
      now += MINUTE;
      await sync('cases');
      expect(await codes('"case"')).toEqual(['a', 'b', 'c', 'old', 'slow']);
    });

    test('a mark of deletion is a tombstone; a row whose mark went to null is found within the hour', async () => {
      await run(
        `insert into ${table('cases')} values ('a', 'a', '2026-04-05 11:59:00', 0), ('b', 'b', '2026-04-05 11:59:00', 0)`,
      );
      await sync('cases');
      now += MINUTE;
      await run(`update ${table('cases')} set deleted = 1, upd = '2026-04-05 12:00:30' where id = 'a'`);
      await run(`update ${table('cases')} set name = 'new', upd = null where id = 'b'`);
      await sync('cases');
      expect(await codes('"case"')).toEqual(['b']);
      const nameOf = async () => (await client.query(`select name from marks."case" where _key = 'b'`)).rows;
      expect(await nameOf()).toEqual([{ name: 'b' }]);
      now += 60 * MINUTE;
      await sync('cases');
      expect(await nameOf()).toEqual([{ name: 'new' }]);
    });

    test('a sequence finds what took its number before others and committed behind them', async () => {
      for (let minute = 0; minute < 15; minute += 1) {
        await run(`insert into ${table('devices')} values ('d${minute}', 'd', ${1000 + minute * 10})`);
        await sync('devices');
        now += MINUTE;
      }
      await aside('begin');
      await aside(`insert into ${table('devices')} values ('slow', 's', 1145)`);
      await run(`insert into ${table('devices')} values ('fast', 'f', 1150)`);
      await sync('devices');
      now += 5 * MINUTE;
      await sync('devices');
      await aside('commit');
      now += MINUTE;
      expect(await sync('devices')).toMatchObject({ counts: { written: 1 } });
      expect(await codes('device')).toContain('slow');
      // Ten minutes of numbers are read again, not all of them.
      const last = await client.query(
        `select read::int from hub.run where object = '${table('devices')}' order by id desc limit 1`,
      );
      expect(last.rows[0].read).toBeLessThan(17);
    });

    test('times as numbers and as texts are read from where the last run was', async () => {
      const put = async (id: string, at: number) => {
        const text = new Date(at + 480 * MINUTE).toISOString().replace(/\D/g, '').slice(0, 14);
        await run(`insert into ${table('alarms')} values ('${id}', ${at})`);
        await run(`insert into ${table('calls')} values ('${id}', '${text}')`);
      };
      for (let back = 0; back < 5; back += 1) await put(`o${back}`, START - (20 + back) * MINUTE);
      await put('now', START - MINUTE);
      for (const bare of ['alarms', 'calls'])
        expect(await sync(bare)).toMatchObject({ counts: { written: 6 } });
      await put('late', START - 9 * MINUTE);
      await put('future', START + 600 * MINUTE);
      now += MINUTE;
      for (const bare of ['alarms', 'calls']) {
        expect(await sync(bare)).toMatchObject({ counts: { read: 3, written: 1, setAside: 1 } });
        expect(await sync(bare)).toMatchObject({ counts: { read: 3, written: 0 } });
      }
    });
  });
}

function never(): never {
  throw new Error('must be there');
}

let opened: TestDatabase | null = null;
judge(
  describe,
  'PostgreSQL',
  async () => {
    opened = await openTestDatabase();
    const { url } = opened;
    const open = async () => {
      const session = new pg.Client({ connectionString: url });
      await session.connect();
      await session.query(`set time zone 'UTC'`);
      return { run: (statement: string) => session.query(statement), end: () => session.end() };
    };
    return { url, prefix: '', time: 'timestamptz(6)', open };
  },
  async () => opened?.close(),
);

let mariadb: TestMariadb | null = null;
judge(
  (await hasMariadb()) ? describe : describe.skip,
  'MariaDB',
  async () => {
    mariadb = await openTestMariadb();
    const { url, prefix } = mariadb;
    const open = async () => {
      const session = await openTestMariadb();
      await session.run(`set time_zone = '+00:00'`);
      return { run: session.run, end: session.close };
    };
    return { url, prefix, time: 'timestamp(6)', open };
  },
  async () => mariadb?.close(),
);
