// JT/T 808 around a message's body: flags and escapes, check byte, header (2011 and 2019), and the other way round for
// what the platform answers. First and last step of jt808-codec.ts.
import type { FrameReader, Reading } from '../../kit/frame-stream.ts';

/** One sound frame. `message`: four hex digits · `phone`: the terminal's number, of 20 digits those behind zeros, 12 at least. */
export type Envelope = {
  readonly message: string;
  readonly is2019: boolean;
  readonly isEncrypted: boolean;
  readonly phone: string;
  /** The number as it came, for answers. */
  readonly phoneBytes: Uint8Array;
  readonly serial: number;
  /** Of a message in several frames: how many, and which one from 1; null for a whole message. */
  readonly part: { readonly total: number; readonly index: number } | null;
  readonly body: Uint8Array;
  /** The length of the body as the header says it. */
  readonly bodyBytes: number;
};

const FLAG = 0x7e;
const ESCAPE = 0x7d;
const IS_2019 = 0x4000;
const IS_PART = 0x2000;
const ENCRYPTION = 0x1c00;
const LENGTH = 0x03ff;
/** Message, properties, number, serial and check byte of the shorter header. */
const LEAST = 13;

/** A frame lies between two flags; what is wrong within leaves the second flag, which may open the next frame. */
export const envelopeReader: FrameReader<Envelope> = {
  least: LEAST + 1,
  next: toFlag,
  read(held, isEnd) {
    if (held[0] !== FLAG) return { kind: 'noise', bytes: toFlag(held, 0) };
    if (held.length === 1) return isEnd ? { kind: 'gap', bytes: 1 } : { kind: 'wait' };
    if (held[1] === FLAG) return { kind: 'gap', bytes: 1 };
    const end = held.indexOf(FLAG, 1);
    return end < 0 ? { kind: 'wait' } : readFrame(held.subarray(1, end));
  },
};

function toFlag(held: Uint8Array, from: number): number {
  const at = held.indexOf(FLAG, from);
  return at < 0 ? held.length : at;
}

function readFrame(inner: Uint8Array): Reading<Envelope> {
  const refuse = (reason: 'CHECKSUM' | 'LENGTH' | 'FORMAT', message: string): Reading<Envelope> => ({
    kind: 'refused',
    bytes: inner.length + 1,
    reason,
    message,
  });
  const plain = toPlain(inner);
  if (plain === null) return refuse('FORMAT', 'an escape that is neither 7D 01 nor 7D 02');
  if (plain.length < LEAST) return refuse('LENGTH', `${plain.length} bytes, a frame has ${LEAST} at least`);
  const told = plain.at(-1) ?? 0;
  const check = toCheck(plain.subarray(0, -1));
  if (check !== told) return refuse('CHECKSUM', `check byte ${toHex(told)}, the bytes give ${toHex(check)}`);
  const envelope = parseHeader(plain.subarray(0, -1));
  return envelope === null
    ? refuse('LENGTH', `${plain.length} bytes, fewer than the header has`)
    : { kind: 'frame', bytes: inner.length + 2, value: envelope };
}

/** Null where the header is longer than the bytes. */
function parseHeader(plain: Uint8Array): Envelope | null {
  const view = new DataView(plain.buffer, plain.byteOffset, plain.length);
  const properties = view.getUint16(2);
  const is2019 = (properties & IS_2019) !== 0;
  // 2019 puts the protocol's version before a number of ten bytes instead of six.
  const phoneAt = is2019 ? 5 : 4;
  const serialAt = phoneAt + (is2019 ? 10 : 6);
  const isPart = (properties & IS_PART) !== 0;
  const bodyAt = serialAt + (isPart ? 6 : 2);
  if (bodyAt > plain.length) return null;
  const phoneBytes = plain.slice(phoneAt, serialAt);
  return {
    message: view.getUint16(0).toString(16).toUpperCase().padStart(4, '0'),
    is2019,
    isEncrypted: (properties & ENCRYPTION) !== 0,
    phone: toDigits(phoneBytes).replace(/^0+(?=.{12})/, ''),
    phoneBytes,
    serial: view.getUint16(serialAt),
    part: isPart ? { total: view.getUint16(serialAt + 2), index: view.getUint16(serialAt + 4) } : null,
    body: plain.slice(bodyAt),
    bodyBytes: properties & LENGTH,
  };
}

/** A message of the platform to the terminal that sent `to`, in the form of its header. */
export function toFrame(message: number, serial: number, body: Uint8Array, to: Envelope): Uint8Array {
  const version = to.is2019 ? [1] : [];
  const properties = body.length | (to.is2019 ? IS_2019 : 0);
  const plain = [...toWord(message), ...toWord(properties), ...version, ...to.phoneBytes, ...toWord(serial)];
  const whole = Uint8Array.from([...plain, ...body]);
  const escaped = [...whole, toCheck(whole)].flatMap((byte) =>
    byte === FLAG ? [ESCAPE, 2] : byte === ESCAPE ? [ESCAPE, 1] : [byte],
  );
  return Uint8Array.from([FLAG, ...escaped, FLAG]);
}

export function toWord(value: number): readonly number[] {
  return [(value >> 8) & 0xff, value & 0xff];
}

/** BCD as its digits; a half byte beyond nine is the letter that it is in hex. */
export function toDigits(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

function toPlain(inner: Uint8Array): Uint8Array | null {
  const plain = new Uint8Array(inner.length);
  let length = 0;
  for (let at = 0; at < inner.length; at++) {
    let byte = inner[at] ?? 0;
    if (byte === ESCAPE) {
      at += 1;
      const second = inner[at];
      if (second !== 1 && second !== 2) return null;
      byte = second === 1 ? ESCAPE : FLAG;
    }
    plain[length++] = byte;
  }
  return plain.subarray(0, length);
}

function toCheck(bytes: Uint8Array): number {
  return bytes.reduce((check, byte) => check ^ byte, 0);
}

function toHex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}
