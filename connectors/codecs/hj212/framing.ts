// Where a packet of HJ 212 begins and ends (HJ 212-2017 6.3.1, the same in HJ/T 212-2005): `##`, four digits of length, the data,
// four hexadecimal digits of check value, CR LF. Many senders leave the line break out.
import type { Cut, Framing } from '../frames/frame-codec.ts';
import { findFirst, isDigit, isHexDigit, toBytewise } from '../frames/read-bytes.ts';
import { toCrc16 } from './crc16.ts';

const MARK = 0x23;
const CR = 0x0d;
const LF = 0x0a;
const AND = 0x26;
/** `##` and the length. */
export const HEAD = 6;
export const CHECK = 4;

export const framing: Framing = {
  begins(bytes, at) {
    for (let place = 0; place < HEAD && at + place < bytes.length; place++) {
      const byte = bytes[at + place];
      if (place < 2 ? byte !== MARK : !isDigit(byte)) return false;
    }
    return true;
  },
  isBlank: (byte) => byte === CR || byte === LF,
  cut(bytes, limit): Cut {
    if (bytes.length < HEAD) return { kind: 'more' };
    const told = Number(toBytewise(bytes.subarray(2, HEAD)));
    const length = HEAD + told + CHECK;
    if (length > limit)
      return { kind: 'refused', length: HEAD, reason: 'LIMIT', message: `${length} bytes; at most ${limit}` };
    // No line breaks within the data: one says that the packet is over.
    const lineEnd = findFirst(bytes, 0, Math.min(bytes.length, length), [CR, LF]);
    if (lineEnd !== null) return refuseLength(told, lineEnd);
    if (bytes.length < length) return { kind: 'more' };
    const data = bytes.subarray(HEAD, HEAD + told);
    const check = bytes.subarray(HEAD + told, length);
    if (data.at(-1) !== AND || data.at(-2) !== AND || !check.every(isHexDigit))
      return cutShort(bytes, told, limit);
    return toCrc16(data) === Number.parseInt(toBytewise(check), 16)
      ? { kind: 'frame', length }
      : { kind: 'refused', length, reason: 'CHECKSUM', message: 'the CRC differs' };
  },
};

/** The packet is longer than it says: what belongs to it ends with its line, or where the next begins. */
function cutShort(bytes: Uint8Array, told: number, limit: number): Cut {
  const most = Math.min(bytes.length, limit);
  const end = findFirst(bytes, HEAD, most, [CR, LF, MARK]);
  if (end !== null) return refuseLength(told, end);
  return bytes.length < limit ? { kind: 'more' } : refuseLength(told, limit);
}

function refuseLength(told: number, length: number): Cut {
  const message = `says ${told} characters, and they do not end with && and a check value`;
  return { kind: 'refused', length, reason: 'LENGTH', message };
}
