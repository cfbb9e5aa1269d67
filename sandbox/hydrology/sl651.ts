// What a telemetry unit says, in both codings of SL 651-2014: HEX/BCD (6.5, 6.6.3) and ASCII (6.4, 6.6.2), upwards. Written from
// the standard's text; sl651-answers.ts reads what a centre says.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toDigits } from '../clock/time-text.ts';
import { toModbusCrc } from './modbus-crc.ts';

/** Appendix B: 2FH keeps the link up, 32H is a timed report, 33H an extra one. */
export type Word = '2F' | '32' | '33';

/** Appendix C: the byte, the word, and the format N(digits, places) as bytes of packed decimals. */
const ELEMENTS = {
  PJ: { code: '20', bytes: 3, places: 1 },
  PN05: { code: '22', bytes: 3, places: 1 },
  PT: { code: '26', bytes: 3, places: 1 },
  Q: { code: '27', bytes: 5, places: 3 },
  VT: { code: '38', bytes: 2, places: 2 },
  Z: { code: '39', bytes: 4, places: 3 },
} as const;
export type ElementWord = keyof typeof ELEMENTS;

export type Report = {
  /** Ten digits (6.2.3.2: 00 in front of the station's eight). */
  readonly address: string;
  /** Four hexadecimal digits. */
  readonly password: string;
  readonly word: Word;
  /** 1–65535. */
  readonly serial: number;
  readonly sentAt: Instant;
  /** H: river, P: rain. Null for a sign of life. */
  readonly type: 'H' | 'P' | null;
  readonly observedAt: Instant;
  /** mm, m, m³/s, V; null: the instrument gives nothing. */
  readonly values: ReadonlyMap<ElementWord, number | null>;
};

/** The centre's address, which every station of the sandbox has. */
const CENTER = 1;
/** STX begins a body, SYN that of a packet; ETX ends it, ETB where another follows. */
const [STX, SYN, ETX, ETB] = ['02', '16', '03', '17'] as const;

export function toSerialKey(serial: number): string {
  return toHex(serial, 4);
}

export function toHexFrame(report: Report): Uint8Array {
  return toFrame(report, { body: toHexBody(report), start: STX, end: ETX, isAscii: false });
}

export function toAsciiFrame(report: Report): Uint8Array {
  return toFrame(report, { body: toAsciiBody(report), start: STX, end: ETX, isAscii: true });
}

/** The same body in two packets (mode M3): the numbers stand before it, and are part of its length. */
export function toHexPackets(report: Report): readonly [Uint8Array, Uint8Array] {
  const body = toHexBody(report);
  const middle = Math.floor(body.length / 4) * 2;
  const toPacket = (number: number, part: string, end: string) =>
    toFrame(report, { body: toHex(2, 3) + toHex(number, 3) + part, start: SYN, end, isAscii: false });
  return [toPacket(1, body.slice(0, middle), ETB), toPacket(2, body.slice(middle), ETX)];
}

type Parts = {
  /** Hexadecimal digits, or the text itself. */
  readonly body: string;
  readonly start: string;
  readonly end: string;
  readonly isAscii: boolean;
};

/** Upwards the centre's address comes first; the length's highest four bits are 0. */
function toFrame({ address, password, word }: Report, parts: Parts): Uint8Array {
  const { body, start, end, isAscii } = parts;
  const head =
    toHex(CENTER, 2) + address + password + word + toHex(isAscii ? body.length : body.length / 2, 4);
  const signs = [start, end].map((sign) => (isAscii ? String.fromCharCode(Number(`0x${sign}`)) : sign));
  const encoding = isAscii ? 'latin1' : 'hex';
  const frame = Buffer.from(`${isAscii ? '\x01' : '7E7E'}${head}${signs[0]}${body}${signs[1]}`, encoding);
  return Buffer.concat([frame, Buffer.from(toHex(toModbusCrc(frame), 4), encoding)]);
}

/** An element is its byte, a byte of length (high five bits) and places (low three), and packed decimals; all F says nothing. */
function toHexBody(report: Report): string {
  const { address, type, observedAt, values } = report;
  const head = toSerialKey(report.serial) + toShortTime(report.sentAt, 12);
  if (type === null) return head;
  const told = [...values].map(([word, value]) => {
    const { code, bytes, places } = ELEMENTS[word];
    const packed = value === null ? 'F'.repeat(bytes * 2) : toPacked(value, places, bytes * 2);
    return code + toHex(bytes * 8 + places, 2) + packed;
  });
  const group = `F1F1${address}${Buffer.from(type).toString('hex')}F0F0${toShortTime(observedAt, 10)}`;
  return (head + group + told.join('')).toUpperCase();
}

/** Words and values, each with a blank behind it; M says nothing. */
function toAsciiBody(report: Report): string {
  const { address, type, observedAt, values } = report;
  const head = toSerialKey(report.serial) + toShortTime(report.sentAt, 12);
  if (type === null) return head;
  const told = [...values].map(([word, value]) => `${word} ${value?.toFixed(ELEMENTS[word].places) ?? 'M'} `);
  return `${head}ST ${address} ${type} TT ${toShortTime(observedAt, 10)} ${told.join('')}`;
}

function toPacked(value: number, places: number, digits: number): string {
  const text = String(Math.round(value * 10 ** places));
  if (value < 0 || text.length > digits)
    throw new Error(`a value must be a decimal of at most ${digits} digits, but got: ${value}`);
  return text.padStart(digits, '0');
}

/** yyMMddHHmmss, or its beginning, of Beijing time. */
function toShortTime(at: Instant, digits: number): string {
  return toDigits(at).slice(2, 2 + digits);
}

function toHex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
