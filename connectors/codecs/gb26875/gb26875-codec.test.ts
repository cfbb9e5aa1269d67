import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromHex, readAll, toHex, toHexReader } from '../../kit/frame-codec.fixture.ts';
import { openDraft } from '../draft-mapping.fixture.ts';
import {
  ALARM,
  encodeFrame,
  encodePart,
  encodeTime,
  encodeUnit,
  frame,
  type SentPart,
} from './gb26875.fixture.ts';
import { gb26875Codec } from './gb26875-codec.ts';

const { read, only } = toHexReader(gb26875Codec);
const data = (hex: string) => fromHex(hex);
const items = (bytes: Uint8Array) => {
  const [item] = readAll(gb26875Codec, bytes);
  return item?.kind === 'frame' ? item.records[0]?.items : item;
};

const time = fc
  .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2099-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString().replace(/\D/g, '').slice(2, 14));
const PART: SentPart = {
  systemType: 1,
  systemAddress: 3,
  partType: 40,
  partAddress: 7,
  state: 1,
  text: '二层走廊',
  time: '260405082959',
};
const part: fc.Arbitrary<SentPart> = fc.record({
  systemType: fc.nat(255),
  systemAddress: fc.nat(255),
  partType: fc.nat(255),
  partAddress: fc.nat(0xffffffff),
  state: fc.nat(0xffff),
  text: fc.string({ unit: fc.constantFrom('层', '区', '㑇', 'A', '7', ' '), maxLength: 7 }),
  time,
});

describe('the state of a part', () => {
  test('the example in public hands is read byte for byte, and confirmed', () => {
    expect(only(ALARM)).toEqual({
      kind: 'frame',
      message: '2',
      device: '000000000000',
      records: [
        {
          '@message': '2',
          '@device': '000000000000',
          serial: 0,
          version: '1.1',
          sentAt: '201022171324',
          type: 2,
          items: [
            {
              type: 2,
              systemType: 1,
              systemAddress: 3,
              partType: 0,
              partAddress: 393_433,
              state: 2,
              signals: ['fire'],
              text: 'Ａ区１层呷哺走廊',
              time: '200801191848',
            },
          ],
        },
      ],
      raw: fromHex(ALARM),
      reply: encodeFrame({
        serial: 0,
        sentAt: '260405083000',
        source: '010203040506',
        target: '000000000000',
        command: 3,
        data: new Uint8Array(0),
      }),
    });
  });

  test('the other print of the example is refused: its end is not where its length says', () => {
    const wrong = ALARM.replace('68 2323', 'D4 242323');
    expect(read(wrong)).toMatchObject([
      {
        kind: 'refused',
        reason: 'LENGTH',
        offset: 0,
        message: 'no end mark behind the 48 bytes of data that it says',
      },
      { kind: 'refused', reason: 'NOISE', raw: Uint8Array.of(0x23) },
    ]);
    expect(only(ALARM.replace('68 2323', 'D4 2323'))).toMatchObject({ kind: 'refused', reason: 'CHECKSUM' });
  });

  test('what is written comes back, any number of parts', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), fc.nat(0xffff), (parts, serial) => {
        const [item] = readAll(gb26875Codec, frame(encodeUnit(2, parts.map(encodePart)), { serial }));
        expect(item).toMatchObject({
          device: '0746010000A1',
          records: [
            {
              serial,
              type: 2,
              items: parts.map(({ text, ...rest }) => ({ ...rest, text: text.trim() })),
            },
          ],
        });
      }),
    );
  });

  test('several signals of one part, with those that the standard keeps for later', () => {
    const bytes = encodePart({ ...PART, state: 0b1000_0011_1111_1111 });
    expect(items(frame(encodeUnit(2, [bytes])))).toMatchObject([
      {
        signals: [
          'normal',
          'fire',
          'fault',
          'shielded',
          'supervision',
          'started',
          'feedback',
          'delayed',
          'powerFault',
          'bit9',
          'bit15',
        ],
      },
    ]);
  });

  test('a text that fills its 31 bytes loses its last half character; one that cannot be read is null, the alarm is there', () => {
    const long = '零陵区南津中路消防控制室一层南侧';
    expect(items(frame(encodeUnit(2, [encodePart({ ...PART, text: long })])))).toMatchObject([
      { text: long.slice(0, 15) },
    ]);
    const torn = encodePart({ ...PART, state: 2 });
    torn[9] = 0xff;
    expect(items(frame(encodeUnit(2, [torn])))).toMatchObject([{ text: null, signals: ['fire'] }]);
  });

  test('without a time of its own has the time of the frame', () => {
    expect(items(frame(encodeUnit(2, [encodePart(PART).subarray(0, 40)])))).toMatchObject([
      { partAddress: 7, time: '260405083000' },
    ]);
  });

  test('lands as the fire brigade’s manifest says: one row a signal, found by its site', async () => {
    const map = await openDraft('fire-rescue', 'frames', { '@site': 'yz-0746-001' });
    const [item] = read(ALARM);
    const outcomes = item?.kind === 'frame' ? item.records.flatMap(map) : [];
    expect(outcomes).toMatchObject([
      {
        kind: 'row',
        row: {
          type: 'FireAlarm',
          values: { system: 3, part: '393433', signal: 'FIRE', partText: 'Ａ区１层呷哺走廊' },
        },
      },
    ]);
  });
});

describe('the other types', () => {
  test.each([
    [
      '1, a system',
      1,
      '01 03 0221',
      { systemType: 1, systemAddress: 3, state: 0x2102, signals: ['fire', 'mainPowerFault', 'reset'] },
    ],
    [
      '3, an analogue value below zero',
      3,
      '01 03 1E 07000000 03 CEFF',
      { systemType: 1, systemAddress: 3, partType: 30, partAddress: 7, quantity: 3, value: -50 },
    ],
    [
      '4, an operation',
      4,
      '01 03 24 05',
      { systemType: 1, systemAddress: 3, operations: ['manualAlarm', 'confirmed'], operator: 5 },
    ],
    [
      '21, the transmission device',
      21,
      '61',
      { state: 0x61, signals: ['normal', 'channelFault', 'lineFault'] },
    ],
    ['24, an operation of the device', 24, '20 09', { operations: ['dutyAnswered'], operator: 9 }],
    ['28, its time', 28, '', {}],
  ])('%s', (_, type, object, expected) => {
    const time = '260405082959';
    const bytes = new Uint8Array(Buffer.concat([data(object), encodeTime(time)]));
    expect(items(frame(encodeUnit(type, [bytes])))).toEqual([{ type, ...expected, time }]);
    expect(items(frame(encodeUnit(type, [bytes, bytes])))).toHaveLength(2);
  });

  test('a type that the hub does not read is kept as it came, and confirmed', () => {
    const [item] = readAll(gb26875Codec, frame(data('05 01 0103 0102')));
    expect(item).toMatchObject({ message: '2', records: [{ type: 5, body: data('05 01 0103 0102') }] });
    expect(item?.kind === 'frame' && item.reply).not.toBeNull();
  });

  test('a clock that was never set is told as it is', () => {
    const bytes = new Uint8Array(6).fill(255);
    expect(items(frame(encodeUnit(28, [bytes])))).toMatchObject([{ time: '255'.repeat(6) }]);
  });
});

describe('the other commands', () => {
  test('confirmations and denials say nothing and are not answered', () => {
    for (const command of [3, 6])
      expect(readAll(gb26875Codec, frame(data(''), { command }))).toMatchObject([
        { message: `${command}`, records: [], reply: null },
      ]);
  });

  test('an answer to a question is read like data that comes by itself, and not answered', () => {
    expect(readAll(gb26875Codec, frame(encodeUnit(2, [encodePart(PART)]), { command: 5 }))).toMatchObject([
      { message: '5', records: [{ type: 2, items: [{ partAddress: 7 }] }], reply: null },
    ]);
  });

  test('orders, questions and what makers add are kept as they came', () => {
    for (const command of [1, 4, 130])
      expect(readAll(gb26875Codec, frame(data('5A01'), { command }))).toMatchObject([
        { message: `${command}`, records: [{ body: data('5A01') }], reply: null },
      ]);
  });
});

test('an answer has its own check sum and the clock of Yongzhou', () => {
  const [item] = read(ALARM);
  expect(item?.kind === 'frame' && toHex(item.reply)).toBe(
    '404000000101001E0805041A060504030201000000000000000003632323',
  );
});
