import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  expectFound,
  expectSteady,
  fromHex,
  NOW,
  OPTIONS,
  readAll,
  streamOf,
  toHex,
  toHexReader,
} from '../../kit/frame-codec.fixture.ts';
import {
  encodeBatch,
  encodeFrame,
  encodeLocation,
  frame,
  LOCATION,
  location,
  NONE,
  POSITION,
  phone,
} from './jt808.fixture.ts';
import { jt808Codec } from './jt808-codec.ts';

const { read, only } = toHexReader(jt808Codec);
const join = (list: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(list));

describe('a message in several frames', () => {
  const body = encodeBatch(
    1,
    Array.from({ length: 40 }, (_, at) => ({ ...POSITION, time: `2604050830${10 + at}` })),
  );
  const pieces = [body.subarray(0, 500), body.subarray(500, 1000), body.subarray(1000)];
  const parts = pieces.map((piece, at) =>
    encodeFrame({
      message: '0704',
      phone: '013907460001',
      serial: 65_535 + at > 65_535 ? at - 1 : 65_535,
      part: { total: 3, index: at + 1 },
      body: piece,
    }),
  );
  const [one = NONE, two = NONE, three = NONE] = parts;

  test('is read once all are there, in any order, twice or not, and each is answered', () => {
    for (const order of [
      [one, two, three],
      [three, one, one, two],
    ]) {
      const items = readAll(jt808Codec, join(order));
      expect(items).toHaveLength(1);
      const [item] = items;
      if (item?.kind !== 'frame') throw new Error('no frame');
      expect(item.raw).toEqual(join(parts));
      expect(toHex(item.reply)).toMatch(
        /^7E8001.*FFFF070400..7E7E8001.*0000070400..7E7E8001.*0001070400..7E$/,
      );
      expect(item.records).toMatchObject([{ items: { length: 40 } }]);
    }
  });

  test('the last part alone of a real terminal’s message is kept for what it is', () => {
    const tail =
      '7E1205203804066657506200EC000200020120121900163320121900360700000000000000000001010F0CE4CD0120121900002220121900163300000000000000000001010C6F9E7B5D7E';
    expect(read(tail)).toMatchObject([{ kind: 'refused', reason: 'INCOMPLETE', raw: fromHex(tail) }]);
  });

  test('is set aside part by part when its time is over, and when the terminal goes', () => {
    let { state } = jt808Codec.step(jt808Codec.begin(OPTIONS), join([one, three]), NOW);
    expect(jt808Codec.end(state, NOW).items).toMatchObject([
      {
        reason: 'INCOMPLETE',
        message: 'a part of a message, 2 of 3 are here: its other parts did not come',
        raw: one,
      },
      { reason: 'INCOMPLETE', raw: three, offset: one.length },
    ]);
    ({ state } = jt808Codec.step(state, NONE, NOW + 29_999));
    const { items } = jt808Codec.step(state, NONE, NOW + 30_000);
    expect(items.map((item) => item.kind === 'refused' && item.reason)).toEqual(['INCOMPLETE', 'INCOMPLETE']);
    expect(jt808Codec.step(state, two, NOW + 30_000).items).toHaveLength(2);
  });

  test('begins anew when another part comes in the place of one: a terminal that started again', () => {
    const other = encodeFrame({
      message: '0704',
      phone: '013907460001',
      serial: 65_535,
      part: { total: 3, index: 1 },
      body: pieces[1] ?? NONE,
    });
    expect(readAll(jt808Codec, join([other, one, two, three]))).toMatchObject([
      { kind: 'refused', reason: 'INCOMPLETE', raw: other },
      { kind: 'frame', message: '0704' },
    ]);
  });

  test('never keeps more parts than allowed', () => {
    expect(readAll(jt808Codec, join([one, two]), { parts: 1 })).toMatchObject([
      { reason: 'LIMIT', raw: one },
      { reason: 'LIMIT', raw: two },
    ]);
  });

  test('with a part beyond its number is refused', () => {
    const part = { total: 2, index: 3 };
    expect(only(frame('0704', NONE, { part }))).toMatchObject({ reason: 'FORMAT', message: 'part 3 of 2' });
    expect(only(frame('0704', NONE, { part: { total: 2, index: 0 } }))).toMatchObject({ reason: 'FORMAT' });
  });
});

describe('what is no sound frame', () => {
  test.each([
    ['another check byte', LOCATION.replace('13 7E', '14 7E'), 'CHECKSUM'],
    ['an escape of nothing', LOCATION.replace('7D 02', '7D 03'), 'FORMAT'],
    ['an escape at the end', '7E 02 00 00 00 12 34 56 78 90 12 00 01 7D 7E', 'FORMAT'],
    ['a header cut short by escapes', '7E 02 00 00 00 12 34 56 78 90 7D 01 7D 01 7E', 'LENGTH'],
    ['a few bytes between flags', '7E 02 00 00 02 7E', 'NOISE'],
    ['a part’s header cut short', frame('0200', NONE, { said: 0x2000 }), 'LENGTH'],
    ['a body of another length', frame('0002', NONE, { said: 1 }), 'LENGTH'],
    ['a location too short', frame('0200', fromHex('00000000')), 'LENGTH'],
    [
      'an item beyond the end',
      frame('0200', join([encodeLocation(POSITION), Uint8Array.of(1, 2, 0)])),
      'LENGTH',
    ],
    ['an item without a length', frame('0200', join([encodeLocation(POSITION), Uint8Array.of(1)])), 'LENGTH'],
    ['a number that is not BCD', frame('0002', NONE, { phone: '1234567890AB' }), 'FORMAT'],
  ])('%s is refused for that', (_, hex, reason) => {
    expect(only(hex)).toMatchObject({ kind: 'refused', reason, offset: 0 });
  });

  test('an encrypted body is refused, and the terminal is told', () => {
    const bytes = encodeFrame({
      message: '0200',
      phone: '013907460001',
      serial: 7,
      body: encodeLocation(POSITION),
    });
    bytes[3] = 0x04;
    const check = bytes.length - 2;
    bytes[check] = (bytes[check] ?? 0) ^ 0x04;
    const [item] = readAll(jt808Codec, bytes);
    expect(item).toMatchObject({
      reason: 'FORMAT',
      message: 'the body is encrypted, and the hub has no key',
    });
    expect(item?.kind === 'refused' && toHex(item.reply)).toMatch(/0007020002..7E$/);
  });

  test('a frame without its last flag costs no more than the one behind it', () => {
    const torn = LOCATION.slice(0, 60);
    const items = read(`${torn} ${LOCATION} ${LOCATION}`);
    expect(items.map((item) => (item.kind === 'frame' ? item.message : item.reason))).toEqual([
      'CHECKSUM',
      '0200',
      '0200',
    ]);
  });

  test('a frame without end is given up at the limit, and reading goes on', () => {
    const items = read(`7E ${'55'.repeat(300)} ${LOCATION}`, { frameBytes: 128 });
    expect(
      items.map((item) => (item.kind === 'frame' ? item.message : `${item.reason} ${item.raw.length}`)),
    ).toEqual(['LIMIT 128', 'NOISE 128', 'NOISE 45', '0200']);
  });

  test('a stream that ends in the middle is broken; a lone flag is nothing', () => {
    expect(only(LOCATION.slice(0, 30))).toMatchObject({
      reason: 'BROKEN',
      raw: fromHex(LOCATION.slice(0, 30)),
    });
    expect(read('7E 7E 7E')).toEqual([]);
  });
});

const sent = fc.oneof(
  fc
    .tuple(location, phone, fc.nat(0xffff), fc.boolean())
    .map(([body, number, serial, is2019]) =>
      encodeFrame({ message: '0200', phone: number, serial, is2019, body: encodeLocation(body) }),
    ),
  fc.tuple(fc.nat(3), fc.nat(3), fc.nat(40)).map(([total, index, length]) =>
    encodeFrame({
      message: '0704',
      phone: '1',
      serial: index,
      part: { total, index },
      body: new Uint8Array(length).fill(0x7e),
    }),
  ),
  fc
    .constantFrom('0001', '0002', '0100', '0102', '0900')
    .map((message) => encodeFrame({ message, phone: '13907460001', serial: 1, body: new Uint8Array(40) })),
);

describe('any stream', () => {
  test('gives the same items however it is cut', () => {
    expectSteady(jt808Codec, streamOf(sent));
  });

  test('of random bytes gives refusals only, and all of them stand in the stream', () => {
    expectSteady(jt808Codec, fc.uint8Array({ maxLength: 300 }));
    expectSteady(
      jt808Codec,
      fc
        .array(fc.constantFrom(0x7e, 0x7d, 1, 2, 0x40), { maxLength: 200 })
        .map((list) => Uint8Array.from(list)),
    );
  });

  test('gives every sound frame behind noise', () => {
    const whole = fc
      .tuple(location, phone)
      .map(([body, number]) =>
        encodeFrame({ message: '0200', phone: number, serial: 3, body: encodeLocation(body) }),
      );
    expectFound(
      jt808Codec,
      whole,
      fc.uint8Array({ maxLength: 20 }).map((bytes) => bytes.filter((byte) => byte !== 0x7e)),
    );
  });
});
