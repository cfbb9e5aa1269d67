import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromHex, readAll, toHex, toHexReader } from '../../kit/frame-codec.fixture.ts';
import { openDraft } from '../draft-mapping.fixture.ts';
import {
  encodeBatch,
  encodeFrame,
  encodeLocation,
  frame,
  LOCATION,
  location,
  POSITION,
  phone,
  REGISTRATION,
  type SentLocation,
} from './jt808.fixture.ts';
import { jt808Codec } from './jt808-codec.ts';

const BATCH =
  '7E07040053112233445566 22B8 0002 00 0026 00000001 00000002 00BA7F0E 07E4F11C 0028 003C 0000 180715101010 010400000064 02020037 0026 00000002 00000001 00CB7355 07E6A323 0029 0036 0078 180715101030 010400000060 02020042 D4 7E';

const { read, only } = toHexReader(jt808Codec);

describe('a location', () => {
  test('the example of the documents: escapes undone, alarm and status as bits, the additional items by name', () => {
    expect(only(LOCATION)).toEqual({
      kind: 'frame',
      message: '0200',
      device: '123456789012',
      records: [
        {
          '@message': '0200',
          '@device': '123456789012',
          phone: '123456789012',
          serial: 126,
          alarmBits: [0],
          statusBits: [1],
          lat: 12_222_222,
          lon: 132_444_444,
          altitude: 40,
          speed: 60,
          direction: 0,
          time: '181015101010',
          extra: { mileage: 100, fuel: 125 },
        },
      ],
      raw: fromHex(LOCATION),
      reply: fromHex('7E 80 01 00 05 12 34 56 78 90 12 00 00 00 7D 02 02 00 00 72 7E'),
    });
  });

  test('from the field: items of makers stay as hex by their id', () => {
    const item = only(
      '7E02000052002002604323 00A4 00020000 000C0002 0158B91B 06CB7061 0046 0000 0059 210922163758 010400000001 03020000 250400000001 300111 310110 E30100 D51B022002604323279593786160001220000012342795937861580012 86 7E',
    );
    expect(item).toMatchObject({
      kind: 'frame',
      device: '002002604323',
      records: [
        {
          alarmBits: [17],
          statusBits: [1, 18, 19],
          lat: 22_591_771,
          lon: 113_995_873,
          time: '210922163758',
          extra: {
            mileage: 1,
            recordedSpeed: 0,
            signalBits: [0],
            networkSignal: 17,
            satellites: 16,
            E3: '00',
            D5: '022002604323279593786160001220000012342795937861580012',
          },
        },
      ],
    });
  });

  test('every additional item of the standard, with the sign and the gaps that it codes', () => {
    const pressures = Array.from({ length: 30 }, (_, at) => (at === 2 ? 0xff : at));
    const items: SentLocation['items'] = [
      [0x01, [0, 0, 1, 0]],
      [0x02, [0, 200]],
      [0x03, [2, 88]],
      [0x04, [0, 9]],
      [0x05, pressures],
      [0x06, [0x80, 0x05]],
      [0x11, [4, 0, 0, 0, 8]],
      [0x12, [1, 0, 0, 0, 7, 1]],
      [0x13, [0, 0, 0, 6, 0, 90, 1]],
      [0x25, [0x80, 0, 0, 3]],
      [0x2a, [0, 1]],
      [0x2b, [0, 2, 0, 1]],
      [0x30, [31]],
      [0x31, [12]],
      [0x2a, [1, 2, 3]],
    ];
    const item = only(frame('0200', encodeLocation({ ...POSITION, items })));
    expect(item).toMatchObject({
      records: [
        {
          extra: {
            mileage: 256,
            fuel: 200,
            recordedSpeed: 600,
            alarmEvent: 9,
            tirePressure: pressures.map((value) => (value === 0xff ? null : value)),
            temperature: -5,
            overspeed: { place: 4, id: 8 },
            area: { place: 1, id: 7, direction: 1 },
            roadTime: { id: 6, seconds: 90, result: 1 },
            signalBits: [0, 1, 31],
            ioBits: [0],
            analog: [1, 2],
            networkSignal: 31,
            satellites: 12,
            '2A': '010203',
          },
        },
      ],
    });
    expect(only(frame('0200', encodeLocation({ ...POSITION, items: [[0x11, [0]]] })))).toMatchObject({
      records: [{ extra: { overspeed: { place: 0 } } }],
    });
  });

  test('what is written comes back, whatever it is, by the header of 2011 and of 2019', () => {
    fc.assert(
      fc.property(location, fc.boolean(), phone, fc.nat(0xffff), (sent, is2019, number, serial) => {
        const bytes = encodeFrame({
          message: '0200',
          phone: number,
          serial,
          is2019,
          body: encodeLocation(sent),
        });
        const [item] = readAll(jt808Codec, bytes);
        const bits = (value: number) => [...Array(32).keys()].filter((bit) => ((value >>> bit) & 1) === 1);
        expect(item).toMatchObject({
          kind: 'frame',
          device: number,
          records: [
            {
              phone: number,
              serial,
              alarmBits: bits(sent.alarm),
              statusBits: bits(sent.status),
              lat: sent.lat * ((sent.status & 4) === 0 || sent.lat === 0 ? 1 : -1),
              lon: sent.lon * ((sent.status & 8) === 0 || sent.lon === 0 ? 1 : -1),
              altitude: sent.altitude,
              speed: sent.speed,
              direction: sent.direction,
              time: sent.time,
            },
          ],
        });
      }),
      { numRuns: 200 },
    );
  });

  test('a plate is not in it: the protocol links it by the terminal number alone', () => {
    const stream = `${REGISTRATION}${frame('0200', encodeLocation(POSITION))}`;
    const [, item] = read(stream);
    expect(Object.keys(item?.kind === 'frame' ? (item.records[0] ?? {}) : {})).not.toContain('plate');
  });
});

describe('a batch', () => {
  test('is one record with its locations as items', () => {
    expect(only(BATCH)).toMatchObject({
      message: '0704',
      device: '112233445566',
      records: [
        {
          phone: '112233445566',
          kind: 0,
          items: [
            { alarmBits: [0], lat: 12_222_222, time: '180715101010', extra: { mileage: 100, fuel: 55 } },
            { alarmBits: [1], lat: 13_333_333, direction: 120, extra: { mileage: 96, fuel: 66 } },
          ],
        },
      ],
    });
  });

  test.each([
    ['fewer locations than it says', 2, 'LENGTH: 1 locations, the batch says 2'],
    ['none', 1, 'LENGTH: 0 locations, the batch says 1'],
  ])('with %s is refused, and the terminal is told', (_, count, words) => {
    const body = encodeBatch(1, count === 2 ? [POSITION] : []);
    body[1] = count;
    const item = only(frame('0704', body));
    expect(item?.kind === 'refused' && `${item.reason}: ${item.message}`).toBe(words);
    expect(item?.kind === 'refused' && toHex(item.reply)).toContain('0704027E'.slice(0, 6));
  });

  test('with a location that is too short, or one beyond its end, is refused', () => {
    for (const body of [
      fromHex('0001 00 0004 00000000'),
      fromHex('0001 00 0100 00'),
      fromHex('0001 00 00'),
      fromHex('00'),
    ])
      expect(only(frame('0704', body))).toMatchObject({ kind: 'refused', reason: 'LENGTH' });
  });
});

describe('the transport bureau’s manifest', () => {
  const records = (hex: string) => read(hex).flatMap((item) => (item.kind === 'frame' ? item.records : []));

  test('makes positions and alarms of a location, linked to the vehicle by the terminal', async () => {
    const map = await openDraft('transport', 'position');
    const body = encodeLocation({ ...POSITION, alarm: 0b11, items: [[1, [0, 0, 4, 0]]] });
    const rows = records(frame('0200', body)).flatMap(map);
    expect(rows).toMatchObject([
      {
        row: {
          type: 'VehiclePosition',
          values: { speed: 60.5, heading: 90, mileage: 102.4, alarms: ['EMERGENCY', 'OVERSPEED'] },
          links: [{ link: 'vehicle', lookup: { values: ['013907460001'] } }],
        },
      },
      { row: { type: 'VehicleAlarm', values: { kind: 'EMERGENCY' } } },
      { row: { type: 'VehicleAlarm', values: { kind: 'OVERSPEED' } } },
    ]);
    expect(rows).toMatchObject([{ row: { values: { location: { lon: 111.608, lat: 26.4345 } } } }, {}, {}]);
  });

  test('makes one position of each item of a batch', async () => {
    const map = await openDraft('transport', 'batch');
    const body = encodeBatch(1, [POSITION, { ...POSITION, time: '260405083010' }]);
    const rows = records(frame('0704', body))
      .flatMap(map)
      .filter(({ kind }) => kind === 'row');
    expect(rows).toMatchObject([
      { row: { type: 'VehiclePosition', values: { observedAt: '2026-04-05T00:30:00Z' } } },
      { row: { type: 'VehiclePosition', values: { observedAt: '2026-04-05T00:30:10Z' } } },
    ]);
  });
});
