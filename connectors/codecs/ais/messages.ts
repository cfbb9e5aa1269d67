// The messages of AIS that the hub reads (ITU-R M.1371-5 Annex 8): positions of class A (1–3) and B (18, 19), base stations (4),
// what ships say of themselves (5, 24). Each by its fewest bits and the places of its fields.
import type { SourceRecord } from '../../kit/contract.ts';
import type { Bits } from './bits.ts';
import { toDate, toDimensions, toInstant, toNumber, toPosition, toTenths } from './values.ts';

export type Message = {
  readonly bits: number;
  /** `now`: milliseconds, when it came. */
  read(bits: Bits, now: number): SourceRecord;
};

const classA: Message = {
  bits: 168,
  read: (bits, now) => ({
    status: bits.unsigned(38, 4),
    turn: toNumber(bits.signed(42, 8), -128),
    sog: toTenths(bits.unsigned(50, 10), 1023),
    accuracy: bits.unsigned(60, 1),
    ...toPosition(bits, 61),
    cog: toTenths(bits.unsigned(116, 12), 3600),
    heading: toNumber(bits.unsigned(128, 9), 511),
    second: bits.unsigned(137, 6),
    at: toInstant(bits.unsigned(137, 6), now),
  }),
};

const classB: Message = {
  bits: 168,
  read: (bits, now) => ({
    sog: toTenths(bits.unsigned(46, 10), 1023),
    accuracy: bits.unsigned(56, 1),
    ...toPosition(bits, 57),
    cog: toTenths(bits.unsigned(112, 12), 3600),
    heading: toNumber(bits.unsigned(124, 9), 511),
    second: bits.unsigned(133, 6),
    at: toInstant(bits.unsigned(133, 6), now),
  }),
};

const MESSAGES: ReadonlyMap<string, Message> = new Map<string, Message>([
  ['1', classA],
  ['2', classA],
  ['3', classA],
  [
    '4',
    {
      bits: 168,
      read: (bits) => ({
        at: toDate(
          bits.unsigned(38, 14),
          bits.unsigned(52, 4),
          bits.unsigned(56, 5),
          bits.unsigned(61, 5),
          bits.unsigned(66, 6),
          bits.unsigned(72, 6),
        ),
        accuracy: bits.unsigned(78, 1),
        ...toPosition(bits, 79),
        epfd: bits.unsigned(134, 4),
      }),
    },
  ],
  [
    '5',
    {
      // Two spare bits at its end are often left out.
      bits: 422,
      read: (bits) => ({
        version: bits.unsigned(38, 2),
        imo: toNumber(bits.unsigned(40, 30), 0),
        callsign: bits.text(70, 42),
        name: bits.text(112, 120),
        shipType: toNumber(bits.unsigned(232, 8), 0),
        ...toDimensions(bits, 240),
        epfd: bits.unsigned(270, 4),
        etaMonth: toNumber(bits.unsigned(274, 4), 0),
        etaDay: toNumber(bits.unsigned(278, 5), 0),
        etaHour: toNumber(bits.unsigned(283, 5), 24),
        etaMinute: toNumber(bits.unsigned(288, 6), 60),
        draught: toTenths(bits.unsigned(294, 8), 0),
        destination: bits.text(302, 120),
      }),
    },
  ],
  ['18', classB],
  [
    '19',
    {
      bits: 301,
      read: (bits, now) => ({
        ...classB.read(bits, now),
        name: bits.text(143, 120),
        shipType: toNumber(bits.unsigned(263, 8), 0),
        ...toDimensions(bits, 271),
      }),
    },
  ],
  ['24A', { bits: 160, read: (bits) => ({ name: bits.text(40, 120) }) }],
  [
    '24B',
    {
      bits: 162,
      read: (bits) => ({
        shipType: toNumber(bits.unsigned(40, 8), 0),
        vendor: bits.text(48, 18),
        callsign: bits.text(90, 42),
        // A boat of a ship (MMSI 98…) tells its mother ship where others tell their size.
        ...(isBoat(bits) ? { mothership: toMmsi(bits.unsigned(132, 30)) } : toDimensions(bits, 132)),
      }),
    },
  ],
]);

/** Undefined for a message that the hub does not read. */
export function findMessage(word: string): Message | undefined {
  return MESSAGES.get(word);
}

/** `5`; `24A` and `24B` by their part; null for a part that there is not. */
export function toWord(bits: Bits): string | null {
  const type = bits.unsigned(0, 6);
  if (type !== 24) return String(type);
  return ['24A', '24B'][bits.unsigned(38, 2)] ?? null;
}

export function toMmsi(value: number): string {
  return String(value).padStart(9, '0');
}

function isBoat(bits: Bits): boolean {
  return Math.floor(bits.unsigned(8, 30) / 10_000_000) === 98;
}
