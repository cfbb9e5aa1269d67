// A row that several forms describe: one of them marks it as deleted, or may not make it.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FeedKey } from '../contract.ts';
import { openSample, type Sample } from '../sample/open-sample.fixture.ts';
import { deletedRow, samplePage, sampleRow } from '../sample/sample-rows.fixture.ts';
import { DEVICE, sampleUnit } from '../sample/sample-unit.fixture.ts';

const LIST: FeedKey = { unit: 'sample', source: 'fork', object: 'device', strategy: 'snapshot' };
const NOTICES: FeedKey = { unit: 'sample', source: 'fork', object: 'notice', strategy: 'push' };
const deletes = { absence: false, column: 'deleted', when: ['1'], maxPercent: 10 };

let sample: Sample;
beforeAll(async () => {
  sample = await openSample(sampleUnit([{ ...DEVICE, deletes }]));
});
afterAll(() => sample.close());

const listed = (name: string) =>
  sampleRow('Device', 'D1', { values: { code: 'D1', name }, native: { code: 'D1' } });
const noticed = (status: string) =>
  sampleRow('Device', 'D1', { form: 1, values: { code: 'D1', status }, native: { code: 'D1' } });
const readRow = () =>
  sample
    .query('select name, status, _gone_at is not null as gone from sample.device')
    .then((rows) => rows[0]);

test('a form that knows nothing of the deletion does not bring the row back, and the one that said it does', async () => {
  await sample.sync(LIST, samplePage([listed('甲')]));
  await sample.sync(NOTICES, samplePage([noticed('ON')]));
  await sample.sync(LIST, samplePage([deletedRow(listed('甲'))]));
  expect(await readRow()).toEqual({ name: '甲', status: 'ON', gone: true });
  await sample.sync(NOTICES, samplePage([noticed('OFF')]));
  expect(await readRow()).toEqual({ name: '甲', status: 'OFF', gone: true });
  await sample.sync(LIST, samplePage([listed('甲')]));
  expect(await readRow()).toEqual({ name: '甲', status: 'OFF', gone: false });
  await sample.sync(NOTICES, samplePage([deletedRow(noticed('OFF'))]));
  expect(await readRow()).toMatchObject({ gone: true });
});

describe('a form that adds no rows', () => {
  let other: Sample;
  beforeAll(async () => {
    const [whole, notice] = DEVICE.forms;
    if (whole === undefined || notice === undefined) throw new Error('a device has two forms');
    other = await openSample(
      sampleUnit([{ ...DEVICE, deletes, forms: [whole, { ...notice, adds: false }] }]),
    );
  });
  afterAll(() => other.close());
  const readAll = () =>
    other.query(`select code, status, _gone_at is not null as gone from sample.device
      union all select code, status, _gone_at is not null from sample.device_history order by 1, 2`);

  test('says more of a row that stands, and makes none, not even a deleted one', async () => {
    const early = await other.sync(NOTICES, samplePage([noticed('ON'), deletedRow(noticed('OFF'))]));
    expect(early).toMatchObject({ read: 2, written: 0, deleted: 0, unchanged: 1, notOurs: 1 });
    expect(await readAll()).toEqual([]);
    await other.sync(LIST, samplePage([listed('甲')]));
    expect(await other.sync(NOTICES, samplePage([noticed('ON')]))).toMatchObject({ written: 1, notOurs: 0 });
    expect(await readAll()).toEqual([
      { code: 'D1', status: 'ON', gone: false },
      { code: 'D1', status: null, gone: false },
    ]);
  });

  test('leaves a row that is gone as it was', async () => {
    await other.sync(LIST, samplePage([deletedRow(listed('甲'))]));
    const counts = await other.sync(NOTICES, samplePage([noticed('OFF')]));
    expect(counts).toMatchObject({ written: 0, unchanged: 0, notOurs: 1 });
    const [row] = await other.query('select status, _gone_at is not null as gone from sample.device');
    expect(row).toEqual({ status: 'ON', gone: true });
  });
});
