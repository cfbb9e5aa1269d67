// Bytes → text, strictly: what does not fit its encoding is refused with the place and the encoding that would fit,
// before a codec sees it. Streaming, so that a file of any size passes; a replacement character is never made here.
import { type ErrorPlace, HubError } from '../../schema/errors.ts';
import {
  countChinese,
  countLines,
  countWhole,
  type Encoding,
  join,
  parseStrict,
  toFaultOffset,
  toUtf8Evidence,
} from './encoding-bytes.ts';

/** As the manifest says it. `detect`: what the sender declared, then strict UTF-8, then gb18030. */
export type EncodingWord = Encoding | 'detect';

/** `told` by the manifest, `declared` by the sender, a byte order `mark`, or found in the `bytes`. Pure ASCII is utf-8 by `bytes`. */
export type UsedEncoding = {
  readonly encoding: Encoding;
  readonly by: 'told' | 'declared' | 'mark' | 'bytes';
};

/** One text: pieces of any length in, their whole characters out. Throws HUB_SOURCE_ENCODING; no byte of the text is in it. */
export type Decoder = {
  step(bytes: Uint8Array): string;
  end(): string;
  /** Null as long as nothing but ASCII was seen under `detect`. */
  used(): UsedEncoding | null;
};

export type DecoderOptions = {
  /** What the sender says, by `parseCharset`; only `detect` heeds it, and only as far as the bytes agree. */
  readonly declared?: Encoding | null;
  readonly place?: ErrorPlace;
};

/** How much of what follows the first byte beyond ASCII is looked at before `detect` decides. */
const SAMPLE_BYTES = 65_536;

/** The encoding behind a name as headers and XML prologues write it; null for one that the hub does not read. */
export function parseCharset(name: string): Encoding | null {
  const word = name
    .trim()
    .replace(/^["']|["']$/g, '')
    .toLowerCase();
  if (/^utf-?8$/.test(word)) return 'utf-8';
  return /^(gb_?2312(-80)?|gbk|gb18030|gb-18030|x-gbk|cp936|ms936|windows-936|euc-cn)$/.test(word)
    ? 'gb18030'
    : null;
}

/** A whole answer at once. */
export function toText(
  bytes: Uint8Array,
  word: EncodingWord,
  options: DecoderOptions = {},
): { readonly text: string; readonly used: UsedEncoding } {
  const decoder = toDecoder(word, options);
  const text = decoder.step(bytes) + decoder.end();
  return { text, used: decoder.used() ?? { encoding: 'utf-8', by: 'bytes' } };
}

export function toDecoder(word: EncodingWord, options: DecoderOptions = {}): Decoder {
  return word === 'detect'
    ? toDetecting(options)
    : toStrict({ encoding: word, by: 'told' }, options.place ?? {}, BEGIN);
}

/** What was given through before, all of it ASCII. */
type Begun = { readonly offset: number; readonly lines: number; readonly isCr: boolean };
const BEGIN: Begun = { offset: 0, lines: 0, isCr: false };

function toStrict(used: UsedEncoding, place: ErrorPlace, begun: Begun): Decoder {
  const { encoding } = used;
  const evidence = encoding === 'gb18030' ? toUtf8Evidence() : null;
  let { offset, lines, isCr } = begun;
  let carry: Uint8Array = new Uint8Array(0);
  let isFirst = offset === 0;
  let hadChinese = false;

  const fault = (bytes: Uint8Array): HubError => {
    const at = toFaultOffset(encoding, bytes);
    const before = bytes.subarray(0, at);
    const line = lines + 1 + countLines(before, isCr);
    const isMixed = hadChinese || countChinese(parseStrict(encoding, before) ?? '') > 0;
    const words =
      offset + at === 0 && isUtf16(bytes)
        ? `not ${encoding} but utf-16, which the hub does not read: have it saved as utf-8`
        : toFaultWords(encoding, bytes.subarray(toPlainStart(bytes, at)), isMixed);
    return refuse(`line ${line}, byte ${offset + at}: ${words}`, { ...place, line });
  };
  const refuseUtf8 = (isWhole: boolean) => {
    if (evidence?.isUtf8(isWhole) !== true) return;
    const words = 'every byte is valid utf-8, and gb18030 would make other characters of it';
    throw refuse(`line 1, byte 0: not gb18030: ${words}; say \`encoding: utf-8\``, { ...place, line: 1 });
  };
  return {
    used: () => used,
    step(bytes) {
      evidence?.step(bytes);
      refuseUtf8(false);
      const all = join(carry, bytes);
      const whole = all.subarray(0, countWhole(encoding, all));
      const text = parseStrict(encoding, whole);
      if (text === null) throw fault(all);
      carry = Uint8Array.from(all.subarray(whole.length));
      offset += whole.length;
      lines += countLines(whole, isCr);
      if (whole.length > 0) isCr = whole.at(-1) === 0x0d;
      hadChinese ||= countChinese(text) > 0;
      const isMarked = isFirst && text.startsWith('\uFEFF');
      isFirst &&= text === '';
      return isMarked ? text.slice(1) : text;
    },
    end() {
      refuseUtf8(true);
      if (carry.length === 0) return '';
      const line = lines + 1;
      const words = `ends inside a character of ${encoding}: cut off, or not ${encoding}; have it sent anew`;
      throw refuse(`line ${line}, byte ${offset}: ${words}`, { ...place, line });
    },
  };
}

function refuse(message: string, place: ErrorPlace): HubError {
  return new HubError('HUB_SOURCE_ENCODING', message, { place });
}

const isUtf16 = (bytes: Uint8Array) =>
  (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);

/** Behind the last byte before the fault that is a whole character in every encoding. */
function toPlainStart(bytes: Uint8Array, at: number): number {
  let from = at;
  while (from > 0 && (bytes[from - 1] ?? 0) >= 0x30) from -= 1;
  return from;
}

function toFaultWords(encoding: Encoding, rest: Uint8Array, isMixed: boolean): string {
  const other = encoding === 'utf-8' ? 'gb18030' : 'utf-8';
  if (parseStrict(other, rest, true) === null)
    return `not ${encoding}, and ${other} does not fit either: damaged or cut off; have it sent anew`;
  return encoding === 'utf-8' && isMixed
    ? 'not utf-8 but gb18030, and the text before it is utf-8: two encodings in one; have it saved as utf-8'
    : `not ${encoding}; ${other} fits: say \`encoding: ${other}\``;
}

/** Gives ASCII through as it comes; from the first other byte on it holds back until it can choose. */
function toDetecting(options: DecoderOptions): Decoder {
  let begun = BEGIN;
  let held: Uint8Array = new Uint8Array(0);
  let chosen: Decoder | null = null;
  const choose = (isWhole: boolean): string => {
    chosen = toStrict(toUsed(held, options.declared ?? null, isWhole), options.place ?? {}, begun);
    const text = chosen.step(held);
    held = new Uint8Array(0);
    return text;
  };
  return {
    used: () => chosen?.used() ?? null,
    step(bytes) {
      if (chosen !== null) return chosen.step(bytes);
      const plain = held.length > 0 ? 0 : countPlain(bytes);
      const ascii = bytes.subarray(0, plain);
      begun = {
        offset: begun.offset + plain,
        lines: begun.lines + countLines(ascii, begun.isCr),
        isCr: plain === 0 ? begun.isCr : ascii.at(-1) === 0x0d,
      };
      held = join(held, Uint8Array.from(bytes.subarray(plain)));
      return (parseStrict('utf-8', ascii) ?? '') + (held.length < SAMPLE_BYTES ? '' : choose(false));
    },
    end() {
      const text = chosen === null && held.length > 0 ? choose(true) : '';
      return text + (chosen?.end() ?? '');
    },
  };
}

/** How many bytes before the first one beyond ASCII. */
function countPlain(bytes: Uint8Array): number {
  const at = bytes.findIndex((byte) => byte >= 0x80);
  return at === -1 ? bytes.length : at;
}

function toUsed(sample: Uint8Array, declared: Encoding | null, isWhole: boolean): UsedEncoding {
  const evidence = toUtf8Evidence();
  evidence.step(sample);
  if (sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf)
    return { encoding: 'utf-8', by: 'mark' };
  const fits = (encoding: Encoding) => parseStrict(encoding, sample, !isWhole) !== null;
  const isUtf8 = evidence.isUtf8(isWhole);
  if (declared !== null && fits(declared) && !(declared === 'gb18030' && isUtf8))
    return { encoding: declared, by: 'declared' };
  return { encoding: fits('utf-8') ? 'utf-8' : 'gb18030', by: 'bytes' };
}
