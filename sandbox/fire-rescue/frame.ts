// A frame of a transmission device, written from GB/T 26875.3-2011: control unit (6.6), data unit of part states (8.2.1.2).
import iconv from 'iconv-lite';
import type { Instant } from '../clock/sandbox-clock.ts';
import { toDigits } from '../clock/time-text.ts';

export type PartState = {
  readonly systemType: number;
  readonly systemAddress: number;
  readonly partType: number;
  readonly partAddress: number;
  /** 16 bits. */
  readonly state: number;
  /** 31 bytes in GBK; what is longer is cut, in the middle of a character if it comes so. */
  readonly text: string;
  readonly at: Instant;
};

const [COMMAND_SEND, TYPE_PART_STATE, TEXT_BYTES] = [2, 2, 31];
const CENTRE = '0746000000FF';

/** Two bytes `@@`, the unit, its sum, two bytes `##`. Numbers have their low byte first. */
export function encodeReport(
  { serial, source, at }: { readonly serial: number; readonly source: string; readonly at: Instant },
  parts: readonly PartState[],
): Buffer {
  const data = Buffer.concat([Buffer.from([TYPE_PART_STATE, parts.length]), ...parts.map(encodePart)]);
  const unit = Buffer.concat([
    toLow(serial, 2),
    Buffer.from([1, 1]),
    encodeClock(at),
    encodeAddress(source),
    encodeAddress(CENTRE),
    toLow(data.length, 2),
    Buffer.from([COMMAND_SEND]),
    data,
  ]);
  const sum = unit.reduce((total, byte) => (total + byte) % 256, 0);
  return Buffer.concat([Buffer.from('@@'), unit, Buffer.from([sum]), Buffer.from('##')]);
}

function encodePart({
  systemType,
  systemAddress,
  partType,
  partAddress,
  state,
  text,
  at,
}: PartState): Buffer {
  const field = Buffer.alloc(TEXT_BYTES);
  iconv.encode(text, 'gbk').copy(field);
  const head = Buffer.from([systemType, systemAddress, partType]);
  return Buffer.concat([head, toLow(partAddress, 4), toLow(state, 2), field, encodeClock(at)]);
}

/** Second, minute, hour, day, month, year of the century, in Beijing, each a binary byte. */
function encodeClock(at: Instant): Buffer {
  const pairs = toDigits(at).slice(2).match(/../g) ?? [];
  return Buffer.from(pairs.map(Number).toReversed());
}

/** Six bytes that are written with the highest first. */
function encodeAddress(digits: string): Buffer {
  return Buffer.from(digits, 'hex').reverse();
}

function toLow(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
}
