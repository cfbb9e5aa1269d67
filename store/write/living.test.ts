// hub.type_state says how many rows live without counting them: whatever pages, forms, deletions and snapshots do, the
// number is that of the table.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FeedKey } from '../contract.ts';
import { HUB_STEPS } from '../migrate/hub-steps.ts';
import { openSample, type Sample } from '../sample/open-sample.fixture.ts';
import {
  deletedRow,
  RIVER,
  readingRow,
  STATIONS,
  samplePage,
  sampleRow,
  stationRow,
} from '../sample/sample-rows.fixture.ts';

let sample: Sample;
beforeAll(async () => {
  sample = await openSample();
});
beforeEach(() => sample.reset());
afterAll(() => sample.close());

const DEVICES = { ...STATIONS, object: 'device' };
const NOTICES = { ...STATIONS, object: 'notice', strategy: 'push' as const };

const FEEDS: { readonly [feed: string]: FeedKey } = { river: RIVER, device: DEVICES, notice: NOTICES };

const expectExact = async () => {
  const states = await sample.query<{ type: string; living: string }>(
    'SELECT type, rows_living AS living FROM hub.type_state WHERE unit = \'sample\' ORDER BY type COLLATE "C"',
  );
  const counted = await sample.query(
    `SELECT 'Alarm' AS type, count(*) AS living FROM sample.alarm WHERE _gone_at IS NULL
     UNION ALL SELECT 'Area', count(*) FROM sample.area WHERE _gone_at IS NULL
     UNION ALL SELECT 'Device', count(*) FROM sample.device WHERE _gone_at IS NULL
     UNION ALL SELECT 'RiverReading', count(*) FROM sample.river_reading WHERE _gone_at IS NULL
     UNION ALL SELECT 'Station', count(*) FROM sample.station WHERE _gone_at IS NULL`,
  );
  expect(states).toEqual(counted);
  return Object.fromEntries(states.map(({ type, living }) => [type, Number(living)]));
};

const some = fc.record({ key: fc.integer({ min: 1, max: 5 }), value: fc.nat(2), gone: fc.boolean() });
const page = fc.record({
  feed: fc.constantFrom('stations', 'river', 'device', 'notice', 'absence'),
  rows: fc.array(some, { maxLength: 6 }),
});

const toRow = (feed: string, { key, value, gone }: { key: number; value: number; gone: boolean }) => {
  const [code, values] = [String(key), { code: String(key) }];
  const row =
    feed === 'device'
      ? sampleRow('Device', code, { values: { ...values, name: `名${value}` }, native: values })
      : feed === 'notice'
        ? sampleRow('Device', code, { form: 1, values: { ...values, status: `S${value}` }, native: values })
        : feed === 'river'
          ? readingRow(code, `2026-04-0${value + 1}T00:00:00Z`, value)
          : stationRow(code, { warnLevel: value });
  return gone && feed !== 'absence' ? deletedRow(row) : row;
};

test('whatever is written, the number of living rows is that of the table', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(page, { minLength: 1, maxLength: 8 }), async (pages) => {
      await sample.reset();
      for (const { feed, rows } of pages) {
        const made = samplePage(
          rows.map((one) => toRow(feed, one)),
          { remember: feed === 'absence' },
        );
        const key = FEEDS[feed] ?? STATIONS;
        if (feed !== 'absence') {
          await sample.sync(key, made);
          continue;
        }
        const run = await sample.open(key);
        await sample.commit(run, made);
        const end = { state: 'succeeded' as const, mark: run.lease.mark, absence: true };
        // The brake may stop it: then nothing is deleted, and nothing may be counted as deleted.
        await sample.store.sync.closeRun(run, end, { now: sample.now() }).catch(() => undefined);
        await sample.store.sync.release(run.lease);
      }
      await expectExact();
    }),
    { numRuns: 40 },
  );
});

test('a row that goes, is said to be gone again, and comes back is one fewer, the same, and one more', async () => {
  await sample.sync(STATIONS, samplePage([stationRow('1'), stationRow('2')]));
  expect(await expectExact()).toMatchObject({ Station: 2 });
  await sample.sync(STATIONS, samplePage([deletedRow(stationRow('1')), deletedRow(stationRow('3'))]));
  expect(await expectExact()).toMatchObject({ Station: 1 });
  await sample.sync(STATIONS, samplePage([deletedRow(stationRow('1', { warnLevel: 1 }))]));
  expect(await expectExact()).toMatchObject({ Station: 1 });
  await sample.sync(STATIONS, samplePage([stationRow('1')]));
  expect(await expectExact()).toMatchObject({ Station: 2 });
});

test('a store of before the number was kept is counted once, by the step that keeps it', async () => {
  await sample.sync(STATIONS, samplePage([stationRow('1'), stationRow('2'), deletedRow(stationRow('3'))]));
  await sample.sync(RIVER, samplePage([readingRow('1', '2026-04-05T00:00:00Z', 97)]));
  await sample.query('ALTER TABLE hub.type_state DROP COLUMN rows_living');
  await sample.query(HUB_STEPS[2] ?? '');
  expect(await expectExact()).toMatchObject({ Station: 2, RiverReading: 1, Device: 0 });
});
