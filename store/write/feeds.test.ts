// Who may write a feed, what a page leaves behind when it breaks, how runs end, and what a page costs.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { HubError } from '../../schema/errors.ts';
import { openStore } from '../open-store.ts';
import { openSample, type Sample } from '../sample/open-sample.fixture.ts';
import { RIVER, readingRow, STATIONS, samplePage, stationRow } from '../sample/sample-rows.fixture.ts';
import { sampleUnit } from '../sample/sample-unit.fixture.ts';

let sample: Sample;
beforeEach(async () => {
  sample = await openSample();
});
afterEach(() => sample.close());

const acquire = (holder: string) =>
  sample.store.sync.acquire(STATIONS, { now: sample.now(), holdMs: 30_000, holder });
const countStations = async () =>
  Number((await sample.query('SELECT count(*) FROM sample.station'))[0]?.count);

describe('leases', () => {
  test('a feed that is held is nobody else’s until its time is over', async () => {
    expect(await acquire('first')).not.toBeNull();
    expect(await acquire('second')).toBeNull();
    sample.at('2026-04-05T08:01:00Z');
    expect(await acquire('second')).toMatchObject({ token: '2' });
  });

  test('a feed that was given back is free at once', async () => {
    const lease = await acquire('first');
    if (lease !== null) await sample.store.sync.release(lease);
    expect(await acquire('second')).not.toBeNull();
  });

  test('of two that ask at the same moment one gets the feed', async () => {
    const leases = await Promise.all(['a', 'b', 'c', 'd'].map(acquire));
    expect(leases.filter((lease) => lease !== null)).toHaveLength(1);
  });

  test('a worker that was away cannot write a page, end its run or give back what is another’s', async () => {
    const old = await sample.open(STATIONS);
    sample.at('2026-04-05T08:01:00Z');
    const fresh = await sample.open(STATIONS);
    const lost = expect.objectContaining({ code: 'HUB_SYNC_LEASE_LOST' });
    await expect(sample.commit(old, samplePage([stationRow('1')]))).rejects.toEqual(lost);
    const end = { state: 'succeeded', mark: old.lease.mark, absence: false } as const;
    await expect(sample.store.sync.closeRun(old, end, { now: sample.now() })).rejects.toEqual(lost);
    await sample.store.sync.release(old.lease);
    expect(await countStations()).toBe(0);
    expect(await sample.commit(fresh, samplePage([stationRow('1')]))).toMatchObject({ written: 1 });
  });

  test('each page renews the lease', async () => {
    const run = await sample.open(STATIONS);
    sample.at('2026-04-05T08:00:29Z');
    await sample.commit(run, samplePage([stationRow('1')]));
    sample.at('2026-04-05T08:00:58Z');
    expect(await acquire('second')).toBeNull();
  });
});

describe('a page is all or nothing', () => {
  const leftovers = async () => ({
    stations: await countStations(),
    history: (await sample.query('SELECT FROM sample.station_history')).length,
    kept: (await sample.query('SELECT FROM hub.set_aside')).length,
    mark: (await sample.query('SELECT mark FROM hub.feed'))[0]?.mark,
    read: (await sample.query('SELECT read FROM hub.run'))[0]?.read,
    version: (await sample.query(`SELECT version FROM hub.type_state WHERE type = 'Station'`))[0]?.version,
  });
  const nothing = {
    stations: 0,
    history: 0,
    kept: 0,
    mark: { watermark: null, lateAt: null, scan: null },
    read: '0',
    version: '0',
  };
  const mark = { watermark: '2026-04-05T08:00:00Z', lateAt: null, scan: null };

  test('a page that breaks after its rows were merged leaves nothing', async () => {
    const run = await sample.open(RIVER);
    const page = samplePage([stationRow('1'), readingRow('404', '2026-04-05T00:00:00Z', 1)], {
      mark,
      recordOf: () => {
        throw new Error('broke');
      },
    });
    await expect(sample.commit(run, page)).rejects.toBeInstanceOf(HubError);
    expect(await leftovers()).toEqual(nothing);
  });

  test('a page that the database refuses leaves nothing, and its error holds no value', async () => {
    await sample.query(`ALTER TABLE sample.station ADD CHECK (code <> 'secret-value')`);
    const run = await sample.open(STATIONS);
    const error = await sample
      .commit(run, samplePage([stationRow('1'), stationRow('secret-value')], { mark }))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'HUB_STORE_QUERY' });
    expect(String(error)).toContain('sample.station');
    expect(JSON.stringify(error) + String(error)).not.toContain('secret-value');
    expect(await leftovers()).toEqual(nothing);
    expect(await sample.commit(run, samplePage([stationRow('1')], { mark }))).toMatchObject({ written: 1 });
  });

  test('a connection that is cut in mid-page leaves nothing and the store goes on', async () => {
    const run = await sample.open(STATIONS);
    await sample.query(`CREATE FUNCTION public.cut() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$`);
    await sample.query('CREATE TRIGGER cut BEFORE INSERT ON sample.station EXECUTE FUNCTION public.cut()');
    await expect(sample.commit(run, samplePage([stationRow('1')], { mark }))).rejects.toMatchObject({
      code: 'HUB_STORE_UNREACHABLE',
    });
    await sample.query('DROP TRIGGER cut ON sample.station');
    expect(await leftovers()).toEqual(nothing);
    expect(await sample.commit(run, samplePage([stationRow('1')], { mark }))).toMatchObject({ written: 1 });
  });
});

describe('runs', () => {
  const state = async () =>
    (
      await sample.query(`SELECT last_attempt_at, last_complete_at, failing_since, last_error_code, rows_landed
      FROM hub.type_state WHERE type = 'Station'`)
    )[0];
  const runs = () =>
    sample.query(
      'SELECT state, read, written, unchanged, error_code, error_message FROM hub.run ORDER BY id',
    );

  test('a run that succeeds makes its types complete and keeps its counts and mark', async () => {
    const run = await sample.open(STATIONS);
    await sample.commit(run, samplePage([stationRow('1'), stationRow('2')]));
    await sample.commit(run, samplePage([stationRow('2')]));
    const mark = { watermark: 'w', lateAt: null, scan: null };
    const counts = await sample.store.sync.closeRun(
      run,
      { state: 'succeeded', mark, absence: false },
      { now: sample.now() },
    );
    expect(counts).toMatchObject({ read: 3, written: 2, unchanged: 1 });
    const at = new Date(sample.now());
    expect(await state()).toEqual({
      last_attempt_at: at,
      last_complete_at: at,
      failing_since: null,
      last_error_code: null,
      rows_landed: '2',
    });
    await sample.store.sync.release(run.lease);
    expect((await sample.open(STATIONS)).lease.mark).toEqual(mark);
  });

  test('failing lasts from the first failed run to the next that succeeds', async () => {
    for (const at of ['2026-04-05T08:10:00Z', '2026-04-05T08:20:00Z']) {
      sample.at(at);
      const run = await sample.open(STATIONS);
      const error = new HubError('HUB_SOURCE_UNREACHABLE', 'hydrology/fork does not answer');
      await sample.store.sync.closeRun(run, { state: 'failed', error }, { now: sample.now() });
      await sample.store.sync.release(run.lease);
    }
    expect(await state()).toMatchObject({
      failing_since: new Date('2026-04-05T08:10:00Z'),
      last_error_code: 'HUB_SOURCE_UNREACHABLE',
      last_complete_at: null,
    });
    await sample.sync(STATIONS, samplePage([]));
    expect(await state()).toMatchObject({ failing_since: null, last_error_code: null });
  });

  test('a source that answers again and has nothing ends the failing, and makes nothing younger', async () => {
    await sample.sync(STATIONS, samplePage([stationRow('1')]));
    const loadedAt = new Date(sample.now());
    sample.at('2026-04-05T08:10:00Z');
    const failed = await sample.open(STATIONS);
    const error = new HubError('HUB_SOURCE_UNREACHABLE', 'the folder is not there');
    await sample.store.sync.closeRun(failed, { state: 'failed', error }, { now: sample.now() });
    await sample.store.sync.release(failed.lease);
    sample.at('2026-04-05T08:20:00Z');
    const run = await sample.open(STATIONS);
    expect([failed.lease.failing, run.lease.failing]).toEqual([null, 'HUB_SOURCE_UNREACHABLE']);
    const end = { state: 'succeeded', mark: run.lease.mark, absence: false, idle: true } as const;
    await sample.store.sync.closeRun(run, end, { now: sample.now() });
    expect(await state()).toMatchObject({
      last_attempt_at: new Date(sample.now()),
      last_complete_at: loadedAt,
      failing_since: null,
      last_error_code: null,
    });
  });

  test('an error that is not the hub’s own is not printed: it may hold a citizen’s data', async () => {
    const run = await sample.open(STATIONS);
    const end = { state: 'failed', error: new Error('bad value 431124199001011234') } as const;
    await sample.store.sync.closeRun(run, end, { now: sample.now() });
    const [row] = await runs();
    expect(row).toMatchObject({ state: 'FAILED', error_code: 'HUB_INTERNAL' });
    expect(row?.error_message).not.toContain('4311');
  });

  test('a run that is stopped keeps its scan, and what a dead worker left running is ended by the next', async () => {
    const run = await sample.open(STATIONS);
    const scan = { from: null, late: false, cursor: 'c7', newest: null, run: run.id };
    const mark = { watermark: null, lateAt: null, scan };
    await sample.commit(run, samplePage([stationRow('1')], { mark }));
    const stop = { state: 'stopped', error: new HubError('HUB_SYNC_STOPPED', 'asked to stop') } as const;
    await sample.store.sync.closeRun(run, stop, { now: sample.now() });
    await sample.store.sync.release(run.lease);
    const second = await sample.open(STATIONS);
    expect(second.lease.mark).toEqual(mark);
    sample.at('2026-04-05T09:00:00Z');
    await sample.open(STATIONS);
    expect((await runs()).map((row) => row.state)).toEqual(['STOPPED', 'FAILED', 'RUNNING']);
  });

  test('a unit that was not migrated cannot be written', async () => {
    const feed = { ...STATIONS, unit: 'elsewhere' };
    const lease = await sample.store.sync.acquire(feed, { now: sample.now(), holdMs: 1000, holder: 'test' });
    if (lease === null) throw new Error('the feed is free');
    await expect(sample.store.sync.openRun(lease, { reason: 'manual', now: sample.now() })).rejects.toThrow(
      'call migrate with it first',
    );
  });
});

describe('what a page costs', () => {
  // Statements of the writer's sessions since the last call, as the server counted them.
  const countStatements = async () => {
    await sample.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    const [row] = await sample.query<{ calls: string }>(
      `SELECT coalesce(sum(calls), 0) AS calls FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
       WHERE d.datname = current_database() AND query !~ 'pg_stat_(statements|activity)'`,
    );
    return Number(row?.calls);
  };
  const toReadings = (count: number, offset: number) =>
    Array.from({ length: count }, (_row, index) =>
      readingRow(
        '1',
        new Date(Date.parse('2026-04-01T00:00:00Z') + (index + offset) * 60_000)
          .toISOString()
          .replace('.000Z', 'Z'),
        index,
      ),
    );

  test('a page takes five statements where its links’ targets are known and its rows are few, and eight where 2,000 new ones go straight into the table', async () => {
    await sample.sync(STATIONS, samplePage([stationRow('1')]));
    const run = await sample.open(RIVER);
    await sample.commit(run, samplePage(toReadings(1, 0)));
    const costs: number[] = [];
    for (const [count, offset] of [
      [1, 1],
      [100, 10],
      [2000, 200],
    ] as const) {
      const before = await countStatements();
      await sample.commit(run, samplePage(toReadings(count, offset)));
      costs.push((await countStatements()) - before);
    }
    expect(costs).toEqual([5, 5, 8]);
  });

  test('and three at most inside the server where its rows have a place, none from here', async () => {
    await sample.query(`CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
      DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET pg_stat_statements.track = ''all''', current_database()); END $$`);
    const other = await openStore({ url: sample.url, maxConnections: 3 });
    await other.migrate([sampleUnit()]);
    const lease = await other.sync.acquire(STATIONS, { now: sample.now(), holdMs: 30_000, holder: 'other' });
    if (lease === null) throw new Error('the feed is free');
    const run = await other.sync.openRun(lease, { reason: 'manual', now: sample.now() });
    const countInside = async () => {
      const [row] = await sample.query<{ inside: string; top: string }>(
        `SELECT coalesce(sum(calls) FILTER (WHERE NOT toplevel), 0) AS inside, coalesce(sum(calls) FILTER (WHERE toplevel), 0) AS top
         FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
         WHERE d.datname = current_database() AND query !~ 'pg_stat_(statements|activity)'`,
      );
      return { inside: Number(row?.inside), top: Number(row?.top) };
    };
    const costs: unknown[] = [];
    for (const [name, count] of [
      ['x', 1],
      ['y', 1],
      ['y', 500],
    ] as const) {
      const before = await countInside();
      const rows = Array.from({ length: count }, (_row, index) => stationRow(`${name}${index}`));
      await other.sync.commitPage(run, samplePage(rows), { now: sample.now(), holdMs: 30_000 });
      const after = await countInside();
      costs.push([after.top - before.top, after.inside - before.inside]);
    }
    await other.sync.release(run.lease);
    await other.close();
    // The last one is staged, in a table that its session makes for it.
    expect(costs).toEqual([
      [5, 3],
      [5, 3],
      [7, 3],
    ]);
  });

  test('and at most eleven with records kept, records settled and keys remembered', async () => {
    const bad = { code: 'HUB_MAP_TEXT' as const, field: 'name', column: 'stnm', raw: null, message: 'bad' };
    const aside = (n: number) => ({ type: 'RiverReading', fault: bad, record: { n } });
    await sample.sync(STATIONS, samplePage([stationRow('1')], { setAside: [aside(1)] }));
    const run = await sample.open(STATIONS);
    await sample.commit(run, samplePage([stationRow('2')], { setAside: [aside(2)], remember: true }));
    const before = await countStatements();
    const rows = Array.from({ length: 500 }, (_row, index) => stationRow(`3${index}`));
    await sample.commit(run, samplePage(rows, { setAside: [aside(3)], remember: true }));
    expect((await countStatements()) - before).toBeLessThanOrEqual(11);
  });
});
