// Where a sentence of NMEA 0183 / IEC 61162-1 begins and ends: `!AIVDM,…*hh`, the check value an XOR of what stands between `!` and `*`.
// A receiver says other things too (`$…` about itself, `\…\` about the sentence that follows): when sound, they are passed over.
import type { Cut, Framing } from '../frames/frame-codec.ts';
import { isDigit, isHexDigit, toBytewise } from '../frames/read-bytes.ts';

const ENCAPSULATED = 0x21;
const PLAIN = 0x24;
const TAG = 0x5c;
const STAR = 0x2a;
const CR = 0x0d;
const LF = 0x0a;
const COLON = 0x3a;
const ENDS: ReadonlySet<number> = new Set([STAR, CR, LF, ENCAPSULATED, PLAIN, TAG]);
const SPACE = 0x20;
/** The standard allows 82; some receivers pass it. */
const MOST_BYTES = 256;
/** `!`, two letters of the talker, then VDM (received) or VDO (sent by the receiver's own ship). */
const WANTED = /^[A-Z]{2}VD[MO],/;

export const framing: Framing = {
  begins(bytes, at) {
    const end = bytes.length;
    const first = bytes[at];
    if (first !== ENCAPSULATED && first !== PLAIN && first !== TAG) return false;
    // Talker and kind of sentence are letters or digits, five of them; a tag begins with a name and a colon.
    const names = first === TAG ? 1 : 5;
    if (first === TAG && at + 2 < end && bytes[at + 2] !== COLON && !isNameByte(bytes[at + 2] ?? 0))
      return false;
    for (let place = 1; place <= names && at + place < end; place++)
      if (!isNameByte(bytes[at + place] ?? 0)) return false;
    return true;
  },
  isBlank: (byte) => byte === CR || byte === LF || byte === SPACE,
  cut(bytes, frameBytes): Cut {
    const limit = Math.min(frameBytes, MOST_BYTES);
    const star = findEnd(bytes, 1, Math.min(bytes.length, limit));
    if (star === null)
      return bytes.length < limit
        ? { kind: 'more' }
        : refuse(limit, 'LIMIT', `no check value within ${limit} bytes`);
    if (bytes[star] !== STAR) return refuse(star, 'BROKEN', 'ends before its check value');
    const isTag = bytes[0] === TAG;
    const length = star + (isTag ? 4 : 3);
    if (length > limit) return refuse(limit, 'LIMIT', `no whole check value within ${limit} bytes`);
    if (bytes.length < length) return { kind: 'more' };
    const check = bytes.subarray(star + 1, star + 3);
    if (!check.every(isHexDigit) || (isTag && bytes[star + 3] !== TAG))
      return refuse(star + 1, 'FORMAT', 'the check value is not two hexadecimal digits');
    const said = bytes.subarray(1, star);
    if (said.reduce((xor, byte) => xor ^ byte, 0) !== Number.parseInt(toBytewise(check), 16))
      return refuse(length, 'CHECKSUM', 'the check value differs');
    const isWanted = bytes[0] === ENCAPSULATED && WANTED.test(toBytewise(said.subarray(0, 6)));
    return { kind: isWanted ? 'frame' : 'passed', length };
  },
};

function refuse(length: number, reason: 'LIMIT' | 'BROKEN' | 'FORMAT' | 'CHECKSUM', message: string): Cut {
  return { kind: 'refused', length, reason, message };
}

/** The star; or, before one, the line's end or the next sentence's sign. */
function findEnd(bytes: Uint8Array, from: number, end: number): number | null {
  for (let at = from; at < end; at++) if (ENDS.has(bytes[at] ?? 0)) return at;
  return null;
}

function isNameByte(byte: number): boolean {
  const upper = byte & 0xdf;
  return isDigit(byte) || (upper >= 0x41 && upper <= 0x5a);
}
