import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HubError } from '../../schema/errors.ts';
import { type DecoderOptions, type EncodingWord, parseCharset, toDecoder, toText } from './encoding.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const PAIRS = toPairs();
const COMMON = [...PAIRS.keys()].filter((character) => isCommon(PAIRS.get(character)));

/** An encoder of its own, made from the decoder's table of two-byte characters. */
function gbk(text: string): Uint8Array {
  return Uint8Array.from([...text].flatMap((one) => PAIRS.get(one) ?? [one.charCodeAt(0)]));
}

function toPairs(): ReadonlyMap<string, readonly [number, number]> {
  const decoder = new TextDecoder('gb18030');
  const pairs = new Map<string, readonly [number, number]>();
  for (let lead = 0x81; lead <= 0xfe; lead++)
    for (let trail = 0x40; trail <= 0xfe; trail++)
      if (trail !== 0x7f) pairs.set(decoder.decode(Uint8Array.of(lead, trail)), [lead, trail]);
  return pairs;
}

/** GB 2312 level 1: the 3,755 characters that nearly all text is made of. */
function isCommon(pair: readonly [number, number] | undefined): boolean {
  return pair !== undefined && pair[0] >= 0xb0 && pair[0] <= 0xd7 && pair[1] >= 0xa1;
}

function inPieces(bytes: Uint8Array, cuts: readonly number[], word: EncodingWord, options?: DecoderOptions) {
  const decoder = toDecoder(word, options);
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let [text, from] = ['', 0];
  for (const end of ends) {
    text += decoder.step(bytes.subarray(from, end));
    from = end;
  }
  return text + decoder.end();
}

function refusal(work: () => unknown): { message: string; line: number | undefined } {
  try {
    work();
  } catch (error) {
    if (!(error instanceof HubError) || error.code !== 'HUB_SOURCE_ENCODING') throw error;
    return { message: error.message, line: error.place.line };
  }
  throw new Error('was not refused');
}

const cuts = fc.array(fc.nat(), { maxLength: 20 });
const anyText = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => !text.startsWith('\uFEFF'));
const chinese = (min: number) =>
  fc.string({ unit: fc.constantFrom(...COMMON), minLength: min, maxLength: 40 });

describe('strict decoding', () => {
  test('gives any text back from its UTF-8, in pieces of any length, with a mark or without', () => {
    fc.assert(
      fc.property(anyText, cuts, fc.boolean(), (text, at, isMarked) => {
        expect(inPieces(utf8((isMarked ? '\uFEFF' : '') + text), at, 'utf-8')).toBe(text);
        expect(inPieces(utf8((isMarked ? '\uFEFF' : '') + text), at, 'detect')).toBe(text);
      }),
    );
  });

  test('gives GBK text back in pieces of any length, told or found', () => {
    fc.assert(
      fc.property(chinese(4), cuts, (text, at) => {
        const file = `名称,value\r\n${text},1\n`;
        expect(inPieces(gbk(file), at, 'gb18030')).toBe(file);
        expect(inPieces(gbk(file), at, 'detect')).toBe(file);
      }),
    );
  });

  test('reads the four-byte characters that names of villages need', () => {
    const bytes = Uint8Array.of(0x95, 0x32, 0x82, 0x36, 0x2c, 0xb4, 0xe5);
    for (const cut of [1, 2, 3, 4, 5, 6]) expect(inPieces(bytes, [cut], 'gb18030')).toBe('𠀀,村');
  });

  test('keeps no memory of its giver, who may read the next piece into the same buffer', () => {
    const buffer = Buffer.alloc(4);
    fc.assert(
      fc.property(chinese(1), fc.constantFrom<EncodingWord>('utf-8', 'detect'), (text, word) => {
        const [bytes, decoder] = [utf8(text), toDecoder(word)];
        let got = '';
        for (let at = 0; at < bytes.length; at += buffer.length) {
          const piece = buffer.subarray(0, Math.min(buffer.length, bytes.length - at));
          piece.set(bytes.subarray(at, at + piece.length));
          got += decoder.step(piece);
        }
        expect(got + decoder.end()).toBe(text);
      }),
    );
  });

  test('throws nothing but a coded error for any bytes, and makes no replacement character', () => {
    const word = fc.constantFrom<EncodingWord>('utf-8', 'gb18030', 'detect');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), cuts, word, (bytes, at, encoding) => {
        try {
          const text = inPieces(bytes, at, encoding);
          if (encoding === 'utf-8') expect(Buffer.from(text)).toHaveLength(withoutMark(bytes).length);
        } catch (error) {
          expect(error).toMatchObject({ code: 'HUB_SOURCE_ENCODING' });
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('says the same of a text whatever its pieces are', () => {
    const word = fc.constantFrom<EncodingWord>('utf-8', 'gb18030');
    const outcome = (work: () => string) => {
      try {
        return work();
      } catch (error) {
        return String((error as HubError).place.line);
      }
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), cuts, word, (bytes, at, encoding) => {
        expect(outcome(() => inPieces(bytes, at, encoding))).toBe(
          outcome(() => inPieces(bytes, [], encoding)),
        );
      }),
      { numRuns: 2000 },
    );
  });
});

const withoutMark = (bytes: Uint8Array) =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;

describe('a text in another encoding', () => {
  test('GBK read as UTF-8 is refused with line, byte and the encoding that fits', () => {
    const file = gbk('id,county\n1,none\r\n2,冷水滩区\n');
    const { message, line } = refusal(() => toText(file, 'utf-8', { place: { file: '热点.csv' } }));
    expect(line).toBe(3);
    expect(message).toBe('line 3, byte 20: not utf-8; gb18030 fits: say `encoding: gb18030`');
  });

  test('UTF-8 read as gb18030 is refused, though gb18030 could make characters of it', () => {
    expect(new TextDecoder('gb18030', { fatal: true }).decode(utf8('冷水'))).toBe('鍐锋按');
    for (const text of ['冷水', 'a,冷水滩区\n', '\uFEFFid\n1', '路名:冷水滩'])
      expect(refusal(() => toText(utf8(text), 'gb18030')).message).toContain('say `encoding: utf-8`');
  });

  test('any Chinese text in UTF-8 is refused as gb18030, and any in GBK as UTF-8, in pieces of any length', () => {
    fc.assert(
      fc.property(chinese(8), cuts, (text, at) => {
        const name = (work: () => unknown) => refusal(work).message;
        expect(name(() => inPieces(utf8(text), at, 'gb18030'))).toMatch(/utf-8/);
        expect(name(() => inPieces(gbk(text), at, 'utf-8'))).toMatch(/gb18030/);
      }),
    );
  });

  test('common Chinese text in GBK is never taken for UTF-8, how short it may be', () => {
    fc.assert(
      fc.property(chinese(1), (text) => {
        expect(toText(gbk(text), 'gb18030').text).toBe(text);
      }),
      { numRuns: 5000 },
    );
    expect(toText(gbk('路'), 'gb18030').text).toBe('路');
  });

  test('two encodings in one file, a file cut off and UTF-16 are each called by their name', () => {
    const mixed = Buffer.concat([utf8('道县\n'), gbk('祁阳市\n')]);
    expect(refusal(() => toText(mixed, 'utf-8'))).toMatchObject({
      line: 2,
      message: expect.stringContaining('two encodings in one'),
    });
    expect(refusal(() => toText(utf8('a\n道').subarray(0, 4), 'utf-8')).message).toContain('cut off');
    expect(refusal(() => toText(gbk('a\n道').subarray(0, 3), 'gb18030')).message).toContain('cut off');
    const utf16 = Uint8Array.of(0xff, 0xfe, 0x53, 0x90);
    for (const word of ['utf-8', 'gb18030', 'detect'] as const)
      expect(refusal(() => toText(utf16, word)).message).toContain('utf-16');
  });

  test('a message shows nothing of the text', () => {
    const { message } = refusal(() => toText(gbk('张三,430101199001011234'), 'utf-8'));
    expect(message).not.toMatch(/张|4301/);
  });
});

describe('detecting', () => {
  test.each([
    ['plain', utf8('plain'), null, 'utf-8', 'bytes'],
    ['a mark', utf8('\uFEFF道县'), 'gb18030', 'utf-8', 'mark'],
    ['UTF-8', utf8('道县'), null, 'utf-8', 'bytes'],
    ['GBK', gbk('道县'), null, 'gb18030', 'bytes'],
    ['GBK that says so', gbk('道县'), 'gb18030', 'gb18030', 'declared'],
    ['GBK that says UTF-8', gbk('道县'), 'utf-8', 'gb18030', 'bytes'],
    ['UTF-8 that says GBK', utf8('道县'), 'gb18030', 'utf-8', 'bytes'],
    ['a short GBK text that also is UTF-8, and says GBK', gbk('路'), 'gb18030', 'gb18030', 'declared'],
  ] as const)('%s', (_name, bytes, declared, encoding, by) => {
    expect(toText(bytes, 'detect', { declared }).used).toEqual({ encoding, by });
  });

  test('gives ASCII through at once and holds back no more than it needs to choose', () => {
    const decoder = toDecoder('detect');
    expect(decoder.step(utf8('id,name\n1,'))).toBe('id,name\n1,');
    expect(decoder.step(gbk('道县\n'))).toBe('');
    expect(decoder.used()).toBeNull();
    expect(decoder.step(new Uint8Array(70_000).fill(0x61)).length).toBeGreaterThan(70_000);
    expect(decoder.used()).toEqual({ encoding: 'gb18030', by: 'bytes' });
  });

  test('an encoding that changes behind the sample is refused at its line', () => {
    const file = Buffer.concat([utf8('道县\n'), utf8('a\n'.repeat(40_000)), gbk('祁阳市\n')]);
    expect(refusal(() => inPieces(file, [70_000], 'detect')).line).toBe(40_002);
  });
});

test('names of encodings are known as headers and prologues write them', () => {
  expect(['UTF-8', '"utf8"', 'GB2312', 'gbk', ' GB18030 ', 'cp936', 'latin1'].map(parseCharset)).toEqual([
    'utf-8',
    'utf-8',
    'gb18030',
    'gb18030',
    'gb18030',
    'gb18030',
    null,
  ]);
});
