// The world of the store's tests: a fresh database, a store over it, a clock that is set by hand, and plain SQL to look at
// what the store did.
import pg from 'pg';
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import { openTestDatabase } from '../../test/support/database.ts';
import type { FeedKey, PageCommit, Run, RunCounts } from '../contract.ts';
import { openStore, type StoreOptions } from '../open-store.ts';
import type { OpenedStore } from '../operate/contract.ts';
import { sampleUnit } from './sample-unit.fixture.ts';

const HOLD_MS = 30_000;

export type Sample = {
  readonly url: string;
  readonly store: OpenedStore;
  /** Plain SQL beside the store. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Sets the clock; ISO 8601. */
  at(instant: string): void;
  now(): string;
  open(feed: FeedKey): Promise<Run>;
  commit(run: Run, page: PageCommit): Promise<RunCounts>;
  /** One run of one page, closed as succeeded. */
  sync(feed: FeedKey, page: PageCommit): Promise<RunCounts>;
  /** Every table empty again and the clock where it began; quicker than another database. */
  reset(): Promise<void>;
  close(): Promise<void>;
};

const BEGIN = '2026-04-05T08:00:00Z';

const EMPTY = `DO $$ BEGIN
  EXECUTE (SELECT 'TRUNCATE ' || string_agg(format('%I.%I', schemaname, tablename), ', ')
    FROM pg_tables WHERE schemaname = 'sample' OR tablename IN ('feed', 'run', 'set_aside', 'snapshot_key') AND schemaname = 'hub');
  UPDATE hub.type_state SET version = 0, rows_landed = 0, rows_living = 0, last_attempt_at = NULL, last_complete_at = NULL,
    failing_since = NULL, last_error_code = NULL;
END $$`;

/** `migrate: null` leaves the units to the test. */
export async function openSample(
  unit: Unit | null = sampleUnit(),
  options: Pick<StoreOptions, 'mostBound' | 'onChange' | 'stalledMs'> = {},
): Promise<Sample> {
  const database = await openTestDatabase();
  let time = Date.parse(BEGIN);
  const now = () => new Date(time).toISOString();
  const store = await openStore({ ...options, url: database.url, clock: () => time, maxConnections: 6 });
  if (unit !== null) await store.migrate([unit]);
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  pool.on('error', () => undefined);
  const open = async (feed: FeedKey): Promise<Run> => {
    const lease = await store.sync.acquire(feed, { now: now(), holdMs: HOLD_MS, holder: 'test' });
    if (lease === null) throw new Error(`the feed ${feed.object} is held by another run of this test`);
    return store.sync.openRun(lease, { reason: 'manual', now: now() });
  };
  const commit = (run: Run, page: PageCommit) =>
    store.sync.commitPage(run, page, { now: now(), holdMs: HOLD_MS });
  return {
    url: database.url,
    store,
    query: async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
      (await pool.query<Row>(text, values)).rows,
    at: (instant) => {
      time = Date.parse(instant);
    },
    now,
    open,
    commit,
    sync: async (feed, page) => {
      const run = await open(feed);
      const counts = await commit(run, page);
      await store.sync.closeRun(
        run,
        { state: 'succeeded', mark: page.mark, absence: page.remember },
        { now: now() },
      );
      await store.sync.release(run.lease);
      return counts;
    },
    reset: async () => {
      await pool.query(EMPTY);
      // What the store knows to be there is not: as after a migration, it begins anew.
      if (unit !== null) await store.migrate([unit]);
      time = Date.parse(BEGIN);
    },
    close: async () => {
      await store.close();
      await pool.end();
      await database.close();
    },
  };
}
