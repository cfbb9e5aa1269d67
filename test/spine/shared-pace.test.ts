// Two workers' worth of sources on one service and one store: together they ask no faster than one of them may.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openSource, toSettings } from '../../connectors/kinds/http/service.fixture.ts';
import { openService, type Service } from '../../connectors/kit/web/service.fixture.ts';
import type { Store } from '../../store/contract.ts';
import { openStore } from '../../store/open-store.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let stores: Store[];
let service: Service;
beforeAll(async () => {
  database = await openTestDatabase();
  const open = () => openStore({ url: database.url, maxConnections: 4 });
  stores = [await open(), await open()];
  service = await openService(() => ({ body: [{ id: '1' }] }));
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await service.close();
  await database.close();
});

test('sixteen calls of two processes take as long as sixteen of one', async () => {
  const rate = { calls: 8, perMs: 1000 };
  const sources = await Promise.all(
    stores.map((store) =>
      openSource(
        toSettings(
          service.url,
          {},
          {},
          {
            ...{ rate, inFlight: 8, timeoutMs: 30_000 },
            bookCall: (pace) => store.sync.bookCall('test', 'api', pace),
          },
        ),
      ),
    ),
  );
  const began = performance.now();
  const calls = sources.flatMap((source) =>
    Array.from({ length: 8 }, () => source.select('list', { columns: ['id'], limit: 10 })),
  );
  await Promise.all(calls);
  // Two at once, the others a seventh of the second apart: with two paces it would be half of that.
  expect(performance.now() - began).toBeGreaterThanOrEqual(14 * (1000 / 7) * 0.98);
  expect(service.asked).toHaveLength(16);
  await Promise.all(sources.map((source) => source.close()));
});

test('a call whose turn does not come in its time is refused and books nothing', async () => {
  const pace = { burst: 1, everyMs: 60_000, patienceMs: 1000 };
  const [one, other] = stores;
  expect(await one?.sync.bookCall('test', 'slow', pace)).toBe(0);
  for (let call = 0; call < 3; call++) expect(await other?.sync.bookCall('test', 'slow', pace)).toBeNull();
  const waited = await other?.sync.bookCall('test', 'slow', { ...pace, patienceMs: 60_000 });
  expect(waited).toBeGreaterThan(1000);
  expect(waited).toBeLessThanOrEqual(60_000);
  expect(await other?.sync.bookCall('test', 'other', pace)).toBe(0);
});
