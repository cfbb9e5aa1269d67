// Which files are one list: the newest of each county counts, and no county's waits for another's.
import { expect, test } from '@jest/globals';
import { type MemoryFile, openMemoryFolder } from '../../test/support/memory-folder.ts';
import { openMemoryStore } from '../../test/support/memory-store.ts';
import { NOW, stations } from '../../test/support/sample-city.ts';
import { STATION_MAPPING } from '../../test/support/sample-mapping.ts';
import type { Feed } from '../plan/feed.ts';
import { isOutdated, toLists, toListsAt, toScope } from './scope.ts';
import { syncFeed } from './sync-feed.ts';

const FEED: Feed = { ...stations, asks: 'deliveries', scope: ['@county'] };

const toFile = (county: string, day: string, code: string): MemoryFile => ({
  id: `/drop/${county}-${day}.csv`,
  name: `${county}-${day}.csv`,
  receivedAt: `2026-04-${day}T00:00:00Z`,
  captures: { '@county': county },
  rows: [{ stcd: code, stnm: `站${code}` }],
});

test('the newest file of each county is read, and the older ones of the same county are passed over', async () => {
  const files = [toFile('道县', '01', 'A'), toFile('宁远', '02', 'B'), toFile('道县', '03', 'C')];
  const folder = openMemoryFolder(files);
  const store = openMemoryStore();
  const report = await syncFeed(FEED, {
    source: folder,
    mapping: { ...STATION_MAPPING, extends: [] },
    store: store.sync,
    clock: () => NOW,
    signal: new AbortController().signal,
    reason: 'schedule',
    holder: 'test',
  });
  expect(report).toMatchObject({ state: 'succeeded' });
  expect(folder.settled).toEqual([
    { name: '道县-01.csv', state: 'passed' },
    { name: '道县-03.csv', state: 'taken' },
    { name: '宁远-02.csv', state: 'taken' },
  ]);
  expect(store.pages.map(({ scope }) => scope)).toEqual(['道县', '宁远']);
});

test('a feed without a scope has one list, and no page of it names one', () => {
  const files = [toFile('道县', '01', 'A'), toFile('宁远', '02', 'B')];
  expect(toLists({ scope: [] }, files)).toEqual([files]);
  expect(toScope({ scope: [] }, files[0] ?? null)).toEqual({});
  expect(toScope({ scope: ['@county', '@kind'] }, { ...toFile('道县', '01', 'A') })).toEqual({
    scope: '道县/',
  });
});

test('an older list of one county says nothing of another county’s: each is measured by its own newest', () => {
  const mark = { watermark: null, lateAt: null, scan: null };
  const [late, other] = [toFile('道县', '03', 'A'), toFile('宁远', '01', 'B')];
  const taken = { ...mark, ...toListsAt(FEED, mark, late) };
  expect(isOutdated(FEED, taken, toFile('道县', '02', 'C'))).toBe(true);
  expect(isOutdated(FEED, taken, late)).toBe(false);
  expect(isOutdated(FEED, taken, other)).toBe(false);
  const both = toListsAt(FEED, taken, other);
  expect(both.listsAt).toEqual({ 道县: late.receivedAt, 宁远: other.receivedAt });
});
