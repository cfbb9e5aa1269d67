// GB/T 26875.3 around the application data unit (6.6): start mark, control unit, data, check sum, end mark; and the other
// way round for what the monitoring centre answers. First and last step of gb26875-codec.ts.
import type { FrameReader, Reading } from '../../kit/frame-stream.ts';

/** One sound frame. `source`, `target`: addresses as 12 hex digits, the highest byte first · `sentAt`: the sender's clock. */
export type Envelope = {
  readonly serial: number;
  readonly version: string;
  readonly sentAt: string;
  readonly source: string;
  readonly target: string;
  readonly command: number;
  readonly data: Uint8Array;
  /** Start mark to addresses, for answers. */
  readonly head: Uint8Array;
};

const MARK = 0x40;
const END = 0x23;
const [SERIAL_AT, VERSION_AT, TIME_AT, SOURCE_AT, TARGET_AT, LENGTH_AT, COMMAND_AT, DATA_AT] = [
  2, 4, 6, 12, 18, 24, 26, 27,
];
const MOST_DATA = 1024;
/** Check sum and end mark. */
const TAIL = 3;
/** A frame without data. */
const LEAST = DATA_AT + TAIL;
const BEIJING = 8 * 3_600_000;

export const envelopeReader: FrameReader<Envelope> = {
  least: LEAST,
  next(held, from) {
    let at = held.indexOf(MARK, from);
    while (at >= 0 && at + 1 < held.length && held[at + 1] !== MARK) at = held.indexOf(MARK, at + 1);
    return at < 0 ? held.length : at;
  },
  read(held) {
    const start = envelopeReader.next(held, 0);
    if (start > 0) return { kind: 'noise', bytes: start };
    if (held.length < LEAST) return { kind: 'wait', until: LEAST };
    const length = toNumber(held.subarray(LENGTH_AT, COMMAND_AT));
    if (length > MOST_DATA)
      return refuse('LENGTH', LEAST, `says ${length} bytes of data, the standard allows ${MOST_DATA}`);
    const whole = DATA_AT + length + TAIL;
    return held.length < whole ? { kind: 'wait', until: whole } : readFrame(held.subarray(0, whole));
  },
};

function readFrame(raw: Uint8Array): Reading<Envelope> {
  const [told = 0, ...end] = raw.subarray(-TAIL);
  if (end.some((byte) => byte !== END))
    return refuse(
      'LENGTH',
      raw.length,
      `no end mark behind the ${raw.length - DATA_AT - TAIL} bytes of data that it says`,
    );
  const sum = toSum(raw.subarray(SERIAL_AT, -TAIL));
  if (sum !== told) return refuse('CHECKSUM', raw.length, `check sum ${told}, the bytes give ${sum}`);
  return {
    kind: 'frame',
    bytes: raw.length,
    value: {
      serial: toNumber(raw.subarray(SERIAL_AT, VERSION_AT)),
      version: raw.subarray(VERSION_AT, TIME_AT).join('.'),
      sentAt: toTime(raw.subarray(TIME_AT, SOURCE_AT)),
      source: toAddress(raw.subarray(SOURCE_AT, TARGET_AT)),
      target: toAddress(raw.subarray(TARGET_AT, LENGTH_AT)),
      command: raw[COMMAND_AT] ?? 0,
      data: new Uint8Array(raw.subarray(DATA_AT, -TAIL)),
      head: new Uint8Array(raw.subarray(0, LENGTH_AT)),
    },
  };
}

function refuse(reason: 'LENGTH' | 'CHECKSUM', bytes: number, message: string): Reading<Envelope> {
  return { kind: 'refused', reason, bytes, message };
}

/** A command without data to who sent `to`: its serial number and version, the addresses changed over, the clock of `now`. */
export function toAnswer(command: number, to: Envelope, now: number): Uint8Array {
  const { head } = to;
  const clock = new Date(now + BEIJING);
  const control = Uint8Array.of(
    ...head.subarray(SERIAL_AT, TIME_AT),
    clock.getUTCSeconds(),
    clock.getUTCMinutes(),
    clock.getUTCHours(),
    clock.getUTCDate(),
    clock.getUTCMonth() + 1,
    clock.getUTCFullYear() % 100,
    ...head.subarray(TARGET_AT, LENGTH_AT),
    ...head.subarray(SOURCE_AT, TARGET_AT),
    0,
    0,
    command,
  );
  return Uint8Array.of(MARK, MARK, ...control, toSum(control), END, END);
}

/** Binary, the low byte first. */
export function toNumber(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}

/** Second, minute, hour, day, month, year as yyMMddHHmmss; a value beyond its two digits keeps them all. */
export function toTime(bytes: Uint8Array): string {
  return [...bytes]
    .reverse()
    .map((value) => String(value).padStart(2, '0'))
    .join('');
}

function toAddress(bytes: Uint8Array): string {
  return Buffer.from(bytes).reverse().toString('hex').toUpperCase();
}

function toSum(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0);
}
