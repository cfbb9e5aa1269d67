// A process that stands still in the middle of a page must not keep what it has locked.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openSample, type Sample } from '../sample/open-sample.fixture.ts';
import { STATIONS, samplePage, stationRow } from '../sample/sample-rows.fixture.ts';

const STALLED_MS = 200;

let sample: Sample;
beforeAll(async () => {
  sample = await openSample(undefined, { stalledMs: STALLED_MS });
});
afterAll(() => sample.close());

test('a page whose process stood still is rolled back, and its writer is told to try again', async () => {
  const run = await sample.open(STATIONS);
  const page = {
    ...samplePage([stationRow('1')]),
    // Asked for inside the transaction. Nothing of this process moves meanwhile, as under SIGSTOP.
    digestOf: () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STALLED_MS * 5);
      return null;
    },
  };
  await expect(sample.commit(run, page)).rejects.toMatchObject({ code: 'HUB_STORE_UNREACHABLE' });
  expect(await sample.query('SELECT FROM sample.station')).toEqual([]);
  expect(await sample.commit(run, samplePage([stationRow('1')]))).toMatchObject({ written: 1 });
});
