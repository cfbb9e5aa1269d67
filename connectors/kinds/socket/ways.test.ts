// The other ways of meeting peers: datagrams, and a system that the hub connects to.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { HubError } from '../../../schema/errors.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { encodeAis } from '../../codecs/ais/encode.fixture.ts';
import { known, openSender, openWorld, toReport, type World, type WorldOptions } from './peers.fixture.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});
async function begin(options?: WorldOptions): Promise<World> {
  const world = await openWorld(options);
  closing.push(() => world.close());
  return world;
}
const AIS = {
  options: { codec: 'ais', ack: 'none', listen: { port: 0, proto: 'udp' } },
  objects: { position: { message: ['1'] } },
} as const;
/** Message 1 of a ship: its type, 0, its number, and nothing that is known. */
const toPosition = (mmsi: number) =>
  encodeAis([
    ...([
      [1, 6],
      [0, 2],
      [mmsi, 30],
      [15, 4],
      [-128, 8],
      [1023, 10],
      [0, 1],
    ] as const),
    ...([
      [108_600_000, 28],
      [54_600_000, 27],
      [3600, 12],
      [511, 9],
      [60, 6],
      [0, 25],
    ] as const),
  ]);

describe('datagrams', () => {
  const UDP = { options: { listen: { port: 0, proto: 'udp' } } } as const;
  const open = (port: number) => {
    const sender = openSender(port);
    closing.push(sender.close);
    return sender;
  };

  test('are read by sender, and answered when durable to the address that they came from', async () => {
    const { hub, port } = await begin(UDP);
    hub.shut();
    const [one, other] = [open(port), open(port)];
    one.send(toReport(1));
    other.send(toReport(2));
    await eventually(() => hub.asked.length === 2, { what: 'both batches' });
    expect([one.answered(), other.answered()]).toEqual([[], []]);
    hub.open();
    await eventually(() => one.answered().length + other.answered().length === 2, { what: 'the answers' });
    expect([one.answered(), other.answered()]).toEqual([[1], [2]]);
  });

  test('that are not durable are not answered; they come again', async () => {
    const { hub, port } = await begin(UDP);
    const one = open(port);
    hub.refuse = new HubError('HUB_STORE_UNREACHABLE', 'the store is away');
    one.send(toReport(1));
    await eventually(() => hub.asked.length === 1, { what: 'the batch' });
    hub.refuse = null;
    one.send(toReport(1));
    await eventually(() => one.answered().length === 1, { what: 'the answer' });
    expect(hub.records()).toHaveLength(1);
  });

  test('that come while a batch is written are the next one together', async () => {
    const { hub, port } = await begin(AIS);
    const one = open(port);
    hub.shut();
    for (const bytes of toPosition(413_000_000)) one.send(bytes);
    await eventually(() => hub.asked.length === 1, { what: 'the first batch' });
    for (let ship = 1; ship <= 20; ship += 1)
      for (const bytes of toPosition(413_000_000 + ship)) one.send(bytes);
    const last = open(port);
    for (const bytes of toPosition(413_999_999)) last.send(bytes);
    await eventually(() => hub.asked.length === 2, { what: 'the batch of another' });
    hub.open();
    await eventually(() => hub.records().length === 22, { what: 'all ships' });
    expect(hub.batches.length).toBeLessThan(10);
    expect(hub.records()).toContainEqual(expect.objectContaining({ '@device': '413000020' }));
  });

  test('of more senders than allowed make no more of them', async () => {
    const world = await begin({ ...UDP, peers: { connections: 1, frameBytes: 1024 } });
    const [one, other] = [open(world.port), open(world.port)];
    one.send(toReport(1));
    await eventually(() => one.answered().length === 1, { what: 'the answer' });
    other.send(toReport(2));
    await eventually(() => world.away.length === 1, { what: 'the refusal' });
    expect(world.away).toEqual(['more than 1 senders']);
    // Its place is free when it has been silent for too long.
    world.now += 3_600_000;
    await eventually(
      () => {
        other.send(toReport(2));
        return other.answered().length > 0;
      },
      { what: 'the free place' },
    );
  });
});

describe('a system that the hub connects to', () => {
  async function openReceiver() {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      sockets.push(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    closing.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return { sockets, options: toConnect(port) };
  }
  const toConnect = (port: number) => ({
    options: { codec: 'ais', listen: undefined, connect: { host: known('127.0.0.1'), port, proto: 'tcp' } },
    objects: AIS.objects,
  });

  test('is read as any peer, and its end is told once', async () => {
    const receiver = await openReceiver();
    const { hub, ended } = await begin(receiver.options);
    const socket = await eventually(() => receiver.sockets[0], { what: 'the connection' });
    for (const bytes of toPosition(413_000_001)) socket.write(bytes);
    await eventually(() => hub.records().length === 1, { what: 'the ship' });
    socket.end();
    await eventually(() => ended.length === 1, { what: 'the end' });
    expect(ended).toMatchObject([{ code: 'HUB_SOURCE_UNREACHABLE' }]);
  });

  test('that does not take the connection cannot be listened to', async () => {
    const receiver = await openReceiver();
    await expect(begin(toConnect(1))).rejects.toMatchObject({ code: 'HUB_SOURCE_UNREACHABLE' });
    const { end, ended } = await begin(receiver.options);
    await end();
    expect(ended).toEqual([]);
  });
});
