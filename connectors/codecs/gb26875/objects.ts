// The information objects of a data unit (GB/T 26875.3, 8.2 and 8.3): type, count, objects of one length, each with its time
// behind it or none.

import type { RawValue, SourceRecord } from '../../kit/contract.ts';
import { countWhole, parseStrict } from '../../kit/encoding-bytes.ts';
import { toNumber, toTime } from './envelope.ts';

const TIME_BYTES = 6;

/** Names of bits, from 0. A clear first bit means that the part is being tested. */
const PART_SIGNALS = [
  'normal',
  'fire',
  'fault',
  'shielded',
  'supervision',
  'started',
  'feedback',
  'delayed',
  'powerFault',
];
const SYSTEM_SIGNALS = [
  ...PART_SIGNALS.slice(0, 8),
  'mainPowerFault',
  'backupPowerFault',
  'busFault',
  'manual',
  'configurationChanged',
  'reset',
];
const DEVICE_SIGNALS = [
  'normal',
  'fire',
  'fault',
  'mainPowerFault',
  'backupPowerFault',
  'channelFault',
  'lineFault',
];
const OPERATIONS = ['reset', 'silenced', 'manualAlarm', 'cleared', 'selfTest', 'confirmed', 'test'];
const DEVICE_OPERATIONS = OPERATIONS.map((name) => (name === 'confirmed' ? 'dutyAnswered' : name));

type ObjectType = { readonly bytes: number; readonly read: (bytes: Uint8Array) => SourceRecord };

const TYPES: ReadonlyMap<number, ObjectType> = new Map<number, ObjectType>([
  [1, { bytes: 4, read: (bytes) => ({ ...toSystem(bytes), ...toState(bytes.subarray(2), SYSTEM_SIGNALS) }) }],
  [
    2,
    {
      bytes: 40,
      read: (bytes) => ({
        ...toPart(bytes),
        ...toState(bytes.subarray(7, 9), PART_SIGNALS),
        text: toText(bytes.subarray(9)),
      }),
    },
  ],
  [
    3,
    {
      bytes: 10,
      read: (bytes) => ({ ...toPart(bytes), quantity: bytes[7] ?? 0, value: toSigned(bytes.subarray(8)) }),
    },
  ],
  [4, { bytes: 4, read: (bytes) => ({ ...toSystem(bytes), ...toOperation(bytes.subarray(2), OPERATIONS) }) }],
  [21, { bytes: 1, read: (bytes) => toState(bytes, DEVICE_SIGNALS) }],
  [24, { bytes: 2, read: (bytes) => toOperation(bytes, DEVICE_OPERATIONS) }],
  [28, { bytes: 0, read: () => ({}) }],
]);

/**
 * `type` and `items`; `body` as bytes instead of items for types that are not read. An object without a time of its own has
 * the frame's. A text: which length does not fit.
 */
export function parseUnit(data: Uint8Array, sentAt: string): SourceRecord | string {
  const [number, count] = data;
  if (number === undefined || count === undefined)
    return `a data unit of ${data.length} bytes, it has 2 at least`;
  const type = TYPES.get(number);
  if (type === undefined) return { type: number, body: data };
  const bytes = data.length - 2;
  const hasTime = bytes === count * (type.bytes + TIME_BYTES);
  if (!hasTime && bytes !== count * type.bytes)
    return `${bytes} bytes for ${count} objects of type ${number}, each has ${type.bytes}, with a time ${type.bytes + TIME_BYTES}`;
  const step = type.bytes + (hasTime ? TIME_BYTES : 0);
  const items = Array.from({ length: count }, (_, at): SourceRecord => {
    const object = data.subarray(2 + at * step, 2 + (at + 1) * step);
    const time = hasTime ? toTime(object.subarray(type.bytes)) : sentAt;
    return { type: number, ...type.read(object.subarray(0, type.bytes)), time };
  });
  return { type: number, items };
}

function toSystem(bytes: Uint8Array): SourceRecord {
  return { systemType: bytes[0] ?? 0, systemAddress: bytes[1] ?? 0 };
}

function toPart(bytes: Uint8Array): SourceRecord {
  return { ...toSystem(bytes), partType: bytes[2] ?? 0, partAddress: toNumber(bytes.subarray(3, 7)) };
}

function toState(bytes: Uint8Array, names: readonly string[]): SourceRecord {
  const state = toNumber(bytes);
  return { state, signals: toNames(state, names) };
}

function toOperation(bytes: Uint8Array, names: readonly string[]): SourceRecord {
  return { operations: toNames(bytes[0] ?? 0, names), operator: bytes[1] ?? 0 };
}

/** The names of the bits that are set; a reserved one keeps its number. */
function toNames(value: number, names: readonly string[]): RawValue {
  return Array.from({ length: 16 }, (_, bit) => bit)
    .filter((bit) => ((value >> bit) & 1) === 1)
    .map((bit) => names[bit] ?? `bit${bit}`);
}

function toSigned(bytes: Uint8Array): number {
  const value = toNumber(bytes);
  return value >= 0x8000 ? value - 0x10000 : value;
}

// 31 bytes cut a text of two-byte characters in half. Text that cannot be read must not cost the alarm: it is null.
function toText(bytes: Uint8Array): string | null {
  const end = bytes.indexOf(0);
  const filled = end < 0 ? bytes : bytes.subarray(0, end);
  return parseStrict('gb18030', filled.subarray(0, countWhole('gb18030', filled)))?.trim() ?? null;
}
