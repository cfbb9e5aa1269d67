// JT/T 808 as a terminal speaks it, written from the standard's text: section 4.4 messages, section 8 bodies, for the headers of 2011 and
// 2019. terminal.ts sends what is made here and reads the platform's answers with it.
import iconv from 'iconv-lite';
import { toDigits } from '../clock/time-text.ts';
import type { Answer } from '../sender/tcp-sender.ts';
import type { Fix } from './drive.ts';
import type { Vehicle } from './vehicle.ts';

/** Message numbers of table "消息对照表". */
export const MESSAGES = {
  heartbeat: 0x0002,
  register: 0x0100,
  authenticate: 0x0102,
  position: 0x0200,
  batch: 0x0704,
} as const;

const FLAG = 0x7e;
const ESCAPE = 0x7d;
/** Bits of the properties of a message's body. */
const IS_PART = 1 << 13;
const IS_2019 = 1 << 14;
const LENGTH = 0x03ff;
/** What a terminal puts into one frame; ten bits of length would allow 1023. */
const MOST_BODY = 1000;

type Header = Pick<Vehicle, 'simNo' | 'is2019'>;

/** The whole message: one frame, or as many as its body needs, with serial numbers in a row from `serial`. */
export function encodeMessage(to: Header, message: number, serial: number, body: Buffer): readonly Buffer[] {
  const total = Math.max(1, Math.ceil(body.length / MOST_BODY));
  return Array.from({ length: total }, (_, at) => {
    const piece = body.subarray(at * MOST_BODY, (at + 1) * MOST_BODY);
    const part = total === 1 ? null : { total, index: at + 1 };
    return encodeFrame(to, message, (serial + at) & 0xffff, piece, part);
  });
}

function encodeFrame(
  { simNo, is2019 }: Header,
  message: number,
  serial: number,
  body: Buffer,
  part: { readonly total: number; readonly index: number } | null,
): Buffer {
  const properties = (body.length & LENGTH) | (part === null ? 0 : IS_PART) | (is2019 ? IS_2019 : 0);
  const plain = Buffer.concat([
    ...[word(message), word(properties), Buffer.from(is2019 ? [1] : [])],
    ...[Buffer.from(simNo.padStart(is2019 ? 20 : 12, '0'), 'hex'), word(serial)],
    ...(part === null ? [] : [word(part.total), word(part.index)]),
    body,
  ]);
  return toEscaped(Buffer.concat([plain, Buffer.from([toCheck(plain)])]));
}

/** The same frame with another check byte, as it arrives over a bad line. */
export function toDamaged(frame: Buffer): Buffer {
  const plain = toPlain(frame.subarray(1, -1));
  plain.writeUInt8((plain.at(-1) ?? 0) ^ 0x10, plain.length - 1);
  return toEscaped(plain);
}

/** Body of 0x0100: division, maker, model and number of the terminal, plate colour, plate in GBK. 2019 has longer fields. */
export function encodeRegistration({ plate, colour, county, index, is2019 }: Vehicle): Buffer {
  const [maker, model, number] = is2019 ? [11, 30, 30] : [5, 20, 7];
  return Buffer.concat([
    ...[word(Number(county.slice(0, 2))), word(Number(county.slice(2, 6)))],
    ...[text('70431', maker), text('YZ-808', model), text(`YZ${String(index).padStart(5, '0')}`, number)],
    ...[Buffer.from([colour]), iconv.encode(plate, 'gbk')],
  ]);
}

/** Body of 0x0102: 2011 has the code alone, 2019 its length before it, IMEI and software version behind. */
export function encodeAuthentication({ index, is2019 }: Vehicle, code: string): Buffer {
  const shown = Buffer.from(code, 'latin1');
  if (!is2019) return shown;
  const imei = `86${String(index).padStart(13, '0')}`;
  return Buffer.concat([Buffer.from([shown.length]), shown, text(imei, 15), text('V2.19', 20)]);
}

/** Body of 0x0200, and an item of 0x0704: time in BCD at GMT+8, additional items 0x01 mileage, 0x30 signal, 0x31 satellites. */
export function encodePosition(fix: Fix): Buffer {
  const { at, place, speed, heading, altitude, mileage, alarms } = fix;
  // Bit 0 of the status: ignition on; bit 1: the position is a fix.
  const status = (speed > 0 ? 1 : 0) | (place === null ? 0 : 2);
  const { lon, lat } = place ?? { lon: 0, lat: 0 };
  return Buffer.concat([
    ...[double(alarms.reduce((bits, bit) => bits + 2 ** bit, 0)), double(status)],
    ...[double(Math.round(lat * 1e6)), double(Math.round(lon * 1e6))],
    ...[
      word(altitude),
      word(Math.round(speed * 10)),
      word(heading),
      Buffer.from(toDigits(at).slice(2), 'hex'),
    ],
    ...[Buffer.from([0x01, 4]), double(Math.round(mileage * 10))],
    Buffer.from([0x30, 1, 24, 0x31, 1, place === null ? 0 : 11]),
  ]);
}

/** Body of 0x0704: how many, kind 1 (kept while there was no network), each position behind its length. */
export function encodeBatch(fixes: readonly Fix[]): Buffer {
  const items = fixes.map(encodePosition).flatMap((body) => [word(body.length), body]);
  return Buffer.concat([word(fixes.length), Buffer.from([1]), ...items]);
}

/** Results of the answers 0x8001 and 0x8100: 0 is done. */
export type Said = { readonly result: number; readonly code: string };
const GENERAL = 0x8001;

/** Whole answers out of what came; the key is the serial number that they answer. */
export function openAnswerReader(): (bytes: Uint8Array) => readonly Answer[] {
  let held = Buffer.alloc(0);
  return (bytes) => {
    held = Buffer.concat([held, bytes]);
    const answers: Answer[] = [];
    for (let end = held.indexOf(FLAG, 1); end > 0; end = held.indexOf(FLAG, 1)) {
      const inner = held.subarray(1, end);
      held = held.subarray(inner.length === 0 ? end : end + 1);
      if (inner.length > 0) answers.push(toAnswer(toPlain(inner)));
    }
    return answers;
  };
}

/** What an answer says: of 0x8001 the result, of 0x8100 the code too. */
export function toSaid({ bytes }: Answer): Said {
  const body = Buffer.from(bytes);
  const isGeneral = body.readUInt16BE(0) === GENERAL;
  const result = body[isGeneral ? 6 : 4] ?? 255;
  return { result, code: isGeneral ? '' : body.subarray(5).toString('latin1') };
}

/** Its bytes: the message's number, then its body. */
function toAnswer(plain: Buffer): Answer {
  const is2019 = (plain.readUInt16BE(2) & IS_2019) !== 0;
  const body = plain.subarray(is2019 ? 17 : 12, -1);
  return { key: String(body.readUInt16BE(0)), bytes: Buffer.concat([plain.subarray(0, 2), body]) };
}

function toEscaped(plain: Buffer): Buffer {
  const inner = [...plain].flatMap((byte) =>
    byte === FLAG ? [ESCAPE, 0x02] : byte === ESCAPE ? [ESCAPE, 0x01] : [byte],
  );
  return Buffer.from([FLAG, ...inner, FLAG]);
}

function toPlain(inner: Buffer): Buffer {
  const plain: number[] = [];
  for (let at = 0; at < inner.length; at += 1) {
    const byte = inner[at] ?? 0;
    if (byte !== ESCAPE) plain.push(byte);
    else {
      at += 1;
      plain.push(inner[at] === 0x02 ? FLAG : ESCAPE);
    }
  }
  return Buffer.from(plain);
}

function toCheck(bytes: Buffer): number {
  let check = 0;
  for (const byte of bytes) check ^= byte;
  return check;
}

function text(value: string, bytes: number): Buffer {
  const field = Buffer.alloc(bytes);
  field.write(value, 'latin1');
  return field;
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
