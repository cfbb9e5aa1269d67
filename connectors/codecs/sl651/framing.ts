// Where a frame of SL 651 begins and ends, in both codings: HEX/BCD (7E7E …, SL 651-2014 6.5) and ASCII (01 …, 6.4). The
// header says the body's length; SYN instead of STX marks a packet of several (mode M3).

import type { Cut, Framing } from '../frames/frame-codec.ts';
import { isHexDigit, toBytewise } from '../frames/read-bytes.ts';
import { toCrc16 } from './crc16.ts';

export const STX = 0x02;
export const SYN = 0x16;
export const ETX = 0x03;
export const ETB = 0x17;
const MARK = 0x7e;
const SOH = 0x01;

/** Sizes in bytes. The start sign is the last byte of the header. */
export type Coding = { readonly header: number; readonly crc: number; readonly isAscii: boolean };
const HEX: Coding = { header: 14, crc: 2, isAscii: false };
const ASCII: Coding = { header: 24, crc: 4, isAscii: true };

export function toCoding(bytes: Uint8Array): Coding {
  return bytes[0] === SOH ? ASCII : HEX;
}

export const framing: Framing = {
  begins: (bytes, at) => (bytes[at] === SOH ? beginsAscii(bytes, at) : beginsHex(bytes, at)),
  isBlank: () => false,
  cut(bytes, limit): Cut {
    const coding = toCoding(bytes);
    if (bytes.length < coding.header) return { kind: 'more' };
    const body = toBodyLength(bytes, coding);
    const length = coding.header + body + 1 + coding.crc;
    if (length > limit) return refuse(coding.header, 'LIMIT', `${length} bytes; at most ${limit}`);
    if (bytes.length < length) return { kind: 'more' };
    const end = bytes[coding.header + body];
    if (end !== ETX && end !== ETB)
      return refuse(length, 'LENGTH', `a body of ${body} bytes does not end with ETX or ETB`);
    const checked = bytes.subarray(0, length - coding.crc);
    const found = toCheck(bytes.subarray(length - coding.crc, length), coding);
    return toCrc16(checked) === found
      ? { kind: 'frame', length }
      : refuse(length, 'CHECKSUM', 'the CRC differs');
  },
};

function refuse(length: number, reason: 'LIMIT' | 'LENGTH' | 'CHECKSUM', message: string): Cut {
  return { kind: 'refused', length, reason, message };
}

/** Length: four bits of direction (0 upwards) and twelve of length; all sixteen are length in a packet of several (Table 22). */
function beginsHex(bytes: Uint8Array, at: number): boolean {
  const known = bytes.length - at;
  if (bytes[at] !== MARK || (known > 1 && bytes[at + 1] !== MARK)) return false;
  if (known < HEX.header) return true;
  const start = bytes[at + HEX.header - 1];
  return start === SYN || (start === STX && (bytes[at + 11] ?? 0) < 0x10);
}

/** Digits of hexadecimal from the centre's address to the length, the direction 0 among them, then the start sign. */
function beginsAscii(bytes: Uint8Array, at: number): boolean {
  const end = bytes.length;
  const last = ASCII.header - 1;
  for (let place = 1; place < last && at + place < end; place++)
    if (!isHexDigit(bytes[at + place])) return false;
  if (at + 19 < end && bytes[at + 19] !== 0x30) return false;
  if (at + last >= end) return true;
  return bytes[at + last] === STX || bytes[at + last] === SYN;
}

function toBodyLength(bytes: Uint8Array, { isAscii }: Coding): number {
  if (isAscii) return Number.parseInt(toBytewise(bytes.subarray(20, 23)), 16);
  return ((bytes[11] ?? 0) << 8) | (bytes[12] ?? 0);
}

/** NaN where digits are none. */
function toCheck(bytes: Uint8Array, { isAscii }: Coding): number {
  if (!isAscii) return ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  return bytes.every(isHexDigit) ? Number.parseInt(toBytewise(bytes), 16) : Number.NaN;
}
