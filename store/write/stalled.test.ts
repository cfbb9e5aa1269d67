// A process that stands still in the middle of a page must not keep what it has locked.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { eventually } from '../../test/support/eventually.ts';
import { openSample, type Sample } from '../sample/open-sample.fixture.ts';
import { STATIONS, samplePage, stationRow } from '../sample/sample-rows.fixture.ts';

const STALLED_MS = 200;

let sample: Sample;
beforeAll(async () => {
  sample = await openSample(undefined, { stalledMs: STALLED_MS });
});
beforeEach(() => sample.reset());
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

test('a process that stood still inside a COPY is ended by another, and its locks with it', async () => {
  const open = async (name: string) => {
    const client = new pg.Client({ connectionString: sample.url, application_name: name });
    const lost: string[] = [];
    client.on('error', ({ message }) => lost.push(message));
    await client.connect();
    await client.query('CREATE TEMP TABLE wanted (n int)');
    return { client, lost };
  };
  const [stopped, stranger] = [await open('one-network writer'), await open('somebody else')];
  await stopped.client.query("BEGIN; SELECT FROM hub.type_state WHERE type = 'Station' FOR UPDATE");
  // Neither is ever given a line.
  for (const { client, lost } of [stopped, stranger])
    client.query(copyFrom('COPY wanted FROM STDIN')).on('error', ({ message }: Error) => lost.push(message));
  await sample.sync(STATIONS, samplePage([stationRow('2')]));
  await eventually(() => stopped.lost.length > 0, { what: 'the end of the one that stood still' });
  expect(stranger.lost).toEqual([]);
  await stranger.client.end();
});
