// What a whole snapshot no longer has: tombstones, with a brake for answers that were cut short.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { FeedMark, Run } from '../contract.ts';
import { openSample, type Sample } from '../sample/open-sample.fixture.ts';
import { STATIONS, samplePage, stationRow } from '../sample/sample-rows.fixture.ts';
import { STATION, sampleForm, sampleUnit } from '../sample/sample-unit.fixture.ts';

let sample: Sample;
beforeAll(async () => {
  sample = await openSample();
});
beforeEach(() => sample.reset());
afterAll(() => sample.close());

const whole = (codes: readonly string[]) =>
  samplePage(
    codes.map((code) => stationRow(code)),
    { remember: true },
  );
const living = async () =>
  (
    await sample.query<{ _key: string }>('SELECT _key FROM sample.station WHERE _gone_at IS NULL ORDER BY 1')
  ).map((row) => row._key);
const close = (run: Run, mark: FeedMark = run.lease.mark) =>
  sample.store.sync.closeRun(run, { state: 'succeeded', mark, absence: true }, { now: sample.now() });

test('what a snapshot no longer has becomes a tombstone with its history', async () => {
  await sample.sync(STATIONS, whole(['1', '2', '3', '4', '5']));
  sample.at('2026-04-05T09:00:00Z');
  const run = await sample.open(STATIONS);
  await sample.commit(run, whole(['1', '2', '3', '4']));
  expect(await close(run)).toMatchObject({ deleted: 1, unchanged: 4 });
  expect(await living()).toEqual(['1', '2', '3', '4']);
  expect(await sample.query(`SELECT _key, _gone_at, _known_to FROM sample.station_history`)).toEqual([
    { _key: '5', _gone_at: null, _known_to: new Date('2026-04-05T09:00:00Z') },
  ]);
  expect(await sample.query('SELECT * FROM hub.snapshot_key')).toEqual([]);
});

test('an answer that lacks more than the manifest allows deletes nothing, and the run has failed', async () => {
  await sample.sync(STATIONS, whole(['1', '2', '3', '4', '5']));
  const run = await sample.open(STATIONS);
  await sample.commit(run, whole(['1', '2']));
  await expect(close(run)).rejects.toMatchObject({
    code: 'HUB_SYNC_DELETE_BRAKE',
    message: expect.stringContaining('3 of 5 rows of Station'),
  });
  expect(await living()).toEqual(['1', '2', '3', '4', '5']);
  const [last] = await sample.query('SELECT state, error_code FROM hub.run ORDER BY id DESC LIMIT 1');
  expect(last).toEqual({ state: 'FAILED', error_code: 'HUB_SYNC_DELETE_BRAKE' });
  const [state] = await sample.query(`SELECT last_error_code FROM hub.type_state WHERE type = 'Station'`);
  expect(state).toEqual({ last_error_code: 'HUB_SYNC_DELETE_BRAKE' });
});

test('of a table so small that a row is more than the share one may go, but never the last', async () => {
  await sample.sync(STATIONS, whole(['1', '2']));
  const first = await sample.open(STATIONS);
  await sample.commit(first, whole(['1']));
  expect(await close(first)).toMatchObject({ deleted: 1 });
  await sample.store.sync.release(first.lease);
  const last = await sample.open(STATIONS);
  await sample.commit(last, whole([]));
  await expect(close(last)).rejects.toMatchObject({ code: 'HUB_SYNC_DELETE_BRAKE' });
});

test('what a person lets go goes with the next run, as many as were shown and only once', async () => {
  const brake = async (codes: readonly string[], delivery?: string) => {
    const run = await sample.open(STATIONS);
    await sample.commit(run, whole(codes));
    const end = { state: 'succeeded', mark: run.lease.mark, absence: true } as const;
    const closed = sample.store.sync.closeRun(run, delivery === undefined ? end : { ...end, delivery }, {
      now: sample.now(),
    });
    const answer = await closed.catch((error: unknown) => error);
    await sample.store.sync.release(run.lease);
    return { answer, lease: run.lease };
  };
  await sample.sync(STATIONS, whole(['1', '2', '3', '4', '5']));
  await brake(['1', '2'], 'list.csv');
  expect(await sample.store.operate.braked('sample')).toEqual([
    {
      feed: STATIONS,
      scope: null,
      at: sample.now(),
      types: [{ type: 'Station', live: 5, missing: 3, keys: ['3', '4', '5'] }],
      accepted: false,
    },
  ]);
  expect(
    await sample.store.operate.acceptDeletes({ feed: { ...STATIONS, object: 'other' }, scope: null }),
  ).toBe(false);
  expect(await sample.store.operate.acceptDeletes({ feed: STATIONS, scope: null })).toBe(true);
  // More than was shown: another answer, and another decision.
  expect((await brake(['1'])).answer).toMatchObject({ code: 'HUB_SYNC_DELETE_BRAKE' });
  expect((await brake(['1', '2'], 'list.csv')).lease.braked).toEqual([]);
  await sample.store.operate.acceptDeletes({ feed: STATIONS, scope: null });
  const { answer, lease } = await brake(['1', '2']);
  expect(answer).toMatchObject({ deleted: 3 });
  expect(lease.braked).toEqual([]);
  expect(await sample.store.operate.braked()).toEqual([]);
});

test('after the brake the next run begins a new list and may succeed', async () => {
  await sample.sync(STATIONS, whole(['1', '2', '3']));
  const run = await sample.open(STATIONS);
  const scan = { from: null, late: false, cursor: 'end', newest: null, run: run.id };
  await sample.commit(run, { ...whole([]), mark: { watermark: null, lateAt: null, scan } });
  await expect(close(run)).rejects.toMatchObject({ code: 'HUB_SYNC_DELETE_BRAKE' });
  await sample.store.sync.release(run.lease);
  const next = await sample.open(STATIONS);
  expect(next.lease.mark.scan).toBeNull();
  await sample.commit(next, whole(['1', '2']));
  expect(await close(next)).toMatchObject({ deleted: 1 });
});

test('an empty answer for an empty table is no fault', async () => {
  const run = await sample.open(STATIONS);
  await sample.commit(run, whole([]));
  expect(await close(run)).toMatchObject({ deleted: 0 });
});

test('a snapshot that a second run resumes knows what the first has seen', async () => {
  await sample.sync(STATIONS, whole(['1', '2', '3', '4']));
  const first = await sample.open(STATIONS);
  const scan = { from: null, late: false, cursor: 'c', newest: null, run: first.id };
  const mark = { watermark: null, lateAt: null, scan };
  await sample.commit(first, { ...whole(['1', '2']), mark });
  sample.at('2026-04-05T09:00:00Z');
  const second = await sample.open(STATIONS);
  await sample.commit(second, { ...whole(['3']), mark: second.lease.mark });
  expect(await close(second, { ...mark, scan: null })).toMatchObject({ deleted: 1 });
  expect(await living()).toEqual(['1', '2', '3']);
});

test('a row whose record is there but set aside is not absent', async () => {
  await sample.sync(STATIONS, whole(['1', '2', '3', '4']));
  const run = await sample.open(STATIONS);
  const fault = { code: 'HUB_MAP_TEXT' as const, field: 'name', column: 'name', raw: null, message: 'bad' };
  const records = [{ code: '4', name: '\u0000' }, { code: '\u0000' }];
  const setAside = records.map((record) => ({ type: 'Station', fault, record }));
  await sample.commit(run, { ...whole(['1', '2', '3']), setAside });
  expect(await close(run)).toMatchObject({ deleted: 0, setAside: 2 });
  expect(await living()).toEqual(['1', '2', '3', '4']);
});

test('rows of another source are not this snapshot’s to delete', async () => {
  const others = ['8', '9'].map((code) => ({ ...stationRow(code), source: 'telemetry', form: 1 }));
  await sample.sync(STATIONS, samplePage([stationRow('1'), ...others]));
  const run = await sample.open(STATIONS);
  await sample.commit(run, whole(['1']));
  expect(await close(run)).toMatchObject({ deleted: 0 });
  expect(await living()).toEqual(['1', '8', '9']);
});

test('a row that one list no longer has is back as soon as the other list gives it', async () => {
  const fields = STATION.fields.map((field) => field.name);
  const forms = [sampleForm(0, 'first', fields), sampleForm(1, 'second', fields)];
  const type = { ...STATION, forms, deletes: { ...STATION.deletes, maxPercent: 100 } };
  await sample.store.migrate([{ ...sampleUnit([type]), unit: 'lists' }]);
  const [first, second] = ['first', 'second'].map((object) => ({ ...STATIONS, unit: 'lists', object }));
  if (first === undefined || second === undefined) throw new Error('two lists are wanted');
  const row = { ...stationRow('1'), form: 1 };
  await sample.sync(first, whole(['1']));
  await sample.sync(second, samplePage([row], { remember: true }));
  await sample.sync(first, whole([]));
  await sample.sync(second, samplePage([row], { remember: true }));
  const standing = () => sample.query('SELECT _form, _gone_at FROM lists.station');
  expect(await standing()).toEqual([{ _form: 1, _gone_at: null }]);
  await sample.sync(first, whole(['1']));
  expect(await standing()).toEqual([{ _form: 0, _gone_at: null }]);
  await sample.sync(second, samplePage([], { remember: true }));
  expect(await standing()).toEqual([{ _form: 0, _gone_at: null }]);
});
