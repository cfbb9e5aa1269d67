// A vehicle terminal as JT/T 808 describes it (5.2 messages, 8.1–8.18 bodies), written from its text: the codec's other half.
import fc from 'fast-check';
import { toHex } from '../../kit/frame-codec.fixture.ts';

export type SentFrame = {
  readonly message: string;
  readonly phone: string;
  readonly serial: number;
  readonly is2019?: boolean;
  readonly part?: { readonly total: number; readonly index: number };
  readonly body: Uint8Array;
  /** Properties that are not those of the body. */
  readonly said?: number;
};

export type SentLocation = {
  readonly alarm: number;
  readonly status: number;
  readonly lat: number;
  readonly lon: number;
  readonly altitude: number;
  readonly speed: number;
  readonly direction: number;
  readonly time: string;
  readonly items?: readonly (readonly [id: number, content: readonly number[]])[];
};

/** The example that the documents about JT/T 808 hand on. */
export const LOCATION =
  '7E 02 00 00 26 12 34 56 78 90 12 00 7D 02 00 00 00 01 00 00 00 02 00 BA 7F 0E 07 E4 F1 1C 00 28 00 3C 00 00 18 10 15 10 10 10 01 04 00 00 00 64 02 02 00 7D 01 13 7E';

export const POSITION: SentLocation = {
  alarm: 0,
  status: 3,
  lat: 26_434_500,
  lon: 111_608_000,
  altitude: 120,
  speed: 605,
  direction: 90,
  time: '260405083000',
};

export const phone = fc.stringMatching(/^\d{12}$/);
export const location: fc.Arbitrary<SentLocation> = fc.record({
  alarm: fc.nat(0xffffffff),
  status: fc.nat(0xffffffff),
  lat: fc.nat(90_000_000),
  lon: fc.nat(180_000_000),
  altitude: fc.nat(0xffff),
  speed: fc.nat(0xffff),
  direction: fc.nat(359),
  time: fc.stringMatching(/^\d{12}$/),
  items: fc.array(fc.tuple(fc.nat(255), fc.array(fc.nat(255), { maxLength: 8 })), { maxLength: 4 }),
});
/** Flag, header, body, check byte, flag; what must not look like a flag is escaped last. */
export function encodeFrame({
  message,
  phone,
  serial,
  is2019 = false,
  part,
  body,
  said,
}: SentFrame): Uint8Array {
  const properties = body.length + (part === undefined ? 0 : 2 ** 13) + (is2019 ? 2 ** 14 : 0);
  const inner = Buffer.concat([
    Buffer.from(message, 'hex'),
    u16(said ?? properties),
    Buffer.from(is2019 ? [1] : []),
    Buffer.from(phone.padStart(is2019 ? 20 : 12, '0'), 'hex'),
    u16(serial),
    ...(part === undefined ? [] : [u16(part.total), u16(part.index)]),
    body,
  ]);
  let check = 0;
  for (const byte of inner) check ^= byte;
  const escaped = Buffer.concat([inner, Buffer.from([check])])
    .toString('hex')
    .replace(/../g, (byte) => (byte === '7d' ? '7d01' : byte === '7e' ? '7d02' : byte));
  return new Uint8Array(Buffer.from(`7e${escaped}7e`, 'hex'));
}

export function encodeLocation(location: SentLocation): Uint8Array {
  return new Uint8Array(
    Buffer.concat([
      u32(location.alarm),
      u32(location.status),
      u32(location.lat),
      u32(location.lon),
      u16(location.altitude),
      u16(location.speed),
      u16(location.direction),
      Buffer.from(location.time, 'hex'),
      ...(location.items ?? []).map(([id, content]) => Buffer.from([id, content.length, ...content])),
    ]),
  );
}

export function encodeBatch(kind: number, locations: readonly SentLocation[]): Uint8Array {
  const bodies = locations.map(encodeLocation).map((body) => Buffer.concat([u16(body.length), body]));
  return new Uint8Array(Buffer.concat([u16(bodies.length), Buffer.from([kind]), ...bodies]));
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A frame of the tests' own terminal, in hexadecimal digits. */
export function frame(message: string, body: Uint8Array, more = {}): string {
  return toHex(encodeFrame({ message, phone: '013907460001', serial: 7, body, ...more })) ?? '';
}

export const NONE = new Uint8Array(0);

/** From a public decoder's own test: a registration of 2011 with its plate and colour. */
export const REGISTRATION =
  '7E0100002D000123456789000A002800323132333430736D616C6C6368693132333030303030303030304348493132333001D4C1413132333435BA7E';
