import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SourceRecord } from '../../kit/contract.ts';
import { NOW, OPTIONS } from '../../kit/frame-codec.fixture.ts';
import type { FrameItem } from '../../kit/frame-codec.ts';
import { openDraft } from '../draft-mapping.fixture.ts';
import {
  camera,
  codec,
  encodeCatalog,
  encodeEvent,
  encodeOk,
  encodeRequest,
  encodeXml,
  join,
  PLATFORM,
  read,
} from './gb28181.fixture.ts';

const devices = (item: FrameItem | undefined): readonly SourceRecord[] =>
  item?.kind === 'frame'
    ? (item.records.flatMap((record) => (record.DeviceList as SourceRecord).Item) as SourceRecord[])
    : [];

describe('a catalogue', () => {
  test('in one message is one record with its devices, and is answered with 200 OK', () => {
    const request = encodeRequest({ body: encodeCatalog([camera(1)], { sum: 1 }) });
    const [item, ...more] = read(request);
    expect(more).toEqual([]);
    expect(item).toEqual({
      kind: 'frame',
      message: 'Catalog',
      device: PLATFORM,
      records: [
        {
          '@message': 'Catalog',
          '@device': PLATFORM,
          CmdType: 'Catalog',
          SN: '17',
          DeviceID: PLATFORM,
          SumNum: '1',
          DeviceList: {
            Item: [
              {
                DeviceID: '43110300001320000001',
                Name: '冷水滩区零陵路1号',
                Manufacturer: 'Hikvision',
                Model: 'IP Camera',
                Owner: '0',
                CivilCode: '431103',
                Address: '冷水滩区',
                Parental: '0',
                SafetyWay: '0',
                RegisterWay: '1',
                Secrecy: '0',
                Status: 'ON',
                Longitude: '111.607156',
                Latitude: '26.434364',
              },
            ],
          },
        },
      ],
      raw: request,
      reply: encodeOk(),
      whole: true,
    });
  });

  test.each([
    ['GB2312', 'gb18030'],
    ['GBK', 'gb18030'],
    ['GB18030', 'gb18030'],
    ['UTF-8', 'utf-8'],
    ['GB2312', 'utf-8'],
    ['UTF-8', 'gb18030'],
  ])('that says %s and is %s is read as what it is', (declared, encoding) => {
    const body = encodeCatalog([camera(1)], { sum: 1, declared, encoding });
    expect(devices(read(encodeRequest({ body }))[0])).toMatchObject([{ Name: '冷水滩区零陵路1号' }]);
  });

  test('in several messages is whole once SumNum devices are there; each message is answered at once', () => {
    const all = [1, 2, 3, 4, 5].map(camera);
    const parts = [all.slice(0, 2), all.slice(2, 4), all.slice(4)].map((some, at) =>
      encodeRequest({ cseq: at, body: encodeCatalog(some, { sum: 5 }) }),
    );
    const items = read(parts);
    expect(items.map((item) => item.kind === 'frame' && item.reply)).toEqual(
      [0, 1, 2].map((cseq) => encodeOk({ cseq })),
    );
    expect(items.map((item) => item.kind === 'frame' && item.records.length)).toEqual([0, 0, 1]);
    const [, , whole] = items;
    expect(devices(whole).map((device) => device.DeviceID)).toEqual(all.map(({ id }) => id));
    expect(whole?.raw).toEqual(join(parts));
  });

  test('a message that comes twice, because its answer was lost, counts once and is answered again', () => {
    const one = encodeRequest({ cseq: 1, body: encodeCatalog([camera(1)], { sum: 2 }) });
    const two = encodeRequest({ cseq: 2, body: encodeCatalog([camera(2)], { sum: 2 }) });
    const items = read([one, one, two]);
    expect(items.map(devices).map(({ length }) => length)).toEqual([0, 0, 2]);
    expect(items.map((item) => item.kind === 'frame' && item.reply)).toEqual(
      [1, 1, 2].map((cseq) => encodeOk({ cseq })),
    );
  });

  test('that names a device twice does not count as whole for it: a lost message stays lost', () => {
    const part = (cseq: number, at: number) =>
      encodeRequest({ cseq, body: encodeCatalog([camera(at)], { sum: 2 }) });
    const items = read([part(1, 1), part(2, 1)], { incomplete: 'accept' });
    expect(
      items.map((item) => item.kind === 'frame' && [devices(item).length, item.whole, item.incomplete]),
    ).toEqual([
      [1, undefined, undefined],
      [1, undefined, undefined],
      [0, undefined, true],
    ]);
  });

  test('of which the last message comes once more when it is whole begins no new one', () => {
    const part = (at: number) => encodeRequest({ cseq: at, body: encodeCatalog([camera(at)], { sum: 2 }) });
    const items = read([part(1), part(2), part(2)]);
    expect(items.map((item) => item.kind === 'frame' && [item.records.length, item.whole])).toEqual([
      [0, undefined],
      [1, true],
      [0, undefined],
    ]);
  });

  test('does not undo what notices said while it came', () => {
    const part = (at: number) => encodeRequest({ cseq: at, body: encodeCatalog([camera(at)], { sum: 3 }) });
    const notice = (at: number, event: string) =>
      encodeRequest({ cseq: 50 + at, method: 'NOTIFY', body: encodeEvent(camera(at).id, event) });
    const items = read([part(1), notice(1, 'OFF'), notice(2, 'DEL'), part(2), notice(4, 'ADD'), part(3)], {
      incomplete: 'accept',
    });
    expect(devices(items.at(-1)).map(({ DeviceID, Status }) => [DeviceID, Status])).toEqual([
      [camera(1).id, 'OFF'],
      [camera(3).id, 'ON'],
      [camera(4).id, undefined],
    ]);
    expect(items.at(-1)).toMatchObject({ whole: true });
  });

  test('answers to two questions do not mix', () => {
    const part = (serial: number, at: number) =>
      encodeRequest({ cseq: serial * 10 + at, body: encodeCatalog([camera(at)], { sum: 2, serial }) });
    const items = read([part(1, 1), part(2, 3), part(1, 2), part(2, 4)]);
    expect(items.map((item) => devices(item).map(({ Name }) => Name))).toEqual([
      [],
      [],
      ['冷水滩区零陵路1号', '冷水滩区零陵路2号'],
      ['冷水滩区零陵路3号', '冷水滩区零陵路4号'],
    ]);
  });

  test('of which a message is lost is set aside when its time is over; or lands as it comes, and is no snapshot', () => {
    const part = encodeRequest({ body: encodeCatalog([camera(1), camera(2)], { sum: 3 }) });
    const late = (incomplete: 'setAside' | 'accept') => {
      const { state, items: atOnce } = codec.step(codec.begin({ ...OPTIONS, incomplete }), part, NOW);
      expect(devices(atOnce[0])).toHaveLength(incomplete === 'accept' ? 2 : 0);
      expect(codec.step(state, new Uint8Array(0), NOW + 29_999).items).toEqual([]);
      const atEnd = codec.end(state, NOW).items;
      const { items } = codec.step(state, new Uint8Array(0), NOW + 30_000);
      expect(atEnd).toEqual(items);
      return items;
    };
    expect(late('setAside')).toMatchObject([{ kind: 'refused', reason: 'INCOMPLETE', raw: part }]);
    const [item, ...more] = late('accept');
    expect(more).toEqual([]);
    expect(item).toMatchObject({
      kind: 'frame',
      message: 'Catalog',
      incomplete: true,
      reply: null,
      records: [],
      raw: part,
    });
  });

  test('without devices is whole at once; without a number of devices it is not waited for', () => {
    expect(read(encodeRequest({ body: encodeCatalog([], { sum: 0 }) }))).toMatchObject([
      { records: [{ DeviceList: { Item: [] } }] },
    ]);
    const body = encodeXml(
      '<Response><CmdType>Catalog</CmdType><SN>1</SN><DeviceList Num="1"><Item><DeviceID>1</DeviceID></Item></DeviceList></Response>',
    );
    expect(devices(read(encodeRequest({ body }))[0])).toEqual([{ DeviceID: '1' }]);
  });

  test('never keeps more messages than allowed', () => {
    const parts = [1, 2].map((at) =>
      encodeRequest({ cseq: at, body: encodeCatalog([camera(at)], { sum: 9, serial: at }) }),
    );
    expect(read(parts, { parts: 1, frameBytes: 1000 })).toMatchObject([
      { kind: 'frame', records: [] },
      { kind: 'refused', reason: 'LIMIT', raw: parts[0] },
      { kind: 'frame', records: [] },
      { kind: 'refused', reason: 'INCOMPLETE', raw: parts[1] },
    ]);
  });

  test('shows no camera’s password', () => {
    const [item] = read(encodeRequest({ body: encodeCatalog([camera(1)], { sum: 1 }) }));
    expect(JSON.stringify(item?.kind === 'frame' && item.records)).not.toMatch(/password|admin12345/i);
  });

  test('any cameras come back, however many a message carries', () => {
    const name = fc.string({
      unit: fc.constantFrom('零', '陵', '𠮷', '㑇', '<', '&', 'A', '1'),
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        (names, size) => {
          const cameras = names.map((each, at) => ({ ...camera(at), name: `北${each}` }));
          const parts = Array.from({ length: Math.ceil(cameras.length / size) }, (_, at) =>
            encodeRequest({
              cseq: at,
              body: encodeCatalog(cameras.slice(at * size, (at + 1) * size), { sum: cameras.length }),
            }),
          );
          expect(devices(read(parts).at(-1)).map(({ Name }) => Name)).toEqual(
            cameras.map((each) => each.name),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('the manifest of the political-legal commission', () => {
  test('makes cameras of a catalogue and states of notices', async () => {
    const list = await openDraft('political-legal', 'catalog');
    const [catalog] = read(encodeRequest({ body: encodeCatalog([camera(1)], { sum: 1 }) }));
    expect(devices(catalog).flatMap(list)).toMatchObject([
      {
        row: {
          type: 'Camera',
          key: '43110300001320000001',
          values: { name: '冷水滩区零陵路1号', state: 'ON' },
        },
      },
    ]);
    const event = await openDraft('political-legal', 'notify');
    const [notice] = read(encodeRequest({ method: 'NOTIFY', body: encodeEvent(camera(1).id, 'OFF') }));
    expect(devices(notice).flatMap(event)).toMatchObject([
      { row: { type: 'Camera', key: '43110300001320000001', values: { state: 'OFF' } } },
    ]);
  });
});
