// What a centre answers to a report (SL 651-2014 6.3.1.2, modes M2 and M3): its serial number and the centre's time. ACK
// where another frame follows, EOT otherwise: a hub that commands nothing has no reason to keep a station on line (ESC).
import { toJoined } from '../../kit/frame-parts.ts';
import { fromBytewise, fromHex, toHex } from '../frames/read-bytes.ts';
import { toCrc16 } from './crc16.ts';
import type { Envelope } from './envelope.ts';
import { STX, SYN } from './framing.ts';

const ACK = 0x06;
const EOT = 0x04;
/** The 8 says downwards. */
const DOWN = 0x8000;

/** `serial`: four hexadecimal digits; `now`: milliseconds. */
export function toReply(envelope: Envelope, serial: string, now: number): Uint8Array {
  const { isAscii, center, address, password, packet } = envelope;
  // To all packets one answer, under the number of the last.
  const numbers = packet === null ? '' : toDigits(packet.total, 3).repeat(2);
  const body = numbers + serial + toBeijingTime(now);
  const length = isAscii ? body.length : body.length / 2;
  const head =
    toHex(address) + toDigits(center, 2) + password + envelope.function + toDigits(DOWN | length, 4);
  const toBytes = isAscii ? fromBytewise : fromHex;
  const answer = toJoined([
    isAscii ? Uint8Array.of(0x01) : Uint8Array.of(0x7e, 0x7e),
    toBytes(head),
    Uint8Array.of(packet === null ? STX : SYN),
    toBytes(body),
    Uint8Array.of(packet === null && envelope.isFollowed ? ACK : EOT),
  ]);
  return toJoined([answer, toBytes(toDigits(toCrc16(answer), 4))]);
}

function toDigits(value: number, width: number): string {
  return value.toString(16).toUpperCase().padStart(width, '0');
}

/** yyMMddHHmmss: the standard's clocks show Beijing time, which knows no summer time. */
function toBeijingTime(now: number): string {
  return new Date(now + 8 * 3_600_000).toISOString().replace(/\D/g, '').slice(2, 14);
}
