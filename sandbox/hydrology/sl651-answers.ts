// What a telemetry unit hears from its centre (SL 651-2014 6.3.1.2): frames downwards in either coding, each with the serial
// number of what it answers.
import type { Answer } from '../sender/tcp-sender.ts';
import { toModbusCrc } from './modbus-crc.ts';

const SOH = 0x01;
const SYN = 0x16;
/** Bytes up to the sign that begins the body, of the check, and of the packet's numbers. */
const HEX = { header: 14, crc: 2, numbers: 3, serial: 2, lengthAt: 11 };
const ASCII = { header: 24, crc: 4, numbers: 6, serial: 4, lengthAt: 19 };

/** For each connection. An answer whose check is wrong is none: the report is then sent again. */
export function openAnswerReader(): (bytes: Uint8Array) => readonly Answer[] {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    const answers: Answer[] = [];
    for (let length = toLength(rest); length !== null && length <= rest.length; length = toLength(rest)) {
      const frame = rest.subarray(0, length);
      rest = rest.subarray(length);
      const key = parseSerial(frame);
      if (key !== null) answers.push({ key, bytes: frame });
    }
    return answers;
  };
}

/** Of the frame at the beginning; null while its header is not whole, 1 where no frame begins. */
function toLength(bytes: Buffer): number | null {
  if (bytes.length === 0) return null;
  const isAscii = bytes[0] === SOH;
  if (!isAscii && bytes[0] !== 0x7e) return 1;
  const coding = isAscii ? ASCII : HEX;
  if (bytes.length < coding.header) return null;
  const length = bytes.subarray(coding.lengthAt, coding.header - 1);
  // The highest four bits say the direction.
  const body = isAscii
    ? Number.parseInt(length.toString('latin1'), 16) & 0xfff
    : length.readUInt16BE() & 0xfff;
  return Number.isNaN(body) ? 1 : coding.header + body + 1 + coding.crc;
}

/** Four hexadecimal digits; null where the check is wrong. */
function parseSerial(frame: Buffer): string | null {
  const isAscii = frame[0] === SOH;
  const { header, crc, numbers, serial } = isAscii ? ASCII : HEX;
  if (frame.length < header + serial) return null;
  const encoding = isAscii ? 'latin1' : 'hex';
  const told = Number.parseInt(frame.subarray(frame.length - crc).toString(encoding), 16);
  if (told !== toModbusCrc(frame.subarray(0, frame.length - crc))) return null;
  const at = header + (frame[header - 1] === SYN ? numbers : 0);
  return frame
    .subarray(at, at + serial)
    .toString(encoding)
    .toUpperCase();
}
