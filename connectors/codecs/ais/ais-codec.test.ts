import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { expectSteady, NOW, OPTIONS, readAll } from '../../kit/frame-codec.fixture.ts';
import { toJoined } from '../../kit/frame-parts.ts';
import { expectSoundFound, faultsOf, framesOf, fromText, toStreams } from '../frames/read-stream.fixture.ts';
import { aisCodec } from './ais-codec.ts';
import { encodeAis, encodeSentence, type Field, textFields } from './encode.fixture.ts';

const read = (...texts: readonly (string | Uint8Array)[]) =>
  readAll(aisCodec, toJoined(texts.map((text) => (typeof text === 'string' ? fromText(text) : text))));
const recordsOf = (...texts: readonly (string | Uint8Array)[]) =>
  framesOf(read(...texts)).flatMap(({ records }) => records);

const VOYAGE = [
  '!AIVDM,2,1,1,A,55?MbV02;H;s<HtKR20EHE:0@T4@Dn2222222216L961O5Gf0NSQEp6ClRp8,0*1C\r\n',
  '!AIVDM,2,2,1,A,88888888880,2*25\r\n',
] as const;

describe('sentences that circulate', () => {
  test('two positions of class A', () => {
    const first = '!AIVDM,1,1,,B,15M67FC000G?ufbE`FepT@3n00Sa,0*5C';
    const second = '!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C';
    expect(read(`${first}\r\n${second}\r\n`)).toEqual([
      {
        kind: 'frame',
        message: '1',
        device: '366053209',
        records: [
          {
            '@message': '1',
            '@device': '366053209',
            mmsi: '366053209',
            status: 3,
            turn: 0,
            sog: '0.0',
            accuracy: 0,
            lon: '-122.341618',
            lat: '37.802118',
            cog: '219.3',
            heading: 1,
            second: 59,
            at: '2026-04-05T00:29:59Z',
          },
        ],
        raw: fromText(first),
        reply: null,
      },
      expect.objectContaining({
        device: '477553000',
        records: [
          {
            '@message': '1',
            '@device': '477553000',
            mmsi: '477553000',
            status: 5,
            turn: 0,
            sog: '0.0',
            accuracy: 0,
            lon: '-122.345833',
            lat: '47.582833',
            cog: '51.0',
            heading: 181,
            second: 15,
            at: '2026-04-05T00:29:15Z',
          },
        ],
        raw: fromText(second),
      }),
    ]);
  });

  test('what a ship says of itself and its voyage, in two sentences', () => {
    expect(recordsOf(...VOYAGE)).toEqual([
      {
        '@message': '5',
        '@device': '351759000',
        mmsi: '351759000',
        version: 0,
        imo: 9134270,
        callsign: '3FOF8',
        name: 'EVER DIADEM',
        shipType: 70,
        bow: 225,
        stern: 70,
        port: 1,
        starboard: 31,
        length: 295,
        width: 32,
        epfd: 1,
        etaMonth: 5,
        etaDay: 15,
        etaHour: 14,
        etaMinute: 0,
        draught: '12.2',
        destination: 'NEW YORK',
      },
    ]);
  });

  test('a base station, positions of class B, and the two halves of what a class B ship says of itself', () => {
    expect(recordsOf('!AIVDM,1,1,,A,403OviQuMGCqWrRO9>E6fE700@GO,0*4D')).toMatchObject([
      { '@message': '4', mmsi: '003669702', at: '2007-05-14T19:57:39Z', lon: '-76.352362', lat: '36.883767' },
    ]);
    expect(recordsOf('!AIVDM,1,1,,A,B52K>;h00Fc>jpUlNV@ikwpUoP06,0*4C')).toMatchObject([
      { '@message': '18', mmsi: '338087471', sog: '0.1', lon: '-74.072132', lat: '40.684540', cog: '79.6' },
    ]);
    expect(
      recordsOf('!AIVDM,1,1,,B,C5N3SRgPEnJGEBT>NhWAwwo862PaLELTBJ:V00000000S0D:R220,0*0B'),
    ).toMatchObject([
      { '@message': '19', mmsi: '367059850', name: 'CAPT.J.RIMES', shipType: 70, length: 26, heading: null },
    ]);
    expect(recordsOf('!AIVDM,1,1,,A,H42O55i18tMET00000000000000,2*6D')).toEqual([
      { '@message': '24A', '@device': '271041815', mmsi: '271041815', name: 'PROGUY' },
    ]);
    expect(recordsOf('!AIVDM,1,1,,A,H42O55lti4hhhilD3nink000?050,0*40')).toMatchObject([
      { '@message': '24B', mmsi: '271041815', callsign: 'TC6163', shipType: 60, length: 15, width: 5 },
    ]);
  });
});

const position = (own: readonly Field[], second: number): readonly Field[] => [
  ...([
    [1, 6],
    [0, 2],
    [412345678, 30],
  ] as const),
  ...own,
  [second, 6],
  [0, 25],
];
const AWAY: readonly Field[] = [
  [15, 4],
  [-128, 8],
  [1023, 10],
  [0, 1],
  [181 * 600_000, 28],
  [91 * 600_000, 27],
  [3600, 12],
  [511, 9],
];

describe('a position', () => {
  test('that is not available is null, as are speed, course, heading and turn', () => {
    expect(recordsOf(...encodeAis(position(AWAY, 60)))).toMatchObject([
      { mmsi: '412345678', sog: null, lon: null, lat: null, cog: null, heading: null, turn: null },
    ]);
  });

  test('has the time of the latest such second before it came; of none, the second in which it came', () => {
    const at = (second: number) => recordsOf(...encodeAis(position(AWAY, second)))[0]?.at;
    expect([0, 15, 1, 60, 63].map(at)).toEqual([
      '2026-04-05T00:30:00Z',
      '2026-04-05T00:29:15Z',
      '2026-04-05T00:29:01Z',
      '2026-04-05T00:30:00Z',
      '2026-04-05T00:30:00Z',
    ]);
  });
});

describe('sentences of one message', () => {
  test('may come in any order, among others, and once more', () => {
    const [first, second] = VOYAGE;
    const other = '!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C\r\n';
    expect(recordsOf(second, other, first).map((record) => record['@message'])).toEqual(['1', '5']);
    expect(recordsOf(first, first, second)).toHaveLength(1);
    expect(framesOf(read(first, second))[0]?.raw).toEqual(
      fromText(`${first}${second}`.replaceAll('\r\n', '')),
    );
  });

  test('are never mixed with those of another message under the same number', () => {
    const [first, second] = VOYAGE;
    const other = encodeAis(
      [
        [5, 6],
        [0, 2],
        [412345678, 30],
        [0, 386],
      ],
      { total: 2, sequence: '1' },
    );
    const items = read(first, other[0] ?? '', other[1] ?? '', second);
    expect(faultsOf(items)).toEqual(['INCOMPLETE@0', expect.stringMatching(/^INCOMPLETE@/)]);
    expect(recordsOf(first, other[0] ?? '', other[1] ?? '').map(({ mmsi }) => mmsi)).toEqual(['412345678']);
  });

  test('are given up when their time is over', () => {
    const { state } = aisCodec.step(aisCodec.begin(OPTIONS), fromText(VOYAGE[0]), NOW);
    expect(aisCodec.step(state, fromText(''), NOW + 29_999).items).toEqual([]);
    expect(aisCodec.step(state, fromText(VOYAGE[1]), NOW + 30_000).items).toMatchObject([
      { reason: 'INCOMPLETE', message: expect.stringContaining('1 of 2 are here') },
    ]);
  });
});

describe('what a receiver says besides', () => {
  test('is passed over: of itself, of the sentence that follows, and other encapsulated sentences', () => {
    const own = encodeSentence('GPZDA,003015.00,05,04,2026,00,00', '$');
    const tag = fromText(`${Buffer.from(encodeSentence('s:rx1,c:1775349015', '\\')).toString()}\\`);
    const binary = encodeSentence('AIBBM,1,1,0,2,8,04a9M>1@PU>0U>06185=08E99V1@E=4,0');
    expect(read(own, '\r\n', tag, VOYAGE[0], tag, VOYAGE[1], binary).map((item) => item.kind)).toEqual([
      'frame',
    ]);
  });

  test('messages that the hub does not read are known by their type and ship alone', () => {
    const safety = encodeAis([
      [14, 6],
      [0, 2],
      [412345678, 30],
      [0, 2],
      [0, 120],
    ]);
    expect(framesOf(read(...safety))).toMatchObject([
      { message: '14', records: [{ '@message': '14', '@device': '412345678', mmsi: '412345678' }] },
    ]);
  });
});

describe('what is no sound sentence', () => {
  const sound = '!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C\r\n';

  test('is told by reason and place, and reading goes on behind it', () => {
    const wrong = sound.replace('*5C', '*5D');
    const items = read('hello\r\n', wrong, sound, sound.slice(0, 20), sound, sound.slice(0, 30));
    expect(faultsOf(items)).toEqual(['NOISE@0', 'CHECKSUM@7', 'BROKEN@105', 'BROKEN@174']);
    expect(framesOf(items)).toHaveLength(2);
  });

  test('has a field that is not of its form', () => {
    const of = (words: string) => faultsOf(read(encodeSentence(words)));
    expect(of('AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKX,0')).toEqual(['FORMAT@0']);
    expect(of('AIVDM,1,2,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0')).toEqual(['FORMAT@0']);
    expect(of('AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,6')).toEqual(['FORMAT@0']);
    expect(of('AIVDM,1,1,,C,177KQJ5000G?tO`K>RA1wUbN0TKH,0')).toEqual(['FORMAT@0']);
    expect(of('AIVDM,1,1,,B,,5')).toEqual(['FORMAT@0']);
    expect(faultsOf(read(sound.replace('*5C', '*5G')))).toEqual([
      'FORMAT@0',
      expect.stringMatching(/^NOISE/),
    ]);
    expect(
      faultsOf(
        read(
          ...encodeAis([
            [24, 6],
            [0, 2],
            [1, 30],
            [2, 2],
            [0, 128],
          ]),
        ),
      ),
    ).toEqual(['FORMAT@0']);
  });

  test('is shorter than its message', () => {
    expect(faultsOf(read(encodeSentence('AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0T,0')))).toEqual(['LENGTH@0']);
    expect(faultsOf(read(encodeSentence('AIVDM,1,1,,B,,0')))).toEqual(['LENGTH@0']);
    expect(faultsOf(read(encodeSentence('AIVDM,1,1,,B,177K,0')))).toEqual(['LENGTH@0']);
  });

  test('is longer than allowed', () => {
    const items = readAll(aisCodec, fromText(`!AIVDM,1,1,,B,${'0'.repeat(3000)}`));
    expect(faultsOf(items)).toEqual(['LIMIT@0', 'NOISE@256']);
  });
});

type Told = { [name in 'mmsi' | 'sog' | 'lon' | 'lat' | 'cog' | 'heading' | 'second']: number };
type Named = { [name in 'mmsi' | 'imo' | 'shipType' | 'draught']: number } & {
  [name in 'callsign' | 'name' | 'destination']: string;
} & { size: [number, number, number, number] };

describe('any stream', () => {
  const bits = (width: number) => fc.nat(2 ** width - 1);
  const told: fc.Arbitrary<Told> = fc.record({
    mmsi: fc.nat(999_999_999),
    sog: fc.nat(1022),
    lon: fc.integer({ min: -180 * 600_000, max: 180 * 600_000 }),
    lat: fc.integer({ min: -90 * 600_000, max: 90 * 600_000 }),
    cog: fc.nat(3599),
    heading: fc.nat(359),
    second: fc.nat(59),
  });
  const text = (length: number) =>
    fc
      .string({ unit: fc.constantFrom(...'ABCXYZ0189 -./'), minLength: 1, maxLength: length })
      .map((any) => any.trim());
  const named: fc.Arbitrary<Named> = fc.record({
    mmsi: fc.nat(999_999_999),
    imo: fc.integer({ min: 1, max: 2 ** 30 - 1 }),
    callsign: text(7),
    name: text(20),
    shipType: fc.integer({ min: 1, max: 255 }),
    size: fc.tuple(bits(9), bits(9), bits(6), bits(6)),
    draught: fc.integer({ min: 1, max: 255 }),
    destination: text(20),
  });
  const toPositionFields = ({ mmsi, sog, lon, lat, cog, heading, second }: Told) =>
    [
      [1, 6],
      [0, 2],
      [mmsi, 30],
      [0, 4],
      [0, 8],
      [sog, 10],
      [1, 1],
      [lon, 28],
      [lat, 27],
      [cog, 12],
      [heading, 9],
      [second, 6],
      [0, 25],
    ] as const;
  const toNamedFields = (ship: Named): readonly Field[] => [
    [5, 6],
    [0, 2],
    [ship.mmsi, 30],
    [0, 2],
    [ship.imo, 30],
    ...textFields(ship.callsign, 42),
    ...textFields(ship.name, 120),
    [ship.shipType, 8],
    [ship.size[0], 9],
    [ship.size[1], 9],
    [ship.size[2], 6],
    [ship.size[3], 6],
    [1, 4],
    [0, 4],
    [0, 5],
    [24, 5],
    [60, 6],
    [ship.draught, 8],
    ...textFields(ship.destination, 120),
    [0, 2],
  ];
  const sentence = fc.oneof(
    told.map((one) => encodeAis(toPositionFields(one))[0] ?? new Uint8Array(0)),
    told.map((one) => encodeAis([[18, 6], ...toPositionFields(one).slice(1)])[0] ?? new Uint8Array(0)),
  );

  test('a position comes back as it was told, to the last bit', () => {
    fc.assert(
      fc.property(told, (one) => {
        const [record] = recordsOf(...encodeAis(toPositionFields(one)));
        expect(record).toMatchObject({
          mmsi: String(one.mmsi).padStart(9, '0'),
          sog: (one.sog / 10).toFixed(1),
          cog: (one.cog / 10).toFixed(1),
          heading: one.heading,
          second: one.second,
        });
        expect(Math.round(Number(record?.lon) * 600_000)).toBe(one.lon);
        expect(Math.round(Number(record?.lat) * 600_000)).toBe(one.lat);
      }),
      { numRuns: 300 },
    );
  });

  test('what a ship says of itself comes back, in however many sentences and whatever order', () => {
    fc.assert(
      fc.property(named, fc.integer({ min: 1, max: 5 }), fc.boolean(), (ship, total, isReversed) => {
        const sentences = encodeAis(toNamedFields(ship), { total });
        const [bow, stern, port, starboard] = ship.size;
        expect(recordsOf(...(isReversed ? sentences.toReversed() : sentences))).toMatchObject([
          {
            mmsi: String(ship.mmsi).padStart(9, '0'),
            imo: ship.imo,
            callsign: ship.callsign || null,
            name: ship.name || null,
            shipType: ship.shipType,
            length: bow + stern || null,
            width: port + starboard || null,
            draught: (ship.draught / 10).toFixed(1),
            destination: ship.destination || null,
          },
        ]);
      }),
      { numRuns: 200 },
    );
  });

  test('hides no sound sentence', () => {
    expectSoundFound(aisCodec, sentence, '!$\\*AIVDM,10\r\n');
  });

  test('of frames, damage and noise, or of any bytes at all, gives the same items however it was cut', () => {
    expectSteady(aisCodec, toStreams(sentence, '!$\\*AIVDM,150\r\n'));
  });
});
