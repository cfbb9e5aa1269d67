// The codec `ais`: ships' positions and particulars as a receiver hands them on, `!AIVDM` and `!AIVDO`, of one sentence or several.
// AIS has no answer.
import type { Frame } from '../../kit/frame-codec.ts';
import { toJoined } from '../../kit/frame-parts.ts';
import { type Fault, type Saying, toFault, toFrameCodec } from '../frames/frame-codec.ts';
import { toFields } from './bits.ts';
import { framing } from './framing.ts';
import { findMessage, toMmsi, toWord } from './messages.ts';
import { parseSentence } from './sentence.ts';

/** Type, repeats and MMSI. */
const HEAD_BITS = 38;

export const aisCodec = toFrameCodec({
  name: 'ais',
  framing,
  read(raw, now): Saying {
    const sentence = parseSentence(raw);
    if (sentence === null) return toFault('FORMAT', 'a field of the sentence is not of its form');
    const { total, number, key, bits } = sentence;
    return total === 1 ? toFrame(bits, now) : { kind: 'part', key, total, number, receipt: null };
  },
  readParts(raws, now) {
    const sentences = raws.map(parseSentence).filter((sentence) => sentence !== null);
    return toFrame(toJoined(sentences.map(({ bits }) => bits)), now);
  },
});

function toFrame(all: Uint8Array, now: number): Omit<Frame, 'raw'> | Fault {
  const bits = toFields(all);
  const word = toWord(bits);
  if (all.length < HEAD_BITS)
    return toFault('LENGTH', `${all.length} bits; a message has at least ${HEAD_BITS}`);
  if (word === null) return toFault('FORMAT', 'message 24 has no part beyond A and B');
  const message = findMessage(word);
  if (message !== undefined && all.length < message.bits)
    return toFault('LENGTH', `message ${word}: ${all.length} bits; at least ${message.bits}`);
  const mmsi = toMmsi(bits.unsigned(8, 30));
  const head = { '@message': word, '@device': mmsi, mmsi };
  const records = [{ ...head, ...message?.read(bits, now) }];
  return { kind: 'frame', message: word, device: mmsi, records, reply: null };
}
