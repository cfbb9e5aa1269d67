// The outer parts of a sound frame of SL 651, the same for both codings.
import { fromHex, toBytewise, toHex } from '../frames/read-bytes.ts';
import { ETB, SYN, toCoding } from './framing.ts';

export type Envelope = {
  readonly isAscii: boolean;
  /** The centre's address, 1–255. */
  readonly center: number;
  /** The station's five bytes as they were sent. */
  readonly address: Uint8Array;
  /** Four hexadecimal digits. */
  readonly password: string;
  /** Appendix B, two hexadecimal digits: `32`. */
  readonly function: string;
  /** Of a packet of several (mode M3); null otherwise. Numbers from 1. */
  readonly packet: { readonly total: number; readonly number: number } | null;
  /** Another frame follows (ETB). */
  readonly isFollowed: boolean;
  /** Without the packet's numbers. */
  readonly body: Uint8Array;
};

/** Null where the numbers of a packet of several are none. `raw`: as `framing` cut it. */
export function parseEnvelope(raw: Uint8Array): Envelope | null {
  const { header, crc, isAscii } = toCoding(raw);
  const head = isAscii ? fromHex(toBytewise(raw.subarray(1, header - 1))) : raw.subarray(2, header - 1);
  const end = raw.length - crc - 1;
  const content = raw.subarray(header, end);
  const isPacket = raw[header - 1] === SYN;
  const numbers = isAscii ? 6 : 3;
  const packet = isPacket ? parsePacket(content.subarray(0, numbers), isAscii) : null;
  if (isPacket && packet === null) return null;
  return {
    isAscii,
    center: head[0] ?? 0,
    address: head.slice(1, 6),
    password: toHex(head.subarray(6, 8)),
    function: toHex(head.subarray(8, 9)),
    packet,
    isFollowed: raw[end] === ETB,
    body: isPacket ? content.subarray(numbers) : content,
  };
}

/**
 * Ten digits of a hydrological station (SL 502, with its 00 in front); twelve of any other: six of the division and the
 * two bytes behind it as a number (SL 651-2014 6.2.3.2).
 */
export function toStation(address: Uint8Array): string {
  if (address[0] === 0) return toHex(address);
  const own = ((address[3] ?? 0) << 8) | (address[4] ?? 0);
  return toHex(address.subarray(0, 3)) + String(own).padStart(6, '0');
}

/** Twelve bits of the total, twelve of the number. */
function parsePacket(bytes: Uint8Array, isAscii: boolean): Envelope['packet'] {
  const digits = isAscii ? toBytewise(bytes) : toHex(bytes);
  if (!/^[0-9a-f]{6}$/i.test(digits)) return null;
  const [total, number] = [Number.parseInt(digits.slice(0, 3), 16), Number.parseInt(digits.slice(3), 16)];
  return number >= 1 && number <= total ? { total, number } : null;
}
