// A row that several forms describe, and that one of them marks as deleted.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
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
