// The world of the comparing tests: a department's table in a real database, a store in a real PostgreSQL, and both changed
// behind the hub's back with plain SQL.
import pg from 'pg';
import { sqlKind } from '../../connectors/kinds/sql/sql-kind.ts';
import type { Source } from '../../connectors/kit/contract.ts';
import type { Unit, UnitType } from '../../connectors/kit/manifest/model.ts';
import { compileMappings } from '../../connectors/kit/mapping/compile-mappings.ts';
import { openDivisions } from '../../schema/divisions/open-divisions.ts';
import { openStore } from '../../store/open-store.ts';
import { openTestDatabase } from '../../test/support/database.ts';
import { openTestMariadb } from '../../test/support/mariadb.ts';
import { READING_MAPPING } from '../../test/support/sample-mapping.ts';
import { readingType, sampleUnit, stationType } from '../../test/support/sample-unit.ts';
import { planFeeds } from '../plan/plan-feeds.ts';
import type { SyncOptions } from '../sync/open-run.ts';
import { syncFeed } from '../sync/sync-feed.ts';
import { type ReconcileOptions, reconcileFeed } from './reconcile-feed.ts';

export const NOW = Date.parse('2026-04-05T12:00:00Z');
const ROWS = 50;

export type Run = (
  statement: string,
  values?: readonly unknown[],
) => Promise<readonly Record<string, unknown>[]>;

export type ReconcileWorld = Awaited<ReturnType<typeof openReconcileWorld>>;

type Side = { readonly url: string; readonly table: string; readonly run: Run; close(): Promise<void> };

async function openPgSide(url: string): Promise<Side> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const run: Run = async (text, values = []) =>
    (await client.query(text.replace(/\?/g, toNumbers()), [...values])).rows;
  return { url, table: 'st_river_r', run, close: () => client.end() };
}

function toNumbers(): () => string {
  let at = 0;
  return () => {
    at += 1;
    return `$${at}`;
  };
}

async function openMariadbSide(): Promise<Side> {
  const { url, prefix, run, close } = await openTestMariadb();
  return { url, table: `${prefix}st_river_r`, run, close };
}

export async function openReconcileWorld(
  product: 'postgres' | 'mariadb' = 'postgres',
  change: Partial<UnitType> = {},
  zone = 'Asia/Shanghai',
) {
  const database = await openTestDatabase();
  const side = product === 'postgres' ? await openPgSide(database.url) : await openMariadbSide();
  await side.run(
    `create table ${side.table} (id serial primary key, stcd varchar(8), tm timestamp${product === 'mariadb' ? ' null' : ''}, z decimal(7,3))`.replace(
      'timestamp null',
      'datetime null',
    ),
  );
  const base = readingType();
  const forms = base.forms.map((form) => ({ ...form, object: side.table }));
  const plain = sampleUnit([stationType(), { ...base, forms, backfill: 'P30D', ...change }]);
  const unit: Unit = { ...plain, sources: plain.sources.map((source) => ({ ...source, zone })) };
  const divisions = await openDivisions();
  const mapping =
    zone === 'Asia/Shanghai'
      ? { ...READING_MAPPING, object: side.table }
      : compileMappings(unit, { divisions }).find(({ object }) => object === side.table);
  if (mapping === undefined) throw new Error('the readings are mapped');
  const feed = planFeeds({ ...unit, types: unit.types.slice(1) }, [mapping])[0];
  if (feed === undefined) throw new Error('one feed is planned');
  const clock = { now: NOW };
  const store = await openStore({ url: database.url, clock: () => clock.now, maxConnections: 6 });
  await store.migrate([unit]);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const query: Run = async (text, values = []) => (await client.query(text, [...values])).rows;
  await seedStations(query);
  const calls: string[] = [];
  const source = toCounting(
    await sqlKind.open({
      ...{ unit: 'hydrology', name: 'fork', url: side.url, zone },
      ...{ inFlight: 2, timeoutMs: 5000, pageRows: ROWS },
    }),
    calls,
  );
  const options: SyncOptions = {
    ...{ source, mapping, store: store.sync, clock: () => clock.now, reason: 'manual', holder: 'test' },
    signal: new AbortController().signal,
  };
  return {
    ...{ feed: { ...feed, pageRows: ROWS }, unit, store, query, clock, calls, source, options },
    table: side.table,
    legacy: side.run,
    /** Wall clock of the department: Asia/Shanghai. */
    insert: async (rows: readonly (readonly [string | null, string, number | null])[]) => {
      if (rows.length === 0) return;
      const marks = rows.map(() => '(?, ?, ?)').join(', ');
      await side.run(`insert into ${side.table} (stcd, tm, z) values ${marks}`, rows.flat());
    },
    sync: () => syncFeed({ ...feed, pageRows: ROWS }, options),
    reconcile: (change: Partial<ReconcileOptions> = {}) =>
      reconcileFeed(
        { ...feed, pageRows: ROWS },
        { ...options, reconcile: store.reconcile, types: unit.types, ...change },
      ),
    state: async () =>
      (
        await query(
          "select gap, surplus, gap_basis, reconciled_at from hub.type_state where type = 'RiverReading'",
        )
      )[0],
    /** Everything as it was, but for the stations. */
    reset: async () => {
      clock.now = NOW;
      calls.length = 0;
      await side.run(`delete from ${side.table}`);
      await query(
        'truncate hydrology.river_reading, hydrology.river_reading_history, hub.feed, hub.run, hub.set_aside, hub.reconcile_feed, hub.reconcile_bucket',
      );
    },
    close: async () => {
      await source.close();
      await store.close();
      await client.end();
      await side.close();
      await database.close();
    },
  };
}

async function seedStations(query: Run): Promise<void> {
  await query(
    `insert into hydrology.hydro_station (code, _key, _source, _form, _native, _received_at, _run, _manifest, _hash, _known_from, _version, _division_basis)
     select 'S' || n, 'S' || n, 'fork', 0, '{}', now(), 0, '', '', now(), 1, 'NONE' from generate_series(0, 9) n`,
  );
}

function toCounting(source: Source, calls: string[]): Source {
  return {
    ...source,
    digest: (...request) => {
      calls.push(`digest ${request[1].bucket?.per ?? 'whole'}`);
      return source.digest(...request);
    },
    select: (...request) => {
      calls.push('select');
      return source.select(...request);
    },
    async *scan(...request) {
      calls.push('scan');
      yield* source.scan(...request);
    },
  };
}
