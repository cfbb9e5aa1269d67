// When a sender is answered: after its batch is durable, never before, and not at all when it is not.
import { afterEach, describe, expect, test } from '@jest/globals';
import { HubError } from '../../../schema/errors.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { openWorld, settled, toReport, type World, type WorldOptions } from './peers.fixture.ts';

const AWAY = new HubError('HUB_STORE_UNREACHABLE', 'the store is away');
const worlds: World[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});
async function begin(options?: WorldOptions): Promise<World> {
  const world = await openWorld(options);
  worlds.push(world);
  return world;
}

describe('an answer', () => {
  test('waits until the batch is durable', async () => {
    const { hub, station } = await begin();
    hub.shut();
    const one = await station();
    one.send(toReport(1));
    await eventually(() => hub.asked.length === 1, { what: 'the batch' });
    // Another station's whole way, so that an early answer would have had the time to come.
    const other = await station();
    other.send(toReport(2, { word: '30' }));
    await settled(other, 1);
    expect(one.bytes()).toHaveLength(0);
    hub.open();
    await settled(one, 1);
  });

  test('is not given when the store fails: the line is cut, the frame comes again and is answered', async () => {
    const { hub, station } = await begin();
    hub.refuse = AWAY;
    const one = await station();
    one.send(toReport(1), toReport(2));
    await eventually(one.isClosed, { what: 'the cut' });
    expect(one.bytes()).toHaveLength(0);
    hub.refuse = null;
    const again = await station();
    again.send(toReport(1), toReport(2));
    await settled(again, 2);
    expect(hub.records().map(({ serial }) => serial)).toEqual([1, 2]);
  });

  test('still comes to a station that has ended its own side', async () => {
    const { hub, station } = await begin();
    hub.shut();
    const one = await station();
    one.send(toReport(1));
    one.socket.end();
    await eventually(() => hub.asked.length === 1, { what: 'the batch' });
    hub.open();
    await eventually(one.isClosed, { what: 'the end' });
    expect(one.answered()).toEqual([1]);
  });

  test('is never given where the manifest says none, and a batch is then held until the store is back', async () => {
    const { hub, station } = await begin({ options: { ack: 'none' } });
    hub.refuse = AWAY;
    const one = await station();
    one.send(toReport(1));
    await eventually(() => hub.asked.length === 2, { what: 'the second try' });
    hub.refuse = null;
    await eventually(() => hub.batches.length === 1, { what: 'the batch' });
    expect(one.isClosed()).toBe(false);
    expect(one.bytes()).toHaveLength(0);
  });
});

describe('what the hub has not taken', () => {
  test('stays with its sender: no second batch of a peer, and its bytes stop at the socket', async () => {
    const { hub, station } = await begin();
    hub.shut();
    const one = await station();
    one.send(toReport(0));
    await eventually(() => hub.asked.length === 1, { what: 'the batch' });
    const piece = Buffer.concat(Array.from({ length: 1000 }, (_, at) => toReport(at)));
    while (one.socket.writableLength < 4_000_000) one.send(piece);
    const other = await station();
    other.send(toReport(1, { word: '30' }));
    await settled(other, 1);
    expect(hub.asked).toHaveLength(1);
    // Most of it never left the sender: what did fills the system's own buffers.
    await eventually(() => one.socket.bytesWritten - one.socket.writableLength > 0, { what: 'some of it' });
    expect(one.socket.writableLength).toBeGreaterThan(0);
  });

  test('of one that never stops does not keep the others from being answered', async () => {
    const { station } = await begin();
    const [mad, quiet] = [await station(), await station()];
    const piece = Buffer.concat(Array.from({ length: 2000 }, (_, at) => toReport(at)));
    let isOver = false;
    const pour = () => {
      if (!isOver && !mad.socket.destroyed) mad.socket.write(piece, () => setImmediate(pour));
    };
    pour();
    await settled(mad, 1);
    for (let serial = 1; serial <= 20; serial += 1) {
      quiet.send(toReport(serial));
      await settled(quiet, serial);
    }
    isOver = true;
  });
});

describe('the end of listening', () => {
  test('lets what is under way be answered, takes nothing new, and frees the port', async () => {
    const { hub, station, end, source, port } = await begin();
    hub.shut();
    const one = await station();
    one.send(toReport(1));
    await eventually(() => hub.asked.length === 1, { what: 'the batch' });
    one.send(toReport(2));
    const ended = end();
    hub.open();
    await ended;
    await eventually(one.isClosed, { what: 'the end' });
    expect(one.answered()).toEqual([1]);
    expect(hub.records().map(({ serial }) => serial)).toEqual([1]);
    expect(source.port()).toBeNull();
    const next = await begin({ options: { listen: { port, proto: 'tcp' } } });
    const again = await next.station();
    again.send(toReport(2));
    await settled(again, 1);
  });

  test('does not wait for ever for a hub that hangs', async () => {
    const { hub, station, source } = await begin({ timeoutMs: 50 });
    hub.shut();
    const one = await station();
    one.send(toReport(1));
    await eventually(() => hub.asked.length === 1, { what: 'the batch' });
    await source.close();
    await source.close();
    await eventually(one.isClosed, { what: 'the end' });
    expect(one.bytes()).toHaveLength(0);
    await expect(source.listen(async () => undefined)).rejects.toMatchObject({ code: 'HUB_SOURCE_CLOSED' });
  });

  test('is no end of the source: it can be listened to again', async () => {
    const { end, source, hub } = await begin();
    await end();
    const second = await source.listen((batch) => hub.take(batch));
    expect(source.port()).toBeGreaterThan(0);
    await second();
  });
});
