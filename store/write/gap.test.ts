// What a run knows of its own completeness: a source that counts what it gives leaves no gap, a type is sure of itself while all
// its feeds are.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { FeedKey } from '../contract.ts';
import { openSample, type Sample } from '../sample/open-sample.fixture.ts';
import { REPORT, RIVER, STATIONS, samplePage, stationRow } from '../sample/sample-rows.fixture.ts';

let sample: Sample;
beforeAll(async () => {
  sample = await openSample();
});
beforeEach(async () => {
  await sample.reset();
  await sample.query('TRUNCATE hub.reconcile_feed');
  await sample.query(
    'UPDATE hub.type_state SET gap = null, surplus = null, gap_basis = null, reconciled_at = null',
  );
});
afterAll(() => sample.close());

const stateOf = async (type: string) =>
  (
    await sample.query('SELECT gap, surplus, gap_basis, reconciled_at FROM hub.type_state WHERE type = $1', [
      type,
    ])
  )[0];
async function runFeed(feed: FeedKey, end: { readonly counted?: true; readonly stopped?: string[] }) {
  const run = await sample.open(feed);
  const page =
    feed === STATIONS ? samplePage([stationRow('1')], { remember: true }) : samplePage([], { read: 0 });
  await sample.commit(run, page);
  const delivery = feed === STATIONS ? {} : { delivery: 'report.csv' };
  const { mark } = run.lease;
  const whole = {
    state: 'succeeded' as const,
    mark,
    absence: feed === STATIONS,
    ...delivery,
    ...end,
  };
  await sample.store.sync.closeRun(run, whole, { now: sample.now() });
  await sample.store.sync.release(run.lease);
}
const UNKNOWN = { gap: null, surplus: null, gap_basis: null, reconciled_at: null };
const AT = new Date('2026-04-05T08:00:00Z');

test('a whole list whose source counts it has no gap, as of when it was read', async () => {
  await runFeed(STATIONS, { counted: true });
  expect(await stateOf('Station')).toEqual({
    gap: '0',
    surplus: '0',
    gap_basis: 'MANIFEST_COUNT',
    reconciled_at: AT,
  });
});

test('a list that nobody counted proves nothing, and takes back no earlier proof', async () => {
  await runFeed(STATIONS, {});
  expect(await stateOf('Station')).toEqual(UNKNOWN);
  await runFeed(STATIONS, { counted: true });
  sample.at('2026-04-05T09:00:00Z');
  await runFeed(STATIONS, {});
  expect(await stateOf('Station')).toMatchObject({ gap: '0', reconciled_at: AT });
});

test('a type that took no part in the run is not proved by it', async () => {
  await runFeed(STATIONS, { counted: true, stopped: ['Station'] });
  expect(await stateOf('Station')).toEqual(UNKNOWN);
});

test('a list that gave one row twice may have left another out, though its number is right', async () => {
  const run = await sample.open(STATIONS);
  for (const codes of [
    ['1', '2'],
    ['2', '3'],
  ])
    await sample.commit(
      run,
      samplePage(
        codes.map((code) => stationRow(code)),
        { remember: true },
      ),
    );
  const whole = { state: 'succeeded', mark: run.lease.mark, absence: true, counted: true } as const;
  await sample.store.sync.closeRun(run, whole, { now: sample.now() });
  expect(await stateOf('Station')).toEqual(UNKNOWN);
});

test('a type of two feeds is unknown until both are known, and then as sure as the weaker', async () => {
  await runFeed(REPORT, { counted: true });
  expect(await stateOf('RiverReading')).toMatchObject({ gap: null, gap_basis: 'UNKNOWN' });
  await sample.query(
    `INSERT INTO hub.reconcile_feed (unit, source, object, strategy, type, gap, surplus, basis, reconciled_at)
     VALUES ('sample', $1, $2, $3, 'RiverReading', 2, 1, 'RECONCILED', '2026-04-05T07:00:00Z')`,
    [RIVER.source, RIVER.object, RIVER.strategy],
  );
  await runFeed(REPORT, { counted: true });
  expect(await stateOf('RiverReading')).toEqual({
    gap: '2',
    surplus: null,
    gap_basis: 'MANIFEST_COUNT',
    reconciled_at: new Date('2026-04-05T07:00:00Z'),
  });
});
