// The way to a broker: what is said to it, what keeps the hub out, and that nothing of it stays when it is over.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { generate, type Packet, parser } from 'mqtt-packet';
import { openTaker } from '../../../test/support/batch-taker.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { openAedes, PASSWORD } from '../../../test/support/mqtt-brokers.ts';
import { wallClock } from '../../kit/resilience/clock.ts';
import {
  codecs,
  known,
  openWorld,
  type SettingsOptions,
  toSettings,
  type WorldOptions,
} from './broker.fixture.ts';
import { openMqttSource } from './open-mqtt-source.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function begin(options?: WorldOptions) {
  const broker = await openAedes();
  closing.push(() => broker.close());
  const world = await openWorld(broker, options);
  closing.push(() => world.close());
  return { broker, ...world };
}

/** A broker that answers each packet with what a test says, and keeps what it was sent, by connection. */
async function openScripted(answer: (packet: Packet, connection: number) => Packet | Buffer | null) {
  const heard: Packet[][] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const own: Packet[] = [];
    const connection = heard.push(own) - 1;
    sockets.push(socket);
    let protocolVersion = 4;
    const packets = parser({ protocolVersion: 5 });
    packets.on('packet', (packet) => {
      if (packet.cmd === 'connect') protocolVersion = packet.protocolVersion ?? 4;
      own.push({ ...packet });
      const said = answer(packet, connection);
      if (said !== null) socket.write('cmd' in said ? generate(said, { protocolVersion }) : said);
    });
    packets.on('error', () => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => packets.parse(bytes));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { heard, sockets, port: (server.address() as AddressInfo).port };
}

function openSource(
  change: SettingsOptions,
  parts: { keepAliveSeconds?: number; clock?: typeof wallClock } = {},
) {
  const source = openMqttSource(toSettings(change), { codecs, clock: wallClock, ...parts });
  closing.push(() => source.close());
  return source;
}
const nothing = async () => undefined;
const CONNACK: Packet = { cmd: 'connack', reasonCode: 0, returnCode: 0, sessionPresent: false };
const toSuback = (packet: Packet, code = 1): Packet | null =>
  packet.cmd === 'subscribe'
    ? { cmd: 'suback', messageId: packet.messageId ?? 0, granted: packet.subscriptions.map(() => code) }
    : null;

describe('a broker is told', () => {
  test('who comes, that its session is to be kept, how much may be on the way, and what is wanted', async () => {
    const { heard, port } = await openScripted((packet) =>
      packet.cmd === 'connect' ? CONNACK : toSuback(packet),
    );
    const source = openSource({ port, inFlight: 12, prefix: 'p/' });
    await (await source.listen(nothing))();
    expect(heard[0]).toMatchObject([
      {
        cmd: 'connect',
        ...{ protocolVersion: 5, clientId: 'hub-test-p-', clean: false, keepalive: 30, username: 'hub' },
        properties: { sessionExpiryInterval: 600, receiveMaximum: 12, maximumPacketSize: 1_048_576 },
      },
      {
        cmd: 'subscribe',
        subscriptions: ['p/fire/+/up/frame', 'p/fire/+/up/json', 'p/fire/+/online'].map((topic) => ({
          ...{ topic, qos: 1, rh: 1 },
        })),
      },
      { cmd: 'disconnect' },
    ]);
  });

  test('the same in MQTT 3.1.1 where it speaks no other; without a session each hub has a name of its own', async () => {
    const other = await openScripted((packet, connection) => {
      if (packet.cmd !== 'connect') return toSuback(packet);
      return connection === 0 ? Buffer.from([0x20, 2, 0, 1]) : CONNACK;
    });
    await openSource({ port: other.port }).listen(nothing);
    expect(other.heard.map(([first]) => first)).toMatchObject([
      { protocolVersion: 5 },
      { protocolVersion: 4, clean: false },
    ]);
    const plain = await openScripted((packet) => (packet.cmd === 'connect' ? CONNACK : toSuback(packet)));
    for (const qos of [0, 1])
      await openSource({ port: plain.port, options: { session: undefined, qos, auth: 'none' } }).listen(
        nothing,
      );
    const names = plain.heard.map(([first]) =>
      first?.cmd === 'connect' ? [first.clientId, first.clean, first.username] : [],
    );
    expect(names).toEqual([
      [expect.stringMatching(/^hub-fire-rescue-[0-9a-f]{8}$/), true, undefined],
      [expect.stringMatching(/^hub-fire-rescue-[0-9a-f]{8}$/), true, undefined],
    ]);
    expect(names[0]?.[0]).not.toBe(names[1]?.[0]);
  });
});

describe('the hub is kept out with a code', () => {
  test.each([
    [135, 'HUB_SOURCE_REFUSED'],
    [134, 'HUB_SOURCE_REFUSED'],
    [133, 'HUB_SOURCE_REFUSED'],
    [136, 'HUB_SOURCE_UNREACHABLE'],
    [149, 'HUB_SOURCE_QUERY'],
  ])('by a broker of MQTT 5 that says %i: %s', async (reasonCode, code) => {
    const { port } = await openScripted(() => ({ cmd: 'connack', reasonCode, sessionPresent: false }));
    await expect(openSource({ port }).listen(nothing)).rejects.toMatchObject({ code });
  });

  test('by a wrong password, which no message shows', async () => {
    const wrong = 'wr0ng-w0rd';
    const { listen, ended } = await begin({
      options: { auth: { basic: { user: known('hub'), password: known(wrong) } } },
    });
    const error: Error = await listen().then(
      () => new Error('let in'),
      (fault) => fault,
    );
    expect(error).toMatchObject({ code: 'HUB_SOURCE_REFUSED' });
    expect(JSON.stringify([error.message, error.stack, error])).not.toMatch(
      new RegExp(`${wrong}|${PASSWORD}`),
    );
    expect(ended).toEqual([]);
  });

  test('where a subscription is refused, or given without acknowledgement', async () => {
    const { listen, broker, prefix } = await begin();
    broker.forbid(`${prefix}fire/+/online`);
    await expect(listen()).rejects.toMatchObject({
      code: 'HUB_SOURCE_REFUSED',
      message: expect.stringContaining('fire/+/online'),
    });
    const { port } = await openScripted((packet) =>
      packet.cmd === 'connect' ? CONNACK : toSuback(packet, 0),
    );
    await expect(openSource({ port }).listen(nothing)).rejects.toMatchObject({
      code: 'HUB_SOURCE_UNSUPPORTED',
    });
  });

  test('where nobody speaks MQTT, nobody listens, or nobody answers', async () => {
    const { port } = await openScripted(() => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await expect(openSource({ port }).listen(nothing)).rejects.toMatchObject({ code: 'HUB_SOURCE_FORMAT' });
    const silent = await openScripted(() => null);
    await expect(openSource({ port: silent.port, timeoutMs: 100 }).listen(nothing)).rejects.toMatchObject({
      code: 'HUB_SOURCE_TIMEOUT',
    });
    expect(silent.heard).toHaveLength(1);
    await expect(openSource({ port: 1 }).listen(nothing)).rejects.toMatchObject({
      code: 'HUB_SOURCE_UNREACHABLE',
    });
    const tls = openSource({ url: `mqtts://127.0.0.1:${port}` });
    await expect(tls.listen(nothing)).rejects.toMatchObject({ code: expect.stringMatching(/^HUB_SOURCE_/) });
  });
});

describe('a connection that stood', () => {
  test('for no longer than its last answer is no connection', async () => {
    const bye = generate({ cmd: 'disconnect', reasonCode: 139 }, { protocolVersion: 5 });
    const { port } = await openScripted((packet) => {
      if (packet.cmd === 'connect') return CONNACK;
      const suback = toSuback(packet);
      return suback === null ? null : Buffer.concat([generate(suback, { protocolVersion: 5 }), bye]);
    });
    await expect(openSource({ port }).listen(nothing)).rejects.toMatchObject({
      code: 'HUB_SOURCE_UNREACHABLE',
    });
  });

  test('ends with a code when the broker falls silent, and with another when it hands the session to somebody else', async () => {
    // Twenty times as fast.
    const clock = {
      now: () => 20 * Date.now(),
      sleep: (ms: number, signal?: AbortSignal) => wallClock.sleep(ms / 20, signal),
    };
    const silent = await openScripted((packet) => (packet.cmd === 'connect' ? CONNACK : toSuback(packet)));
    const ended: Error[] = [];
    const onEnd = (error: Error) => ended.push(error);
    await openSource({ port: silent.port, timeoutMs: 60_000 }, { clock, keepAliveSeconds: 2 }).listen(
      nothing,
      { onEnd },
    );
    await eventually(() => ended.length === 1, { what: 'the end' });
    expect(ended).toMatchObject([{ code: 'HUB_SOURCE_TIMEOUT' }]);
    expect(silent.heard[0]?.at(-1)).toMatchObject({ cmd: 'pingreq' });
    const taken = await openScripted((packet) => (packet.cmd === 'connect' ? CONNACK : toSuback(packet)));
    await openSource({ port: taken.port }).listen(nothing, { onEnd });
    taken.sockets[0]?.write(generate({ cmd: 'disconnect', reasonCode: 142 }, { protocolVersion: 5 }));
    await eventually(() => ended.length === 2, { what: 'the second end' });
    expect(ended[1]).toMatchObject({
      code: 'HUB_SOURCE_REFUSED',
      message: expect.stringContaining('session.client'),
    });
    const lost = await openScripted((packet) => (packet.cmd === 'connect' ? CONNACK : toSuback(packet)));
    await openSource({ port: lost.port }).listen(nothing, { onEnd });
    lost.sockets[0]?.write(generate(CONNACK, { protocolVersion: 5 }));
    await eventually(() => ended.length === 3, { what: 'the third end' });
    expect(ended[2]).toMatchObject({ code: 'HUB_SOURCE_FORMAT' });
  });

  test('leaves nothing at the broker when it is closed, also while it is being made', async () => {
    const { listen, broker, source, wire } = await begin();
    const before = broker.connected();
    await listen();
    expect(broker.connected()).toBe(before + 1);
    await source.close();
    await source.close();
    await eventually(() => broker.connected() === before, { what: 'the goodbye' });
    await expect(listen()).rejects.toMatchObject({ code: 'HUB_SOURCE_CLOSED' });
    const other = await begin();
    other.wire.hang();
    const listening = other.listen();
    const refused = expect(listening).rejects.toMatchObject({ code: 'HUB_SOURCE_CLOSED' });
    await eventually(() => other.wire.clientPorts.size > 0, { what: 'the connection' });
    await other.source.close();
    await refused;
    const third = await begin();
    third.wire.hang();
    const giving = new AbortController();
    const given = expect(third.listen(giving.signal)).rejects.toMatchObject({ code: 'HUB_SOURCE_CLOSED' });
    giving.abort();
    await given;
    expect(wire.clientPorts.size).toBeGreaterThan(0);
  });

  test('stays unread at a broker that does not count: what the hub cannot take does not fill its memory', async () => {
    const eager = await openScripted((packet, connection) => {
      if (packet.cmd === 'connect') return connection === 0 ? Buffer.from([0x20, 2, 0, 1]) : CONNACK;
      return toSuback(packet);
    });
    const hub = openTaker();
    hub.shut();
    const source = openSource({ port: eager.port, inFlight: 5 });
    await source.listen((batch) => hub.take(batch));
    const socket = eager.sockets[1];
    const payload = JSON.stringify({ text: 'x'.repeat(20_000) });
    for (let messageId = 1; messageId <= 1000; messageId += 1)
      socket?.write(
        generate({
          ...{ cmd: 'publish', topic: 'fire/a1/up/json', payload, qos: 1, retain: false, dup: false },
          messageId,
        }),
      );
    await eventually(() => hub.asked.length === 1, { what: 'the batch' });
    // Twenty megabytes: what left the broker fills the system's own buffers and no more.
    const looks: (number | undefined)[] = [];
    const isStill = () => {
      looks.push(socket?.writableLength);
      return looks.length > 10 && new Set(looks.slice(-10)).size === 1;
    };
    await eventually(isStill, { what: 'a broker that waits' });
    expect(socket?.writableLength).toBeGreaterThan(5_000_000);
    hub.open();
    const acknowledged = () =>
      eager.heard[1]?.filter(({ cmd }) => cmd === 'puback').map(({ messageId }) => messageId) ?? [];
    await eventually(() => acknowledged().length >= 20, { what: 'the first acknowledgements' });
    expect(acknowledged().slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    expect(Math.max(...hub.batches.map(({ records }) => records.length))).toBeLessThanOrEqual(5);
  });

  test('does not wait for ever for a hub that hangs', async () => {
    const { listen, hub, publish, source } = await begin({ timeoutMs: 300 });
    hub.shut();
    await listen();
    await publish('fire/a1/up/json', '{"a":1}');
    await eventually(() => hub.asked.length === 1, { what: 'the batch' });
    await source.close();
    expect(hub.batches).toEqual([]);
  });

  test('tells who is heard: with the first sound message, then at times, with how much was refused', async () => {
    const world = { now: Date.UTC(2026, 3, 5) };
    const clock = { now: () => world.now, sleep: wallClock.sleep };
    const { listen, publish, hub, notices } = await begin({ clock });
    await listen();
    const heard = async (topic: string, payload: string) => {
      const before = hub.asked.length;
      await publish(topic, payload);
      await eventually(() => hub.asked.length > before, { what: 'the batch' });
    };
    await heard('fire/a1/up/json', '{');
    expect(notices).toEqual([]);
    await heard('fire/a1/online', '{}');
    await heard('fire/a1/up/json', '{"a":1}');
    world.now += 60_000;
    await heard('fire/a1/up/json', '{');
    await heard('fire/b2/up/json', '{"a":1}');
    expect(notices.map(({ device, state, frames, refused }) => [device, state, frames, refused])).toEqual([
      ['a1', 'connected', 1, 1],
      ['a1', 'heard', 1, 1],
      ['b2', 'connected', 1, 0],
    ]);
    expect(notices[1]).toMatchObject({
      at: '2026-04-05T00:01:00.000Z',
      reason: expect.stringMatching(/JSON/),
    });
  });
});
