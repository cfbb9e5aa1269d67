// How the hub stands with its senders: what is told as they come, go on and go.
import { afterEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import type { DeviceNotice } from '../../kit/contract.ts';
import { openDevices } from './devices.ts';
import {
  known,
  openSender,
  openWorld,
  settled,
  toReport,
  type World,
  type WorldOptions,
} from './peers.fixture.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});
async function begin(options?: WorldOptions): Promise<World> {
  const world = await openWorld(options);
  closing.push(() => world.close());
  return world;
}
const told = ({ notices }: World, count: number) =>
  eventually(() => notices.length >= count, { what: `${count} notices` });
const toShort = ({ device, state, frames, refused, reason }: DeviceNotice) =>
  [device, state, frames, refused, reason] as const;
const ONE = '0010100001';

describe('a station', () => {
  test('is told of with its first sound frame, then every five seconds at most, and when it goes', async () => {
    const world = await begin();
    const one = await world.station();
    one.send(toReport(1));
    await told(world, 1);
    expect(world.notices).toEqual([
      {
        device: ONE,
        peer: '127.0.0.1',
        state: 'connected',
        at: '2026-04-05T00:30:00.000Z',
        frames: 1,
        refused: 0,
        reason: null,
      },
    ]);
    const damaged = Uint8Array.from(toReport(2));
    damaged.set([0xff], 30);
    one.send(toReport(3), damaged, toReport(4));
    await settled(one, 3);
    expect(world.notices).toHaveLength(1);
    world.now += 5000;
    await told(world, 2);
    one.send(toReport(5));
    await settled(one, 4);
    one.socket.end();
    await told(world, 3);
    expect(world.notices.slice(1).map(toShort)).toEqual([
      [ONE, 'heard', 2, 1, expect.stringContaining('CHECKSUM')],
      [ONE, 'disconnected', 1, 0, null],
    ]);
  });

  test('that comes anew is of its new connection; the end of the old one says nothing of it', async () => {
    const world = await begin();
    const [old, anew] = [await world.station(), await world.station()];
    old.send(toReport(1));
    await settled(old, 1);
    anew.send(toReport(2));
    await settled(anew, 1);
    old.socket.destroy();
    anew.socket.end();
    await told(world, 3);
    expect(world.notices.map(({ state }) => state)).toEqual(['connected', 'connected', 'disconnected']);
  });

  test('that is sent away, falls silent or is left when listening ends is told of with the reason', async () => {
    const world = await begin();
    const stations = [await world.station(), await world.station()];
    for (const [at, one] of stations.entries()) one.send(toReport(1, { address: `001010000${at}` }));
    await told(world, 2);
    stations[0]?.send(
      ...Array.from({ length: 20 }, () => Buffer.alloc(2000, 0x41)),
      toReport(9).subarray(0, 40),
    );
    stations[0]?.socket.end();
    await told(world, 3);
    await world.end();
    await told(world, 4);
    expect(world.notices.slice(2).map(({ state, reason }) => [state, reason])).toEqual([
      ['disconnected', expect.any(String)],
      ['disconnected', 'the hub stopped listening'],
    ]);
  });

  test('without the password is not told of', async () => {
    const world = await begin({
      options: { auth: { frame: { column: 'password', secret: known('A000') } } },
    });
    const [stranger, own] = [await world.station(), await world.station()];
    stranger.send(toReport(1, { address: '0099999999', password: 'FFFF' }));
    await eventually(stranger.isClosed, { what: 'the cut' });
    own.send(toReport(2));
    await told(world, 1);
    expect(world.notices.map(({ device }) => device)).toEqual([ONE]);
  });

  test('that sends datagrams has gone when it was silent for too long', async () => {
    const world = await begin({ options: { listen: { port: 0, proto: 'udp' } } });
    const sender = openSender(world.port);
    closing.push(sender.close);
    sender.send(toReport(1));
    await told(world, 1);
    world.now += 3_600_000;
    await told(world, 2);
    expect(world.notices.map(toShort)).toEqual([
      [ONE, 'connected', 1, 0, null],
      [ONE, 'disconnected', 0, 0, 'no sound frame for too long'],
    ]);
  });
});

test('Of more devices than a peer may have none is told of until others have been silent for long', () => {
  let [now, notices] = [0, [] as DeviceNotice[]];
  const devices = openDevices(
    () => now,
    (some) => notices.push(...some),
  );
  const peer = devices.join('10.0.0.1');
  const hear = (from: number, to: number) =>
    peer.hear({
      devices: new Map(Array.from({ length: to - from }, (_, at) => [String(from + at), 1])),
      refused: 0,
      reason: null,
    });
  hear(0, 10_000);
  hear(10_000, 10_500);
  expect(notices).toHaveLength(10_000);
  now += 600_000;
  notices = [];
  hear(10_500, 10_501);
  expect(notices.map(toShort)).toEqual([
    ['0', 'disconnected', 0, 0, 'silent, and forgotten for others'],
    ['10500', 'connected', 1, 0, null],
  ]);
  notices = [];
  peer.leave(null);
  expect(notices).toHaveLength(10_000);
});
