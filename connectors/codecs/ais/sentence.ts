// A VDM or VDO sentence: how many sentences make the message, which this is, and the message's bits, six to a character
// (ITU-R M.1371, IEC 61162-1).
import { toBytewise } from '../frames/read-bytes.ts';

export type Sentence = {
  readonly total: number;
  readonly number: number;
  /** Equal for all sentences of one message. */
  readonly key: string;
  /** One bit an entry, most significant first. */
  readonly bits: Uint8Array;
};

const SENTENCE = /^!([A-Z]{2}VD[MO]),([1-9]),([1-9]),(\d?),([AB12]?),([0-W`-w]*),([0-5])\*/;

/** Null where a field is not of its form. */
export function parseSentence(raw: Uint8Array): Sentence | null {
  const found = SENTENCE.exec(toBytewise(raw));
  if (found === null) return null;
  const [, word, totalText, numberText, sequence, channel, payload = '', fill] = found;
  const [total, number] = [Number(totalText), Number(numberText)];
  const bits = toBits(payload);
  const used = bits.length - Number(fill);
  if (number > total || used < 0) return null;
  return { total, number, key: [word, total, sequence, channel].join(','), bits: bits.subarray(0, used) };
}

function toBits(payload: string): Uint8Array {
  const bits = new Uint8Array(payload.length * 6);
  for (let at = 0; at < payload.length; at++) {
    const code = payload.charCodeAt(at) - 48;
    const value = code > 40 ? code - 8 : code;
    for (let bit = 0; bit < 6; bit++) bits[at * 6 + bit] = (value >> (5 - bit)) & 1;
  }
  return bits;
}
