// A transmission device as GB/T 26875.3-2011 describes it (6.6 frames, 8.2 objects), written from its text: the codec's other half.
import iconv from 'iconv-lite';

export type SentFrame = {
  readonly serial: number;
  readonly version?: readonly [number, number];
  /** yyMMddHHmmss. */
  readonly sentAt: string;
  /** Six bytes as hex, the highest first. */
  readonly source: string;
  readonly target: string;
  readonly command: number;
  readonly data: Uint8Array;
};

export type SentPart = {
  readonly systemType: number;
  readonly systemAddress: number;
  readonly partType: number;
  readonly partAddress: number;
  readonly state: number;
  readonly text: string;
  readonly time: string;
};

export function encodeFrame(frame: SentFrame): Uint8Array {
  const control = Buffer.concat([
    low(frame.serial, 2),
    Buffer.from(frame.version ?? [1, 1]),
    encodeTime(frame.sentAt),
    Buffer.from(frame.source, 'hex').reverse(),
    Buffer.from(frame.target, 'hex').reverse(),
    low(frame.data.length, 2),
    Buffer.from([frame.command]),
    frame.data,
  ]);
  let sum = 0;
  for (const byte of control) sum += byte;
  return new Uint8Array(
    Buffer.concat([Buffer.from('@@'), control, Buffer.from([sum % 256]), Buffer.from('##')]),
  );
}

export function encodeUnit(type: number, objects: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat([Buffer.from([type, objects.length]), ...objects]));
}

/** Object type 2 with its time: 46 bytes. */
export function encodePart(part: SentPart): Uint8Array {
  const text = Buffer.alloc(31);
  iconv.encode(part.text, 'gb18030').copy(text);
  return new Uint8Array(
    Buffer.concat([
      Buffer.from([part.systemType, part.systemAddress, part.partType]),
      low(part.partAddress, 4),
      low(part.state, 2),
      text,
      encodeTime(part.time),
    ]),
  );
}

/** Second first; each a binary byte. */
export function encodeTime(time: string): Buffer {
  return Buffer.from((time.match(/../g) ?? []).map(Number).reverse());
}

function low(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
}

/** From a public decoder's own test: a fire alarm of one part, with its place in GBK. */
export const ALARM =
  '40400000010118 0D11160A14 000000000000 060504030201 3000 02 02 01 01 03 00 D9000600 0200 A3C1C7F8A3B1B2E3DFC8B2B8D7DFC0C8 000000000000000000000000000000 301213010814 68 2323';

/** Of the tests' own device: an upload. */
export const HEADER = {
  serial: 0x1234,
  sentAt: '260405083000',
  source: '0746010000A1',
  target: '0746000000FF',
  command: 2,
};

/** A frame of it. */
export function frame(data: Uint8Array, more = {}): Uint8Array {
  return encodeFrame({ ...HEADER, data, ...more });
}
