// Never more feeds of one source at once than its department allows, however many processes ask.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { FeedKey, Lease, Store } from '../contract.ts';
import { openStore } from '../open-store.ts';
import { openSample, type Sample } from '../sample/open-sample.fixture.ts';

let sample: Sample;
let other: Store;
beforeAll(async () => {
  sample = await openSample();
  other = await openStore({ url: sample.url });
});
beforeEach(() => sample.reset());
afterAll(async () => {
  await other.close();
  await sample.close();
});

const feedOf = (object: string, source = 'fork'): FeedKey => ({
  unit: 'sample',
  source,
  object,
  strategy: 'snapshot',
});
const acquire = (store: Store, feed: FeedKey, change: object = {}) =>
  store.sync.acquire(feed, { now: sample.now(), holdMs: 30_000, holder: 'test', most: 2, ...change });

test('of ten feeds that two processes take at once, two are held', async () => {
  const asked = Array.from({ length: 10 }, (_, at) =>
    acquire(at % 2 === 0 ? sample.store : other, feedOf(`table${at}`)),
  );
  const leases = (await Promise.all(asked)).filter((lease): lease is Lease => lease !== null);
  expect(leases).toHaveLength(2);
  expect(await acquire(other, feedOf('table99'))).toBeNull();
  expect(await acquire(other, feedOf('table99', 'telemetry'))).not.toBeNull();
  if (leases[0] !== undefined) await sample.store.sync.release(leases[0]);
  expect(await acquire(other, feedOf('table99'))).not.toBeNull();
});

test('a place whose time is over, or whose holder is dead, is free', async () => {
  await acquire(sample.store, feedOf('a'), { holder: 'dead' });
  await acquire(sample.store, feedOf('b'), { holdMs: 1000 });
  expect(await acquire(other, feedOf('c'))).toBeNull();
  expect(await acquire(other, feedOf('c'), { isGone: (holder: string) => holder === 'dead' })).not.toBeNull();
  sample.at('2026-04-05T08:00:02Z');
  expect(await acquire(other, feedOf('d'), { most: 3 })).not.toBeNull();
});

test('a feed that is taken over itself needs no place beside its own', async () => {
  await acquire(sample.store, feedOf('a'), { holder: 'dead' });
  await acquire(sample.store, feedOf('b'));
  expect(await acquire(other, feedOf('a'), { isGone: (holder: string) => holder === 'dead' })).toMatchObject({
    token: '2',
  });
});
