// What must not count as a loss, and what cannot be counted: purged rows, clocks of two zones, lists without a time, sources
// that give no digests.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Source } from '../../connectors/kit/contract.ts';
import { openMemorySource, toTable } from '../../test/support/memory-source.ts';
import { STATION_MAPPING } from '../../test/support/sample-mapping.ts';
import { planFeeds } from '../plan/plan-feeds.ts';
import { syncFeed } from '../sync/sync-feed.ts';
import { NOW, openReconcileWorld, type ReconcileWorld } from './reconcile.fixture.ts';
import { reconcileFeed } from './reconcile-feed.ts';

const DAYS = ['2026-04-02', '2026-04-03', '2026-04-04', '2026-04-05'];

describe('a source that purges what is older than two days', () => {
  let world: ReconcileWorld;
  beforeAll(async () => {
    world = await openReconcileWorld('postgres', { retains: 'P2D' });
  });
  afterAll(() => world.close());

  test('has lost nothing by it, and what it no longer has is not too much', async () => {
    await world.insert(DAYS.map((day) => ['S1', `${day} 18:00:00`, 1]));
    await world.sync();
    await world.legacy("delete from st_river_r where tm < '2026-04-03 12:00:00'");
    const { types } = await world.reconcile();
    expect(types[0]).toMatchObject({ source: 2, stored: 2, missing: 0, surplus: 0, gap: 0 });
    expect(world.calls.filter((call) => call === 'scan')).toHaveLength(1);
  });
});

describe('a source whose clock shows UTC', () => {
  let world: ReconcileWorld;
  beforeAll(async () => {
    world = await openReconcileWorld('postgres', {}, 'UTC');
  });
  afterAll(() => world.close());

  test('is cut at its own midnight', async () => {
    await world.insert(
      DAYS.slice(0, 3).flatMap((day) =>
        ['00:00:00', '15:59:59', '16:00:00', '23:59:59'].map((time) => ['S1', `${day} ${time}`, 1] as const),
      ),
    );
    await world.sync();
    await world.query("delete from hydrology.river_reading where _observed_at = '2026-04-03T16:00:00Z'");
    world.calls.length = 0;
    const { types, pieces } = await world.reconcile();
    expect(types[0]).toMatchObject({ source: 12, missing: 1, repaired: 1, surplus: 0, gap: 0 });
    expect(pieces.map(({ piece }) => piece)).toEqual([
      { from: '2026-04-03 16:00:00', to: '2026-04-03 17:00:00' },
    ]);
  });
});

describe('without digests', () => {
  let world: ReconcileWorld;
  beforeAll(async () => {
    world = await openReconcileWorld();
  });
  afterAll(() => world.close());
  afterEach(() => world.reset());

  test('the late window is read again record by record, and counts as the late re-read', async () => {
    await world.insert(DAYS.map((day) => ['S1', `${day} 18:00:00`, 1]));
    const source: Source = {
      ...world.source,
      capabilities: { ...world.source.capabilities, digests: false },
    };
    await syncFeed(world.feed, { ...world.options, source });
    await world.query("delete from hydrology.river_reading where _observed_at = '2026-04-03T10:00:00Z'");
    world.clock.now = NOW + 3_600_000;
    world.calls.length = 0;
    const report = await world.reconcile({ source });
    expect(report.types[0]).toMatchObject({ source: null, missing: 1, repaired: 1, gap: 0 });
    expect(world.calls).toEqual(['scan']);
    expect(await world.store.sync.readMark(world.feed.key)).toMatchObject({
      lateAt: new Date(world.clock.now).toISOString(),
    });
    expect(await world.state()).toMatchObject({ gap: '0', gap_basis: 'RECONCILED' });
  });

  test('a whole list is one piece, and a half-read snapshot goes on as if nothing had been', async () => {
    const station = toTable('st_stbprp_b', ['stcd', 'stnm'], ['stcd']);
    const level = toTable('st_rvfcch_b', ['stcd', 'wrz:decimal'], ['stcd']);
    for (const stcd of ['S0', 'S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8', 'S9'])
      station.rows.push({ stcd, stnm: stcd });
    const source = openMemorySource([station, level]);
    const [feed] = planFeeds({ ...world.unit, types: world.unit.types.slice(0, 1) }, [STATION_MAPPING]);
    if (feed === undefined) throw new Error('the stations are a feed');
    const shared = { ...world.options, source, mapping: STATION_MAPPING };
    await syncFeed(feed, shared);
    const stop = new AbortController();
    await syncFeed(feed, { ...shared, signal: stop.signal, onProgress: () => stop.abort() });
    await world.query("delete from hydrology.hydro_station where _key = 'S8'");
    const report = await reconcileFeed(feed, {
      ...shared,
      reconcile: world.store.reconcile,
      types: world.unit.types,
    });
    expect(report).toMatchObject({
      from: null,
      pieces: [{ piece: null, missingKeys: ['S8'], surplus: 0, gap: 0 }],
    });
    // Resumed behind its first page: what that page saw is not absent.
    expect((await syncFeed(feed, shared)).counts).toMatchObject({ read: 7, deleted: 0 });
  });

  test('a type whose rows several forms fill in part is unknown, never 0', async () => {
    const types = world.unit.types.map((type) => ({ ...type, merge: 'fields' as const }));
    await world.insert([['S1', '2026-04-05 18:00:00', 1]]);
    await world.sync();
    const report = await world.reconcile({ types });
    expect(report.types[0]).toMatchObject({ gap: null, reason: 'several forms fill its rows in part' });
    expect(await world.state()).toMatchObject({ gap: null, gap_basis: 'UNKNOWN' });
  });
});
