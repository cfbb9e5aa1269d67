// A run and those around it: other workers, the signal to stop, failures, and what it tells about its progress.
import { describe, expect, test } from '@jest/globals';
import { HubError } from '../../schema/errors.ts';
import { openMemorySource } from '../../test/support/memory-source.ts';
import { MINUTE, NOW, openCity, readings, stations, tableOf } from '../../test/support/sample-city.ts';
import type { Progress } from './progress.ts';

describe('a run', () => {
  test('that another worker has taken does nothing and says so', async () => {
    const city = openCity();
    await city.store.sync.acquire(stations.key, {
      now: new Date(NOW).toISOString(),
      holdMs: 1000,
      holder: 'other',
    });
    expect(await city.run(stations)).toMatchObject({ state: 'busy', run: null, counts: null });
    expect(city.source.asked).toEqual([]);
  });

  test('that lost its lease in the middle writes nothing more', async () => {
    const city = openCity();
    let written = Number.NaN;
    city.source.beforePage = async (page) => {
      if (page !== 3) return;
      city.now += stations.holdMs + 1000;
      await city.store.sync.acquire(stations.key, {
        now: new Date(city.now).toISOString(),
        holdMs: 1,
        holder: 'other',
      });
      written = city.store.pages.length;
    };
    await expect(city.run(stations)).rejects.toMatchObject({
      code: 'HUB_SYNC_LEASE_LOST',
      recovery: 'retry',
    });
    expect(city.store.pages).toHaveLength(written);
  });

  test('that is asked to stop finishes its page, ends as stopped, and is resumed', async () => {
    const city = openCity();
    const stop = new AbortController();
    city.store.afterCommit = () => stop.abort();
    const report = await city.run(stations, { signal: stop.signal });
    expect(report).toMatchObject({ state: 'stopped', counts: { read: 3, written: 3 } });
    expect(city.store.runs[0]).toMatchObject({ state: 'stopped', error: { code: 'HUB_SYNC_STOPPED' } });
    city.store.afterCommit = () => undefined;
    expect(await city.run(stations)).toMatchObject({ state: 'succeeded', counts: { read: 4, written: 4 } });
  });

  test('frees its feed when it fails', async () => {
    const city = openCity();
    city.source.beforePage = () => {
      throw new HubError('HUB_SOURCE_REFUSED', 'wrong password');
    };
    await expect(city.run(stations)).rejects.toMatchObject({ code: 'HUB_SOURCE_REFUSED' });
    city.source.beforePage = () => undefined;
    expect(await city.run(stations)).toMatchObject({ state: 'succeeded' });
  });

  test('of a feed that is not supported is refused with the reason', async () => {
    const city = openCity();
    await expect(
      city.run({ ...stations, unsupported: 'strategy push is not supported yet' }),
    ).rejects.toMatchObject({
      code: 'HUB_SOURCE_UNSUPPORTED',
      message: expect.stringContaining('strategy push is not supported yet'),
    });
  });

  test('tells how far it is: by time for a window, by count for a list', async () => {
    const city = openCity({ count: 1, hours: 2 });
    const told: Progress[] = [];
    const onProgress = (progress: Progress) => {
      told.push(progress);
      city.now += 1000;
    };
    const shape = { ...tableOf(city, 'st_stbprp_b').shape, rows: 4 };
    const list = { shape, rows: [1, 2, 3, 4].map((n) => ({ stcd: `S${n}`, stnm: null })) };
    const source = openMemorySource([list, tableOf(city, 'st_rvfcch_b')]);
    await city.run(stations, { source, onProgress });
    expect(told.map(({ read, position }) => [read, position])).toEqual([
      [3, 0.75],
      [4, 1],
    ]);
    told.length = 0;
    city.now = NOW;
    await city.run({ ...readings, backfillMs: 120 * MINUTE }, { onProgress });
    const positions = told.map(({ position }) => position ?? -1);
    expect(positions).toEqual(positions.toSorted((left, right) => left - right));
    expect(positions.at(-1)).toBe(1);
    expect(told[1]).toMatchObject({ unit: 'hydrology', feed: readings.name, read: 6 });
    expect(told[1]?.estimatedEndMs).toBeGreaterThan(NOW);
  });
});
