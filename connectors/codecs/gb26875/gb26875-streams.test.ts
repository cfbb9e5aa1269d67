import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  expectFound,
  expectSteady,
  fromHex,
  readAll,
  streamOf,
  toHexReader,
} from '../../kit/frame-codec.fixture.ts';
import {
  ALARM,
  encodeFrame,
  encodePart,
  encodeUnit,
  frame,
  HEADER,
  type SentPart,
} from './gb26875.fixture.ts';
import { gb26875Codec } from './gb26875-codec.ts';

const { read } = toHexReader(gb26875Codec);
const data = (hex: string) => fromHex(hex);

const time = fc
  .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2099-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString().replace(/\D/g, '').slice(2, 14));
const part: fc.Arbitrary<SentPart> = fc.record({
  systemType: fc.nat(255),
  systemAddress: fc.nat(255),
  partType: fc.nat(255),
  partAddress: fc.nat(0xffffffff),
  state: fc.nat(0xffff),
  text: fc.string({ unit: fc.constantFrom('层', '区', '㑇', 'A', '7', ' '), maxLength: 7 }),
  time,
});
const sent = fc
  .tuple(fc.array(part, { minLength: 0, maxLength: 2 }), fc.nat(0xffff), fc.nat(7))
  .map(([parts, serial, command]) => frame(encodeUnit(2, parts.map(encodePart)), { serial, command }));

describe('what is no sound frame', () => {
  test.each([
    ['nothing where a data unit should be', ''],
    ['fewer bytes than its objects have', '02 02 0103'],
    ['a count of none with bytes behind it', '02 00 01'],
  ])('%s is refused and denied', (_, hex) => {
    expect(readAll(gb26875Codec, frame(data(hex)))).toMatchObject([
      {
        kind: 'refused',
        reason: 'LENGTH',
        reply: encodeFrame({
          ...HEADER,
          source: HEADER.target,
          target: HEADER.source,
          command: 6,
          data: new Uint8Array(0),
        }),
      },
    ]);
  });

  test('a length beyond the standard’s is refused at once', () => {
    const [item] = readAll(gb26875Codec, frame(new Uint8Array(1025)));
    expect(item).toMatchObject({
      reason: 'LENGTH',
      message: 'says 1025 bytes of data, the standard allows 1024',
    });
  });

  test('a frame cut short hides none of those behind it', () => {
    const alarm = fromHex(ALARM);
    for (const cut of [1, 3, 20, 26, 40, 77]) {
      const stream = Buffer.concat([alarm.subarray(0, cut), alarm, alarm]);
      const found = readAll(gb26875Codec, new Uint8Array(stream)).filter(({ kind }) => kind === 'frame');
      expect(found).toHaveLength(2);
    }
  });

  test('a frame beyond the source’s limit is refused, and the stream’s end tells what was open', () => {
    expect(read(ALARM, { frameBytes: 64 })[0]).toMatchObject({ reason: 'LIMIT' });
    expect(read(`${ALARM} 4040 0100`)[1]).toMatchObject({ reason: 'BROKEN', raw: fromHex('40400100') });
  });

  test('a confirmation that was lost: the alarm comes again and is read again', () => {
    const [first, second] = read(`${ALARM} ${ALARM}`);
    expect(first).toEqual(second);
  });
});

describe('any stream', () => {
  test('gives the same items however it is cut', () => {
    expectSteady(gb26875Codec, streamOf(sent));
  });

  test('of random bytes gives refusals only, and all of them stand in the stream', () => {
    expectSteady(gb26875Codec, fc.uint8Array({ maxLength: 300 }));
    expectSteady(
      gb26875Codec,
      fc.array(fc.constantFrom(0x40, 0x23, 0, 2), { maxLength: 200 }).map((list) => Uint8Array.from(list)),
    );
  });

  test('gives every sound frame behind noise', () => {
    const noise = fc.uint8Array({ maxLength: 20 }).map((bytes) => bytes.filter((byte) => byte !== 0x40));
    expectFound(gb26875Codec, sent, noise);
  });
});
