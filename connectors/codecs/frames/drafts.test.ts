// What the departments' drafted manifests make of what their devices say: the codecs' columns are the manifests' columns.
import { describe, expect, test } from '@jest/globals';
import { readAll } from '../../kit/frame-codec.fixture.ts';
import type { FrameCodec } from '../../kit/frame-codec.ts';
import { toJoined } from '../../kit/frame-parts.ts';
import { aisCodec } from '../ais/ais-codec.ts';
import { encodeAis, type Field, textFields } from '../ais/encode.fixture.ts';
import { openDraft } from '../draft-mapping.fixture.ts';
import { encodeUpload } from '../hj212/encode.fixture.ts';
import { hj212Codec } from '../hj212/hj212-codec.ts';
import { encodeAscii, encodeHex } from '../sl651/encode.fixture.ts';
import { sl651Codec } from '../sl651/sl651-codec.ts';
import type { FrameState } from './frame-codec.ts';
import { framesOf } from './read-stream.fixture.ts';

async function rowsOf(
  unit: string,
  object: string,
  codec: FrameCodec<FrameState>,
  ...frames: readonly Uint8Array[]
) {
  const map = await openDraft(unit, object);
  const records = framesOf(readAll(codec, toJoined(frames))).flatMap((frame) => frame.records);
  return records.flatMap(map).filter((outcome) => outcome.kind === 'row');
}

describe('hydrology', () => {
  test('gets a river reading and a rain reading of one report, found by the address of the station', async () => {
    const report = {
      center: 1,
      address: '0061100001',
      password: 'A000',
      word: '32',
      serial: '0001',
      sentAt: '260405083002',
      groups: [
        {
          station: '0061100001',
          type: 'H',
          observedAt: '2604050830',
          elements: { '20': '13.0', '22': '4.5', '39': '98.125', '27': '1203.400' },
        },
      ],
    };
    const links = [{ link: 'station', lookup: { values: ['0061100001'] } }];
    const observedAt = '2026-04-05T00:30:00Z';
    for (const frame of [encodeHex(report), encodeAscii(report)])
      expect(await rowsOf('hydrology', 'report', sl651Codec, frame)).toMatchObject([
        { row: { type: 'RiverReading', observedAt, values: { stage: 98.125, flow: 1203.4 }, links } },
        { row: { type: 'RainReading', observedAt, values: { amount: 4.5, total: 13 }, links } },
      ]);
  });
});

describe('ecology', () => {
  const upload = (command: string, values: Readonly<Record<string, string>>) =>
    encodeUpload({
      head: { QN: '20260405083000123', ST: '32', CN: command, PW: '123456', MN: 'a1000', Flag: '5' },
      dataTime: '20260405083000',
      items: { w01018: values, w21003: { ...values, Flag: 'D' } },
    });

  test('gets a reading of each pollutant, with its quality and at its outlet', async () => {
    const rows = await rowsOf('ecology', 'realtime', hj212Codec, upload('2011', { Rtd: '32.50', Flag: 'N' }));
    expect(rows).toMatchObject([
      {
        row: {
          type: 'EmissionReading',
          key: 'A1000~COD~REAL_TIME~2026-04-05T00:30:00Z',
          values: { pollutant: 'COD', value: 32.5, valueQuality: 'GOOD' },
        },
      },
      { row: { values: { pollutant: 'NH3_N', value: 32.5, valueQuality: 'BAD' } } },
    ]);
  });

  test('gets means, least and most of ten minutes and of hours', async () => {
    const values = { Avg: '2.5', Min: '1.0', Max: '4.0', Cou: '7.1', Flag: 'N' };
    for (const [object, command] of [
      ['tenMinutes', '2051'],
      ['hourly', '2061'],
    ] as const)
      expect((await rowsOf('ecology', object, hj212Codec, upload(command, values)))[0]).toMatchObject({
        row: { values: { value: 2.5, least: 1, most: 4, total: 7.1 } },
      });
  });
});

describe('maritime', () => {
  const head = (type: number): readonly Field[] => [
    [type, 6],
    [0, 2],
    [412345678, 30],
  ];

  test('gets the vessel and its position of one message, and no position where it is not available', async () => {
    const position = (lon: number, lat: number) => [
      ...head(1),
      ...([
        [0, 4],
        [0, 8],
        [83, 10],
        [1, 1],
        [lon * 600_000, 28],
        [lat * 600_000, 27],
        [912, 12],
        [90, 9],
        [30, 6],
        [0, 25],
      ] as const),
    ];
    const of = (lon: number, lat: number) =>
      rowsOf('maritime', 'position', aisCodec, ...encodeAis(position(lon, lat)));
    expect(await of(111.608, 26.4345)).toMatchObject([
      { row: { type: 'Vessel', key: '412345678' } },
      {
        row: {
          type: 'VesselPosition',
          observedAt: '2026-04-05T00:29:30Z',
          values: { location: { lon: 111.608, lat: 26.4345 }, speed: 8.3, course: 91.2 },
        },
      },
    ]);
    expect(await of(181, 91)).toMatchObject([{}, { row: { values: { location: null } } }]);
  });

  test('gets what a vessel says of itself, by class A and by the halves of class B', async () => {
    const size: readonly Field[] = [
      [20, 9],
      [5, 9],
      [3, 6],
      [3, 6],
    ];
    const nameA = [...head(24), [0, 2] as const, ...textFields('XIANG YONG 1', 120)];
    expect(await rowsOf('maritime', 'staticA', aisCodec, ...encodeAis(nameA))).toMatchObject([
      { row: { type: 'Vessel', key: '412345678', values: { name: 'XIANG YONG 1' } } },
    ]);
    const sizeB = [
      ...head(24),
      [1, 2] as const,
      [70, 8] as const,
      [0, 42] as const,
      ...textFields('BXYZ1', 42),
      ...size,
      [0, 6] as const,
    ];
    expect(await rowsOf('maritime', 'staticB', aisCodec, ...encodeAis(sizeB))).toMatchObject([
      { row: { values: { callSign: 'BXYZ1', kind: 'CARGO', length: 25, beam: 6 } } },
    ]);
    const all = [
      ...head(5),
      [0, 2] as const,
      [0, 30] as const,
      ...textFields('BXYZ1', 42),
      ...textFields('XIANG YONG 1', 120),
      [60, 8] as const,
      ...size,
      [1, 4] as const,
      [0, 20] as const,
      [18, 8] as const,
      ...textFields('YONGZHOU', 120),
      [0, 2] as const,
    ];
    expect(await rowsOf('maritime', 'static', aisCodec, ...encodeAis(all, { total: 2 }))).toMatchObject([
      { row: { values: { name: 'XIANG YONG 1', kind: 'PASSENGER', length: 25, beam: 6, draught: 1.8 } } },
    ]);
  });
});
