// A video platform over real sockets: it registers, is asked for its catalogue, answers in messages and tells of changes.
import { afterEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import {
  camera,
  encodeCatalog,
  encodeEvent,
  encodeKeepalive,
  encodeOk,
  encodeRegister,
  encodeRequest,
  encodeXml,
  PLATFORM,
  toAuthorization,
} from '../../codecs/gb28181/gb28181.fixture.ts';
import { known, openSender, openWorld, type World } from './peers.fixture.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** As the draft of the political-legal commission has it. */
async function begin(proto: 'tcp' | 'udp'): Promise<World> {
  const world = await openWorld({
    options: {
      ...{
        listen: { port: 0, proto },
        framing: 'sip',
        codec: 'xml',
        encoding: 'detect',
        assemble: undefined,
      },
      auth: { sip: { id: known(PLATFORM), password: known('12345678') } },
    },
    objects: {
      catalog: {
        message: ['Catalog'],
        request: { cmdType: 'Catalog' },
        assemble: { within: 'PT2M', incomplete: 'accept' },
        records: 'DeviceList.Item',
      },
      notify: { message: ['Notify.Catalog'], records: 'DeviceList.Item' },
      keepalive: { message: ['Keepalive'], use: 'heartbeat' },
    },
    peers: { connections: 20, frameBytes: 65_536 },
    every: new Map([['catalog', 86_400_000]]),
  });
  closing.push(() => world.close());
  return world;
}

/** What a platform sends and hears, whatever carries it. */
type Platform = { readonly send: (bytes: Uint8Array) => unknown; readonly heard: () => string };
async function openPlatform(world: World, proto: 'tcp' | 'udp'): Promise<Platform> {
  if (proto === 'udp') {
    const sender = openSender(world.port);
    closing.push(sender.close);
    return { send: sender.send, heard: () => Buffer.concat(sender.answers).toString('latin1') };
  }
  const station = await world.station();
  return { send: (bytes) => station.send(bytes), heard: () => station.bytes().toString('latin1') };
}
const hears = (platform: Platform, what: RegExp) =>
  eventually(() => what.exec(platform.heard()) ?? undefined, { what: String(what) });
async function register(platform: Platform, how = {}): Promise<void> {
  platform.send(encodeRegister());
  const [challenge] = (await hears(platform, /WWW-Authenticate: [^\r]+/)) ?? [''];
  platform.send(encodeRegister({ cseq: 2, authorization: toAuthorization(challenge, how) }));
}
const partOf = (ids: readonly number[], cseq: number, serial: number, sum: number) =>
  encodeRequest({ cseq, body: encodeCatalog(ids.map(camera), { sum, serial }) });

describe.each(['udp', 'tcp'] as const)('a platform over %s', (proto) => {
  test('registers, is asked, and its list in parts is one whole list of its cameras', async () => {
    const world = await begin(proto);
    const { hub, notices } = world;
    const platform = await openPlatform(world, proto);
    await register(platform);
    await hears(platform, /SUBSCRIBE sip:/);
    const [, serial] = await hears(platform, /MESSAGE sip:[\s\S]*?<SN>(\d+)<\/SN>/);
    expect(hub.asked).toEqual([]);
    platform.send(partOf([1, 2], 11, Number(serial), 3));
    await hears(platform, /CSeq: 11 MESSAGE/);
    // Each message is answered when what it says is durable.
    expect(hub.batches).toMatchObject([
      { object: 'catalog', records: [{ DeviceID: camera(1).id }, { DeviceID: camera(2).id }] },
    ]);
    platform.send(partOf([3], 12, Number(serial), 3));
    await hears(platform, /CSeq: 12 MESSAGE/);
    expect(hub.batches.map(({ whole, records }) => [whole, records.length])).toEqual([
      [undefined, 2],
      [true, 3],
    ]);
    expect(hub.batches[1]?.records[0]).toMatchObject({
      '@message': 'Catalog',
      '@device': PLATFORM,
      '@peer': '127.0.0.1',
      Name: '冷水滩区零陵路1号',
    });
    expect(notices).toMatchObject([{ device: PLATFORM, peer: '127.0.0.1', state: 'connected' }]);
  });

  test('tells of changes and that it lives, each answered; what nobody names is set aside', async () => {
    const world = await begin(proto);
    const { hub } = world;
    const platform = await openPlatform(world, proto);
    await register(platform);
    await hears(platform, /SUBSCRIBE sip:/);
    platform.send(encodeRequest({ cseq: 21, method: 'NOTIFY', body: encodeEvent(camera(7).id, 'OFF') }));
    await hears(platform, /CSeq: 21 NOTIFY/);
    platform.send(encodeRequest({ cseq: 22, body: encodeKeepalive() }));
    await hears(platform, /CSeq: 22 MESSAGE/);
    platform.send(encodeOk({ method: 'MESSAGE', cseq: 99 }));
    const alarm = '<Notify><CmdType>Alarm</CmdType><SN>1</SN><DeviceID>1</DeviceID></Notify>';
    platform.send(encodeRequest({ cseq: 23, body: encodeXml(alarm) }));
    await hears(platform, /CSeq: 23 MESSAGE/);
    platform.send(
      encodeRequest({ cseq: 24, body: encodeXml('<Notify><CmdType>Catalog</CmdType></Notify>') }),
    );
    await hears(platform, /CSeq: 24 MESSAGE/);
    expect(hub.batches.filter(({ records }) => records.length > 0)).toMatchObject([
      { object: 'notify', records: [{ DeviceID: camera(7).id, Event: 'OFF' }] },
    ]);
    expect(hub.batches.filter(({ object }) => object === 'keepalive')).toMatchObject([{ records: [] }]);
    expect(hub.unreadable().map(({ message, code }) => [message, code])).toEqual([
      ['no object of the manifest names message Alarm', 'HUB_MAP_NO_FORM'],
      ['message Notify.Catalog has no list where `records` says', undefined],
    ]);
  });

  test('without the password is refused, and sent away when it goes on; nothing of it is taken', async () => {
    const world = await begin(proto);
    const platform = await openPlatform(world, proto);
    platform.send(encodeRequest({ cseq: 30, body: encodeKeepalive() }));
    await hears(platform, /SIP\/2\.0 403 Forbidden/);
    for (const at of [1, 2, 3]) {
      await register(platform, { password: 'guess' });
      await eventually(() => platform.heard().split('SIP/2.0 403').length === at + 2, {
        what: 'the refusal',
      });
    }
    await eventually(() => world.away.length > 0, { what: 'the end' });
    expect(world.away).toEqual(['3 wrong passwords without a sound one']);
    expect([world.hub.asked, world.notices]).toEqual([[], []]);
  });
});
