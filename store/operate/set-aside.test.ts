// What an operator sees of records that could not land, what a mended mapping and a corrected source do to them, and how
// long they stay.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SourceRecord } from '../../connectors/kit/contract.ts';
import type { FeedKey, PageCommit, SetAside } from '../contract.ts';
import { openStore } from '../open-store.ts';
import { openSample, type Sample } from '../sample/open-sample.fixture.ts';
import { RIVER, STATIONS, samplePage, stationRow } from '../sample/sample-rows.fixture.ts';
import { sampleUnit } from '../sample/sample-unit.fixture.ts';

let sample: Sample;
beforeAll(async () => {
  sample = await openSample();
});
beforeEach(() => sample.reset());
afterAll(() => sample.close());

const bad = (record: SourceRecord, change: Partial<SetAside['fault']> = {}): SetAside => ({
  type: 'Station',
  record,
  fault: { code: 'HUB_MAP_TEXT', field: 'name', column: 'name', raw: null, message: 'damaged', ...change },
});
const keep = (setAside: readonly SetAside[], options: Partial<PageCommit> = {}) =>
  sample.sync(STATIONS, samplePage([], { setAside, ...options }));
const take = (feed: FeedKey = STATIONS) => sample.store.sync.takeWaiting(feed, 10);
const states = () => sample.query('SELECT type, state, code, times FROM hub.set_aside ORDER BY id');

test('records are grouped by reason, and each shows its original, bytes included', async () => {
  await keep([bad({ code: '1', name: new Uint8Array([0xff, 0x41]) }), bad({ code: '2', name: 'x' })]);
  await keep([bad({ code: '3' }, { code: 'HUB_MAP_KEY_EMPTY', field: 'code' })]);
  expect(await sample.store.operate.asideGroups({ unit: 'sample' })).toMatchObject([
    { code: 'HUB_MAP_TEXT', field: 'name', records: 2, state: 'SET_ASIDE', manifest: 'a'.repeat(64) },
    { code: 'HUB_MAP_KEY_EMPTY', field: 'code', records: 1, newest: '2026-04-05T08:00:00Z', goingSoon: 0 },
  ]);
  const entries = await sample.store.operate.asideEntries({ code: 'HUB_MAP_TEXT' }, 10);
  expect(entries).toHaveLength(2);
  const original = await sample.store.operate.asideOriginal(entries.at(-1)?.id ?? '');
  expect(original).toMatchObject({ feed: STATIONS, times: 1, record: { code: '1' } });
  expect(original?.record.name).toEqual(new Uint8Array([0xff, 0x41]));
  expect(await sample.store.operate.asideOriginal('0')).toBeNull();
  expect(await sample.store.operate.asideOriginal('1; drop')).toBeNull();
});

describe('sending them once more', () => {
  test('marks them for the next run of their feed, which is told; one that is still bad is set aside again', async () => {
    const one = bad({ code: '1' });
    await keep([one, bad({ code: '2' })]);
    expect(await take()).toEqual([]);
    const answer = await sample.store.operate.replayAside({ unit: 'sample', type: 'Station' });
    expect(answer).toEqual({ records: 2, left: 0, feeds: [STATIONS] });
    const kept = await take();
    expect(kept.map(({ record }) => record)).toEqual([{ code: '2' }, { code: '1' }]);
    sample.at('2026-04-06T08:00:00Z');
    await sample.sync(
      STATIONS,
      samplePage([stationRow('2')], {
        setAside: [bad({ code: '1' }, { code: 'HUB_MAP_KEY_EMPTY' })],
        replayed: kept.map(({ id }) => id),
        seenAt: '2026-04-05T08:00:00.000Z',
      }),
    );
    expect(await states()).toEqual([
      { type: 'Station', state: 'SET_ASIDE', code: 'HUB_MAP_KEY_EMPTY', times: '1' },
    ]);
    const [entry] = await sample.store.operate.asideEntries({}, 1);
    expect(entry).toMatchObject({ lastSeen: '2026-04-05T08:00:00Z', firstSeen: '2026-04-05T08:00:00Z' });
    expect(await take()).toEqual([]);
  });

  test('chooses by id and by code, and leaves what only the source can mend', async () => {
    await keep([bad({ code: '1' }), bad({ code: '2' }), bad({ '@raw': 'a,b' }, { code: 'HUB_MAP_RECORD' })]);
    const entries = await sample.store.operate.asideEntries({ code: 'HUB_MAP_TEXT' }, 10);
    const ids = [entries[0]?.id ?? ''];
    expect(await sample.store.operate.replayAside({ unit: 'sample', ids })).toMatchObject({ records: 1 });
    expect(await sample.store.operate.replayAside({ unit: 'sample', code: 'HUB_MAP_RECORD' })).toEqual({
      records: 0,
      left: 1,
      feeds: [],
    });
    expect(await take()).toHaveLength(1);
  });
});

describe('a manifest that was changed', () => {
  const mended = { ...sampleUnit(), manifest: 'b'.repeat(64) };

  test('tries what the old one set aside once more, by itself, and only once', async () => {
    await keep([bad({ code: '1' })]);
    const later = await openStore({ url: sample.url, clock: () => Date.parse(sample.now()) });
    await later.migrate([mended]);
    const kept = await later.sync.takeWaiting(STATIONS, 10);
    expect(kept).toMatchObject([{ type: 'Station', record: { code: '1' } }]);
    const lease = await later.sync.acquire(STATIONS, { now: sample.now(), holdMs: 1000, holder: 'b' });
    if (lease === null) throw new Error('the feed is held');
    const run = await later.sync.openRun(lease, { reason: 'schedule', now: sample.now() });
    const page = samplePage([], {
      setAside: [bad({ code: '1' })],
      replayed: kept.map(({ id }) => id),
      seenAt: sample.now(),
    });
    await later.sync.commitPage(run, page, { now: sample.now(), holdMs: 1000 });
    expect(await later.sync.takeWaiting(STATIONS, 10)).toEqual([]);
    await later.close();
  });

  test('that reads the object in another way, or calls the type by another name, takes them along', async () => {
    await keep([bad({ code: '1' }), { ...bad({ code: '2' }), type: 'OldName' }]);
    const types = mended.types.map((type) =>
      type.name === 'Station'
        ? {
            ...type,
            forms: type.forms.map((form) => ({
              ...form,
              sync: { ...form.sync, strategy: 'window' as const },
            })),
          }
        : type,
    );
    const later = await openStore({ url: sample.url });
    await later.migrate([{ ...mended, types }]);
    const kept = await later.sync.takeWaiting({ ...STATIONS, strategy: 'window' }, 10);
    expect(kept.map(({ type, record }) => [type, record.code])).toEqual([
      [null, '2'],
      ['Station', '1'],
    ]);
    await later.close();
  });
});

describe('a record that the source has corrected', () => {
  test('takes the old one out when it lands: they have one native key', async () => {
    await keep([bad({ code: '1', name: 'old' }), bad({ code: '2', name: 'other' })]);
    await sample.sync(STATIONS, samplePage([stationRow('1')]));
    const left = await sample.store.operate.asideEntries({}, 10);
    expect(await Promise.all(left.map(({ id }) => sample.store.operate.asideOriginal(id)))).toMatchObject([
      { record: { code: '2' } },
    ]);
  });

  test('takes out also what no form took', async () => {
    await keep([{ ...bad({ code: '1' }, { code: 'HUB_MAP_NO_FORM' }), type: null }]);
    await sample.sync(STATIONS, samplePage([stationRow('1')]));
    expect(await states()).toEqual([]);
  });

  test('leaves what another feed, or a record without its key, has set aside', async () => {
    await sample.sync(RIVER, samplePage([], { setAside: [{ ...bad({ code: '1' }), type: 'RiverReading' }] }));
    await keep([bad({ name: 'no code' })]);
    await sample.sync(STATIONS, samplePage([stationRow('1')]));
    expect(await states()).toHaveLength(2);
  });

  test('is not taken for settled by an older one that is replayed and lands', async () => {
    await keep([bad({ code: '1', name: 'older' })]);
    const [older] = await sample.query<{ id: string }>('SELECT id FROM hub.set_aside');
    sample.at('2026-04-05T09:00:00Z');
    await keep([bad({ code: '1', name: 'newer' })]);
    await sample.sync(
      STATIONS,
      samplePage([stationRow('1')], { replayed: [older?.id ?? ''], seenAt: '2026-04-05T08:00:00.000Z' }),
    );
    const left = await sample.store.operate.asideEntries({}, 10);
    expect(left).toMatchObject([{ lastSeen: '2026-04-05T09:00:00Z' }]);
  });
});

test('what the source has not given for a year goes, counted at its feed', async () => {
  await keep([bad({ code: '1' })]);
  sample.at('2027-03-20T08:00:00Z');
  await keep([bad({ code: '2' })]);
  expect(await sample.store.operate.asideGroups({})).toMatchObject([{ records: 2, goingSoon: 1 }]);
  sample.at('2027-04-06T08:00:00Z');
  await keep([bad({ code: '3' })]);
  expect((await sample.store.operate.asideEntries({}, 10)).map(({ goesAt }) => goesAt)).toEqual([
    '2028-04-05T08:00:00Z',
    '2028-03-19T08:00:00Z',
  ]);
  expect(await sample.store.operate.asidePurged('sample')).toEqual([
    { feed: STATIONS, records: 1, at: '2027-04-06T08:00:00Z' },
  ]);
});
