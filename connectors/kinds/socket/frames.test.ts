// What frames over TCP become: batches by the manifest's objects, and nothing lost of what is none.
import { afterEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import { openWorld, settled, toPackets, toReport, type World, type WorldOptions } from './peers.fixture.ts';

const worlds: World[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});
async function begin(options?: WorldOptions): Promise<World> {
  const world = await openWorld(options);
  worlds.push(world);
  return world;
}

describe('a report', () => {
  test('is a record of its object, with the address of its sender', async () => {
    const { hub, station } = await begin();
    const one = await station();
    one.send(toReport(12));
    await settled(one, 1);
    expect(hub.batches).toEqual([
      {
        object: 'report',
        receivedAt: '2026-04-05T00:30:00.000Z',
        records: [
          {
            ...{ '@message': '32', '@device': '0010100001', '@peer': '127.0.0.1' },
            ...{ center: 1, serial: 12, sentAt: '260405083000', station: '0010100001' },
            ...{ stationType: 'H', observedAt: '2604050830', elements: { '39': '0.550' } },
          },
        ],
      },
    ]);
  });

  test('is read however it was cut', async () => {
    const { hub, station } = await begin();
    const one = await station();
    const stream = Buffer.concat([1, 2, 3].map((serial) => toReport(serial)));
    for (const [at] of stream.entries()) {
      one.send(stream.subarray(at, at + 1));
      if (at % 9 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await settled(one, 3);
    expect(one.answered()).toEqual([1, 2, 3]);
    expect(hub.records().map(({ serial }) => serial)).toEqual([1, 2, 3]);
    expect(hub.unreadable()).toEqual([]);
  });

  test('of one station does not disturb those of others that come between its pieces', async () => {
    const { hub, station } = await begin();
    const stations = await Promise.all([1, 2, 3, 4, 5].map(() => station()));
    const [sent, most] = [stations.map((_, at) => toReport(at, { address: `001010000${at}` })), 60];
    for (let at = 0; at < most; at += 7) {
      for (const [index, one] of stations.entries())
        one.send((sent[index] ?? new Uint8Array(0)).subarray(at, at + 7));
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const one of stations) await settled(one, 1);
    expect(stations.map((one) => one.answered())).toEqual([[0], [1], [2], [3], [4]]);
    expect(hub.records().map((record) => record.station)).toHaveLength(5);
    expect(hub.unreadable()).toEqual([]);
  });

  test('that comes twice is handed over twice and answered twice: the hub knows that it is one', async () => {
    const { hub, station } = await begin();
    const one = await station();
    one.send(toReport(7), toReport(7));
    await settled(one, 2);
    expect(one.answered()).toEqual([7, 7]);
    expect(hub.records()).toHaveLength(2);
  });

  test('comes to the hub together with all that came with it, a hundred frames at most', async () => {
    const { hub, station } = await begin();
    const one = await station();
    hub.shut();
    one.send(toReport(0));
    await eventually(() => hub.asked.length === 1, { what: 'the first batch' });
    one.send(Buffer.concat(Array.from({ length: 250 }, (_, at) => toReport(at + 1))));
    hub.open();
    await settled(one, 251);
    expect(one.answered()).toEqual(Array.from({ length: 251 }, (_, at) => at));
    const sizes = hub.batches.map(({ records }) => records.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
    expect(hub.batches.length).toBeLessThan(20);
  });
});

describe('a report in packets', () => {
  test('is one record and one answer when all have come', async () => {
    const { hub, station } = await begin();
    const one = await station();
    one.send(...toPackets(5, 3).toReversed());
    await eventually(() => one.bytes().length > 0, { what: 'the answer' });
    expect(hub.records()).toMatchObject([{ serial: 5, elements: { '39': '0.550' } }]);
  });

  test('of which one is lost is set aside part by part when its time is over; its station stays', async () => {
    const world = await begin();
    const one = await world.station();
    one.send(...toPackets(5, 30).slice(0, 29), toReport(6));
    await settled(one, 1);
    world.now += 60_000;
    await eventually(() => world.hub.unreadable().length === 29, { what: 'the parts' });
    expect(new Set(world.hub.unreadable().map(({ code }) => code))).toEqual(new Set(['HUB_MAP_INCOMPLETE']));
    one.send(toReport(7));
    await settled(one, 2);
    expect(one.answered()).toEqual([6, 7]);
  });
});

describe('a message', () => {
  test('that keeps up the link is a batch without records, once for all that came together', async () => {
    const { hub, station } = await begin();
    const one = await station();
    one.send(toReport(1, { word: '2F', groups: [] }));
    await eventually(() => hub.batches.length === 1, { what: 'the sign of life' });
    expect(hub.batches).toEqual([
      { object: 'keepalive', records: [], receivedAt: '2026-04-05T00:30:00.000Z' },
    ]);
  });

  test('that is known and not wanted is answered, and the hub hears nothing of it', async () => {
    const { hub, station } = await begin();
    const one = await station();
    one.send(toReport(1, { word: '30' }));
    await settled(one, 1);
    expect(hub.asked).toEqual([]);
  });

  test('that no object names is set aside with what it says, and answered; its password is not kept', async () => {
    const { hub, station } = await begin();
    const one = await station();
    one.send(toReport(1, { word: '34' }));
    await settled(one, 1);
    expect(hub.batches).toMatchObject([{ object: 'report', records: [] }]);
    expect(hub.unreadable()).toMatchObject([
      {
        code: 'HUB_MAP_NO_FORM',
        message: 'no object of the manifest names message 34',
        raw: { '@message': '34', '@device': '0010100001', '@peer': '127.0.0.1', records: [{ serial: 1 }] },
      },
    ]);
    expect(hub.unreadable()[0]?.raw).not.toHaveProperty('@raw');
  });

  test('that no object names goes to the object that names none, where there is one', async () => {
    const { hub, station } = await begin({ objects: { report: { message: ['32'] }, rest: {} } });
    const one = await station();
    one.send(toReport(1), toReport(2, { word: '34' }));
    await settled(one, 2);
    expect(hub.batches.map(({ object }) => object)).toEqual(['report', 'rest']);
  });
});

describe('what is no sound frame', () => {
  test('is set aside with its bytes, its reason and its place, and what stands behind it is read', async () => {
    const { hub, station } = await begin();
    const one = await station();
    const damaged = Uint8Array.from(toReport(1));
    damaged.set([0xff], 30);
    one.send(damaged, toReport(2));
    await settled(one, 1);
    expect(one.answered()).toEqual([2]);
    expect(hub.unreadable()).toMatchObject([
      { raw: { '@raw': damaged, '@reason': 'CHECKSUM', '@offset': 0, '@peer': '127.0.0.1' } },
    ]);
  });

  test('is no more than the last of it where a line breaks in the middle of many', async () => {
    const { hub, station } = await begin();
    hub.shut();
    const one = await station();
    one.send(Buffer.concat(Array.from({ length: 800 }, (_, at) => toReport(at))));
    await eventually(() => hub.asked.length === 1, { what: 'the first batch' });
    one.socket.resetAndDestroy();
    const other = await station();
    other.send(toReport(1, { word: '30' }));
    await settled(other, 1);
    hub.open();
    const serials = () => hub.records().map(({ serial }) => serial);
    await eventually(() => serials().length > 200, { what: 'what had come' });
    expect(serials()).toEqual(serials().map((_, at) => at));
    const reasons = hub.unreadable().map(({ raw }) => raw['@reason']);
    expect([[], ['BROKEN']]).toContainEqual(reasons);
  });

  test('is what a station leaves open when it goes', async () => {
    const { hub, station } = await begin();
    const one = await station();
    one.send(toReport(1), toReport(2).subarray(0, 20));
    one.socket.end();
    await eventually(() => hub.unreadable().length === 1, { what: 'the rest' });
    expect(hub.unreadable()).toMatchObject([{ raw: { '@reason': 'BROKEN' } }]);
    expect(one.answered()).toEqual([1]);
  });
});
