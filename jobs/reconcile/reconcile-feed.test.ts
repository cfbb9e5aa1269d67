import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { hasMariadb } from '../../test/support/mariadb.ts';
import { NOW, openReconcileWorld, type ReconcileWorld } from './reconcile.fixture.ts';

const products = ['postgres', ...((await hasMariadb()) ? ['mariadb'] : [])] as ('postgres' | 'mariadb')[];

/** Three days of four stations, every hour, on the department's wall clock. */
const HOURS = ['2026-04-03', '2026-04-04', '2026-04-05'].flatMap((day) =>
  Array.from({ length: 20 }, (_, hour) => `${day} ${String(hour).padStart(2, '0')}:00:00`),
);
const ROWS = HOURS.flatMap((tm, at) =>
  ['S1', 'S2', 'S3', 'S4'].map((stcd): [string, string, number] => [stcd, tm, at / 10]),
);

describe.each(products)('a comparison with %s', (product) => {
  let world: ReconcileWorld;
  beforeAll(async () => {
    world = await openReconcileWorld(product);
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.insert(ROWS);
    await world.sync();
    world.calls.length = 0;
  });
  afterEach(() => world.reset());
  const run = async (change = {}) => {
    const report = await world.reconcile(change);
    const [type] = report.types;
    return { report, type };
  };

  test('finds both sides equal with one question, and publishes a gap of 0', async () => {
    const { report, type } = await run();
    expect(report).toMatchObject({ state: 'succeeded', pieces: [] });
    expect(type).toMatchObject({ source: 240, stored: 240, missing: 0, surplus: 0, gap: 0 });
    expect(world.calls).toEqual(['digest day']);
    expect(await world.state()).toMatchObject({ gap: '0', surplus: '0', gap_basis: 'RECONCILED' });
  });

  test('finds a row that the store lost, brings it back, and says so', async () => {
    await world.query("delete from hydrology.river_reading where _key = 'S2~2026-04-03T21:00:00.000Z'");
    const { report, type } = await run();
    expect(type).toMatchObject({ missing: 1, repaired: 1, gap: 0, differing: 0, surplus: 0 });
    expect(report.pieces).toMatchObject([
      {
        piece: { from: '2026-04-04 05:00:00', to: '2026-04-04 06:00:00' },
        missingKeys: ['S2~2026-04-03T21:00:00.000Z'],
        source: 4,
      },
    ]);
    expect(await world.query('select count(*)::int as n from hydrology.river_reading')).toEqual([{ n: 240 }]);
    const [last] = await world.query(
      'select task, state, missing, written from hub.run order by id desc limit 1',
    );
    expect(last).toEqual({ task: 'reconcile', state: 'SUCCEEDED', missing: '1', written: '1' });
    // One question by day, one by hour, one page: for the piece that differed.
    expect(world.calls).toEqual(['digest day', 'digest hour', 'scan']);
    expect((await run()).type).toMatchObject({ missing: 0, gap: 0 });
  });

  test('a lost row and one too many in the same hour do not cancel', async () => {
    await world.query("delete from hydrology.river_reading where _key = 'S2~2026-04-03T21:00:00.000Z'");
    await world.legacy(`delete from ${world.table} where stcd = 'S1' and tm = '2026-04-04 05:00:00'`);
    const { report, type } = await run({ dryRun: true });
    expect(type).toMatchObject({ missing: 1, repaired: 0, gap: 1, surplus: 1 });
    expect(report.pieces[0]).toMatchObject({ surplusKeys: ['S1~2026-04-03T21:00:00.000Z'] });
    expect(await world.state()).toMatchObject({ gap: '1', surplus: '1' });
    expect((await run()).type).toMatchObject({ missing: 1, repaired: 1, gap: 0, surplus: 1 });
    // Known by now: not read again, and the surplus is told all the same.
    world.calls.length = 0;
    expect((await run()).type).toMatchObject({ missing: 0, gap: 0, surplus: 1 });
    expect(world.calls).toEqual(['digest day']);
  });

  test('a change behind the hub’s back and rows out of order are brought in', async () => {
    await world.legacy(`update ${world.table} set z = 99 where stcd = 'S3' and tm = '2026-04-03 02:00:00'`);
    await world.insert([['S5', '2026-04-03 07:30:00', 5]]);
    const { type } = await run();
    expect(type).toMatchObject({ missing: 1, differing: 1, repaired: 1, gap: 0 });
    expect(
      await world.query(
        "select stage from hydrology.river_reading where _key in ('S3~2026-04-02T18:00:00.000Z', 'S5~2026-04-02T23:30:00.000Z') order by 1",
      ),
    ).toEqual([{ stage: 5 }, { stage: 99 }]);
  });

  test('what is set aside or waits for its station is no gap', async () => {
    await world.insert([
      [null, '2026-04-04 03:00:00', 1],
      ['S77', '2026-04-04 04:00:00', 1],
    ]);
    expect((await run({ dryRun: true })).type).toMatchObject({ missing: 2, gap: 2 });
    expect((await run()).type).toMatchObject({ missing: 2, repaired: 2, gap: 0 });
    expect(await world.query('select state from hub.set_aside order by 1')).toEqual([
      { state: 'SET_ASIDE' },
      { state: 'WAITING' },
    ]);
    world.calls.length = 0;
    expect((await run()).type).toMatchObject({ missing: 0, aside: 2, gap: 0, surplus: 0 });
    expect(world.calls).toEqual(['digest day']);
  });

  test('a row that is newer than the last sync is not due yet', async () => {
    await world.insert([['S1', '2026-04-05 19:30:00', 1]]);
    expect((await run()).type).toMatchObject({ source: 240, missing: 0, gap: 0 });
    expect(world.calls).toEqual(['digest day']);
  });

  test('a feed that another worker holds is left alone, and a sync finds its mark as it was', async () => {
    const mark = await world.store.sync.readMark(world.feed.key);
    await world.store.sync.acquire(world.feed.key, {
      ...{ now: new Date(NOW).toISOString(), holdMs: 1000, holder: 'other' },
    });
    expect(await run()).toMatchObject({ report: { state: 'busy' } });
    world.clock.now += 2000;
    await run();
    expect(await world.store.sync.readMark(world.feed.key)).toEqual(mark);
  });
});
