// A small crowd beside one honest station; the large ones are bench/stress.ts's.
import { afterEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import { openWorld, type Station, settled, toReport, type World } from './peers.fixture.ts';

const worlds: World[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

describe('a crowd that says nothing', () => {
  test('keeps nobody from being answered, and is sent away after a minute; who spoke stays', async () => {
    const world = await openWorld({ peers: { connections: 400, frameBytes: 4096 } });
    worlds.push(world);
    const own = await world.station();
    const silent = await openStations(world, 300);
    const loris = await world.station();
    const slow = toReport(9);
    for (let serial = 1; serial <= 20; serial += 1) {
      loris.send(slow.subarray(serial - 1, serial));
      own.send(toReport(serial));
      await settled(own, serial);
    }
    expect(own.answered()).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    expect([...silent, loris].filter((one) => one.isClosed())).toEqual([]);

    world.now += 60_000;
    await eventually(() => [...silent, loris].every((one) => one.isClosed()), { what: 'all cuts' });
    expect(new Set(world.away)).toEqual(new Set(['no sound frame for too long']));
    own.send(toReport(21));
    await settled(own, 21);
    expect(loris.bytes()).toHaveLength(0);
    expect(world.hub.records()).toHaveLength(21);
  });

  test('makes room one by one when it has all that its address may have; its places are free when it has gone', async () => {
    const world = await openWorld({ peers: { connections: 100, frameBytes: 4096 } });
    worlds.push(world);
    const silent = await openStations(world, 90);
    for (let serial = 1; serial <= 3; serial += 1) {
      const own = await world.station();
      own.send(toReport(serial));
      await settled(own, 1);
    }
    await eventually(() => silent.filter((one) => one.isClosed()).length === 3, { what: 'the room' });
    for (const one of silent) one.socket.destroy();
    // Were a place of those that made room or went not given back, the share of their address would be used up.
    expect(await answeredOf(world, 80)).toBe(80);
    expect(new Set(world.away)).toEqual(
      new Set([
        'it made room: its address had its share of the connections, and it never sent a sound frame',
      ]),
    );
  });
});

async function openStations(world: World, count: number): Promise<readonly Station[]> {
  return Promise.all(Array.from({ length: count }, () => world.station()));
}

/** How many of so many new stations are answered. */
async function answeredOf(world: World, count: number): Promise<number> {
  const stations = await openStations(world, count);
  for (const [at, one] of stations.entries()) one.send(toReport(at + 100));
  await eventually(() => stations.every((one) => one.answered().length === 1 || one.isClosed()));
  return stations.filter((one) => one.answered().length === 1).length;
}
