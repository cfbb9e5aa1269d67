// Peers that mean harm, or nothing: none of them keeps the others from being heard, or fills the hub.
import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import { encodeFrame, encodeLocation, POSITION, REGISTRATION } from '../../codecs/jt808/jt808.fixture.ts';
import {
  known,
  openWorld,
  type Station,
  settled,
  toReport,
  type World,
  type WorldOptions,
} from './peers.fixture.ts';

const worlds: World[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});
async function begin(options?: WorldOptions): Promise<World> {
  const world = await openWorld(options);
  worlds.push(world);
  return world;
}
/** By `openssl dgst -sha256 -hmac S3cret` of the number 013907460001. */
const CODE = '1222c9ea3c93af24';
const FRAME_AUTH = { auth: { frame: { column: 'password', secret: known('A000') } } };

describe('a peer without the password', () => {
  test('is sent away at its first frame: nothing of it is kept, nothing answered', async () => {
    const { hub, station, away } = await begin({ options: FRAME_AUTH });
    const [stranger, own] = [await station(), await station()];
    stranger.send(toReport(1, { password: 'A001' }), toReport(2));
    await eventually(stranger.isClosed, { what: 'the cut' });
    expect([stranger.bytes().length, hub.asked, away]).toEqual([0, [], ['a frame with a wrong password']]);
    own.send(toReport(3));
    await settled(own, 1);
    expect(hub.records()).toMatchObject([{ serial: 3 }]);
  });

  test('is sent away in the middle of a stream too; what came before is answered', async () => {
    const { hub, station } = await begin({ options: FRAME_AUTH });
    const one = await station();
    one.send(Buffer.concat([toReport(1), toReport(2, { password: 'FFFF' }), toReport(3)]));
    await eventually(one.isClosed, { what: 'the cut' });
    expect(hub.records()).toMatchObject([{ serial: 1 }]);
  });

  test('may register and prove itself, but sends nothing before that', async () => {
    const options = {
      codec: 'jt808',
      auth: { frame: { column: 'authCode', secret: known('S3cret') } },
    };
    const objects = {
      position: { message: ['0200'] },
      session: { message: ['0100', '0102', '0003'], use: 'ignore' },
    };
    const world = await begin({ options, objects });
    const { hub, station, away } = world;
    const toFrame = (message: string, body: Uint8Array, phone = '013907460001') =>
      encodeFrame({ message, phone, serial: 1, body });
    const position = toFrame('0200', encodeLocation(POSITION));
    const [stranger, own] = [await station(), await station()];
    stranger.send(position);
    await eventually(stranger.isClosed, { what: 'the cut' });
    expect([hub.asked, away]).toEqual([[], ['a message before its sender proved itself']]);
    own.send(toFrame('0102', Buffer.from(CODE)), position);
    await eventually(() => hub.records().length === 1, { what: 'the position' });
    expect(hub.records()).toMatchObject([{ '@message': '0200', '@device': '013907460001' }]);
    const [thief, forger, registered] = [await station(), await station(), await station()];
    thief.send(toFrame('0102', Buffer.from(CODE), '013907460002'));
    await eventually(thief.isClosed, { what: 'the cut of one that shows another’s code' });
    forger.send(
      toFrame('0102', Buffer.from(CODE)),
      toFrame('0200', encodeLocation(POSITION), '013907460002'),
    );
    await eventually(forger.isClosed, { what: 'the cut of one that speaks for another' });
    expect(away.slice(1)).toEqual([
      'a frame with a wrong password',
      'a message of another device than its sender proved itself as',
    ]);
    expect(hub.records()).toHaveLength(1);
    registered.send(toFrame('0003', new Uint8Array(0)));
    await eventually(() => registered.bytes().length > 0, { what: 'the answer' });
    world.now += 60_000;
    await eventually(registered.isClosed, { what: 'the end of one that never proved itself' });
    expect(own.isClosed()).toBe(false);
  });

  test('gets no code where its manifest names no registration, as of terminals that are given theirs by hand', async () => {
    const { hub, station, away } = await begin({
      options: { codec: 'jt808', auth: { frame: { column: 'authCode', secret: known('S3cret') } } },
      objects: { position: { message: ['0200'] }, session: { message: ['0102', '0003'], use: 'ignore' } },
    });
    const toFrame = (message: string, body: Uint8Array) =>
      encodeFrame({ message, phone: '013907460001', serial: 1, body });
    const [stranger, own] = [await station(), await station()];
    stranger.send(Buffer.from(REGISTRATION, 'hex'));
    await eventually(stranger.isClosed, { what: 'the cut' });
    expect([stranger.bytes().length, hub.asked, away]).toEqual([
      0,
      [],
      ['a message before its sender proved itself'],
    ]);
    own.send(toFrame('0102', Buffer.from(CODE)), toFrame('0200', encodeLocation(POSITION)));
    await eventually(() => hub.records().length === 1, { what: 'the position' });
  });

  test('leaves little of its noise with the hub', async () => {
    const { hub, station } = await begin({ options: FRAME_AUTH });
    const one = await station();
    const damaged = Uint8Array.from(toReport(1));
    damaged.set([0xff], 30);
    for (let at = 0; at < 30; at += 1) one.send(damaged);
    await eventually(one.isClosed, { what: 'the cut' });
    expect(hub.unreadable()).toHaveLength(3);
  });
});

describe('a peer that sends', () => {
  test('a byte now and then and never a frame is sent away after a minute', async () => {
    const world = await begin();
    const [loris, own] = [await world.station(), await world.station()];
    own.send(toReport(1));
    await settled(own, 1);
    const frame = toReport(2);
    for (let at = 0; at < 6; at += 1) {
      loris.send(frame.subarray(at, at + 1));
      world.now += 10_000;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await eventually(loris.isClosed, { what: 'the cut' });
    expect(world.away).toEqual(['no sound frame for too long']);
    expect(own.isClosed()).toBe(false);
    world.now += 3_600_000;
    await eventually(own.isClosed, { what: 'the end of one that fell silent' });
  });

  test('random bytes is sent away, and everything that it left is kept', async () => {
    const world = await begin({ peers: { connections: 10, frameBytes: 1024 } });
    const [mad, own] = [await world.station(), await world.station()];
    while (!mad.isClosed()) {
      mad.send(randomBytes(2000));
      await new Promise((resolve) => setImmediate(resolve));
    }
    own.send(toReport(1));
    await settled(own, 1);
    expect(world.hub.unreadable().length).toBeLessThanOrEqual(20);
    for (const { raw } of world.hub.unreadable())
      expect((raw['@raw'] as Uint8Array).length).toBeLessThanOrEqual(1024);
  });

  test('a megabyte without a delimiter holds no more than a frame of it', async () => {
    const { hub, station } = await begin({
      options: { codec: 'jt808' },
      objects: { position: { message: ['0200'] } },
      peers: { connections: 10, frameBytes: 4096 },
    });
    const one = await station();
    const bytes = Buffer.alloc(1_048_576, 0x41);
    bytes[0] = 0x7e;
    one.send(bytes);
    await eventually(one.isClosed, { what: 'the cut' });
    const left = hub.unreadable().map(({ raw }) => (raw['@raw'] as Uint8Array).length);
    expect(left.length).toBeGreaterThan(0);
    expect(Math.max(...left)).toBeLessThanOrEqual(4096);
    expect(left.reduce((all, one) => all + one, 0)).toBeLessThanOrEqual(20 * 4096);
  });
});

describe('when all connections are taken', () => {
  test('one more is refused while those that hold them are known', async () => {
    const world = await begin({ peers: { connections: 2, frameBytes: 1024 } });
    const held = [await world.station(), await world.station()];
    for (const one of held) {
      one.send(toReport(1));
      await settled(one, 1);
    }
    const third = await world.station();
    await eventually(third.isClosed, { what: 'the refusal' });
    expect(world.away).toEqual(['more than 2 connections']);
    held[0]?.socket.destroy();
    await eventually(
      async () => {
        const next = await world.station();
        next.send(toReport(2));
        return eventually(() => next.answered().length === 1 || next.isClosed()).then(
          () => next.answered().length === 1,
        );
      },
      { what: 'the free place' },
    );
  });

  test('those that never said a sound word make room', async () => {
    const world = await begin({ peers: { connections: 2, frameBytes: 1024 } });
    const loris = [await world.station(), await world.station()];
    for (let serial = 1; serial <= 3; serial += 1) {
      const own = await world.station();
      own.send(toReport(serial));
      await eventually(() => own.answered().length === 1 || own.isClosed(), { what: 'a place' });
      if (serial <= 2) expect(own.answered()).toEqual([serial]);
      else expect(own.isClosed()).toBe(true);
    }
    expect(loris.every((one) => one.isClosed())).toBe(true);
  });

  test('a tenth is left to other addresses', async () => {
    const world = await begin({ peers: { connections: 10, frameBytes: 1024 } });
    const held: Station[] = [];
    for (let at = 0; at < 9; at += 1) {
      const one = await world.station();
      one.send(toReport(at));
      await settled(one, 1);
      held.push(one);
    }
    const more = await world.station();
    await eventually(more.isClosed, { what: 'the refusal' });
    expect(world.away).toEqual(['one address has all but a tenth of the connections']);
    expect(held.every((one) => !one.isClosed())).toBe(true);
  });
});
