// While a page is written the next one is read, and never more than that: whatever happens to the one that was read ahead,
// what stood before it is written, and the marks say so.
import { describe, expect, test } from '@jest/globals';
import { HubError } from '../../schema/errors.ts';
import { openCity, stations } from '../../test/support/sample-city.ts';

describe('reading ahead', () => {
  test('is of one page: the third is not asked for before the first is written', async () => {
    const city = openCity();
    const writtenAt: number[] = [];
    city.source.beforePage = () => {
      writtenAt.push(city.store.pages.length);
    };
    await city.run(stations);
    expect(writtenAt).toHaveLength(3);
    writtenAt.forEach((written, page) => {
      expect(written).toBeGreaterThanOrEqual(page - 1);
    });
  });

  test('begins before the page in hand is written', async () => {
    const city = openCity();
    const asked: number[] = [];
    city.store.beforeCommit = () => {
      asked.push(city.source.asked.length);
    };
    await city.run(stations);
    expect(asked).toEqual([2, 3, 3]);
  });

  test('that fails leaves what was read before it written, and the next run goes on behind that', async () => {
    const city = openCity();
    city.source.beforePage = (page) => {
      if (page === 2) throw new HubError('HUB_SOURCE_REFUSED', 'wrong password');
    };
    await expect(city.run(stations)).rejects.toMatchObject({ code: 'HUB_SOURCE_REFUSED' });
    expect(city.store.pages).toHaveLength(1);
    city.source.beforePage = () => undefined;
    expect(await city.run(stations)).toMatchObject({ state: 'succeeded', counts: { read: 4 } });
  });

  test('is thrown away when the page in hand cannot be written', async () => {
    const city = openCity();
    city.store.beforeCommit = (commit) => {
      if (commit === 2) throw new HubError('HUB_STORE_UNREACHABLE', 'the store is away');
    };
    await expect(city.run(stations)).rejects.toMatchObject({ code: 'HUB_STORE_UNREACHABLE' });
    expect(city.store.pages).toHaveLength(1);
    city.store.beforeCommit = () => undefined;
    expect(await city.run(stations)).toMatchObject({ state: 'succeeded', counts: { read: 4 } });
  });
});
