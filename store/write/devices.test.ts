// How the hub stands with senders, written down and told anew.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import type { DeviceUpdate } from '../contract.ts';
import { openSample, type Sample } from '../sample/open-sample.fixture.ts';
import { forgetDevices } from './devices.ts';

let sample: Sample;
let pool: pg.Pool;
beforeAll(async () => {
  sample = await openSample();
  pool = new pg.Pool({ connectionString: sample.url, max: 1 });
});
afterAll(async () => {
  await pool.end();
  await sample.close();
});

const toUpdate = (device: string, more: Partial<DeviceUpdate> = {}): DeviceUpdate => ({
  ...{ device, peer: null, connected: true, connectedAt: null, heardAt: null, disconnectedAt: null },
  ...{ frames: 0, refused: 0, reason: null },
  ...more,
});
const note = (...updates: DeviceUpdate[]) => sample.store.sync.noteDevices('sample', 'port', updates);
const read = () => sample.query('SELECT * FROM hub.device ORDER BY device');

test('An update adds what was counted, keeps what it says nothing of, and never makes a device younger', async () => {
  await note(
    toUpdate('T1', {
      peer: '10.0.0.7',
      connectedAt: '2026-04-05T00:00:00Z',
      heardAt: '2026-04-05T00:00:09Z',
      frames: 3,
    }),
    toUpdate('终端', { refused: 1, reason: 'CHECKSUM' }),
  );
  await note(toUpdate('T1', { heardAt: '2026-04-05T00:00:05Z', frames: 4, refused: 2, reason: 'LENGTH' }));
  expect(await read()).toMatchObject([
    {
      ...{
        unit: 'sample',
        source: 'port',
        device: 'T1',
        peer: '10.0.0.7',
        connected: true,
        frames: '7',
        refused: '2',
      },
      ...{
        reason: 'LENGTH',
        connected_at: new Date('2026-04-05T00:00:00Z'),
        heard_at: new Date('2026-04-05T00:00:09Z'),
      },
    },
    { device: '终端', frames: '0', refused: '1', reason: 'CHECKSUM' },
  ]);
});

test('When nobody listens, no sender of that source is connected, and those of others are', async () => {
  await sample.store.sync.noteDevices('sample', 'other', [toUpdate('Z9')]);
  await sample.store.sync.leaveDevices('sample', 'port', { now: '2026-04-05T01:00:00Z' });
  expect(await read()).toMatchObject([
    {
      device: 'T1',
      connected: false,
      disconnected_at: new Date('2026-04-05T01:00:00Z'),
      reason: 'the hub stopped listening',
    },
    { device: 'Z9', connected: true },
    { device: '终端', connected: false },
  ]);
});

test('A device that was not heard for ninety days is forgotten, one that is connected is not', async () => {
  await note(toUpdate('T2', { connected: false, heardAt: '2026-04-05T00:00:00Z' }));
  await forgetDevices(pool, '2026-07-04T00:30:00Z');
  expect((await read()).map(({ device }) => device)).toEqual(['T1', 'Z9', '终端']);
  await forgetDevices(pool, '2026-07-05T00:00:00Z');
  expect((await read()).map(({ device }) => device)).toEqual(['Z9']);
});
