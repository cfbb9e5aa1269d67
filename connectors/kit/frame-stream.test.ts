import { describe, expect, test } from '@jest/globals';
import { BEGIN_STREAM, type FrameReader, type FrameStream, type Piece, readStream } from './frame-stream.ts';

/** Frames for the test: `<`, a digit for so many bytes, those bytes, `>`; blanks between them say nothing. */
const reader: FrameReader<string> = {
  least: 3,
  next(held, from) {
    const at = held.indexOf(0x3c, from);
    return at < 0 ? held.length : at;
  },
  read(held) {
    const text = Buffer.from(held).toString('latin1');
    if (text.startsWith(' ')) return { kind: 'gap', bytes: 1 };
    if (!text.startsWith('<')) return { kind: 'noise', bytes: reader.next(held, 0) };
    if (held.length < 2) return { kind: 'wait' };
    const whole = Number(text[1]) + 3;
    if (Number.isNaN(whole))
      return held.length < 4
        ? { kind: 'wait' }
        : { kind: 'refused', bytes: 4, reason: 'FORMAT', message: 'no digit' };
    if (held.length < whole) return { kind: 'wait', until: whole };
    return text[whole - 1] === '>'
      ? { kind: 'frame', bytes: whole, value: text.slice(2, whole - 1) }
      : { kind: 'refused', bytes: whole, reason: 'LENGTH', message: 'no end' };
  },
};
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const show = (piece: Piece<string>) =>
  piece.kind === 'frame'
    ? `${piece.offset} ${piece.value}`
    : `${piece.offset} ${piece.reason} ${Buffer.from(piece.raw).toString('latin1')}`;

function readAll(text: string, frameBytes = 100, size = text.length || 1): readonly string[] {
  let stream: FrameStream = BEGIN_STREAM;
  const found: string[] = [];
  for (let at = 0; at < text.length; at += size) {
    const step = readStream(reader, stream, bytes(text.slice(at, at + size)), { frameBytes });
    stream = step.stream;
    expect(stream.held.length).toBeLessThanOrEqual(2 * frameBytes);
    found.push(...step.pieces.map(show));
  }
  const last = readStream(reader, stream, new Uint8Array(0), { frameBytes, isEnd: true });
  expect(last.stream.held).toHaveLength(0);
  return [...found, ...last.pieces.map(show)];
}

describe('a stream', () => {
  test.each([
    ['frames, with what says nothing between them', '<1a> <2bc>', ['0 a', '5 bc']],
    ['beginnings without a frame as noise, however many', '<<<x<<1a>', ['0 NOISE <<<x<', '5 a']],
    ['noise in one piece, filling within it too', 'ab c<1d>', ['0 NOISE ab c', '4 d']],
    [
      'a refused frame up to where the next may begin',
      '<9x<1a>1234567<1b>',
      ['0 LENGTH <9x', '3 a', '7 NOISE 1234567', '14 b'],
    ],
    [
      'a frame that ends with the stream, and one behind its false beginning',
      '<9x<1a>',
      ['0 BROKEN <9x', '3 a'],
    ],
    ['damage at once where it can be told', '<xyz<1a>', ['0 FORMAT <xyz', '4 a']],
  ])('gives %s', (_, text, pieces) => {
    for (const size of [text.length, 1, 3]) expect(readAll(text, 100, size)).toEqual(pieces);
  });

  test('gives up an open frame at the limit, and noise in pieces of it', () => {
    for (const size of [100, 1, 7]) {
      expect(readAll('<9123456789<1a>', 8, size)).toEqual(['0 LIMIT <9123456', '8 NOISE 789', '11 a']);
      expect(readAll('abcdefgh <1a>', 4, size)).toEqual(['0 NOISE abcd', '4 NOISE efgh', '8 NOISE  ', '9 a']);
    }
  });

  test('keeps nothing of the memory it is given, and leaves the state before as it was', () => {
    const given = bytes('ab<2c');
    const { stream } = readStream(reader, BEGIN_STREAM, given, { frameBytes: 100 });
    given.fill(0);
    const first = readStream(reader, stream, bytes('d>'), { frameBytes: 100 });
    const again = readStream(reader, stream, bytes('e>'), { frameBytes: 100 });
    expect([first, again].map(({ pieces }) => pieces.map(show))).toEqual([
      ['0 NOISE ab', '2 cd'],
      ['0 NOISE ab', '2 ce'],
    ]);
  });
});
