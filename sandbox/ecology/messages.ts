// What the loggers say in a span of time, in HJ 212: which message is due when, in which manner it is written, and what happens to
// it on the way. Pure.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toDigits } from '../clock/time-text.ts';
import { toChance } from '../storm/noise.ts';
import { MINUTE } from '../storm/storm.ts';
import { type Cadence, HALF_MINUTE, type Measured, PERIODS, toMeasured } from './measure.ts';
import type { Outlet } from './outlet.ts';
import { type PacketOptions, toPacket } from './packet.ts';

export type Message = {
  readonly outlet: Outlet;
  readonly cadence: Cadence;
  readonly measured: readonly Measured[];
  /** The request's number: time of sending in 17 digits. What an answer will name. */
  readonly qn: string;
  /** Whether the logger asks for an answer, and keeps the message until it comes. */
  readonly isAsked: boolean;
  /** A copy goes before it, with a wrong length or a wrong check value. */
  readonly damage: 'length' | 'check' | null;
  readonly isDoubled: boolean;
};

const COMMANDS: Readonly<Record<Cadence, string>> = {
  realTime: '2011',
  tenMinutes: '2051',
  hourly: '2061',
};
/** Behind the seconds of a QN, so that what is sent in one second has different ones. */
const MILLISECONDS: Readonly<Record<Cadence, string>> = {
  realTime: '011',
  tenMinutes: '051',
  hourly: '061',
};
const CADENCES: readonly Cadence[] = ['realTime', 'tenMinutes', 'hourly'];
const DAMAGED_SHARE = 1 / 25;
const DOUBLED_SHARE = 1 / 20;

/** All that is due in (from, to], in order of time. */
export function toMessages(
  seed: number,
  outlets: readonly Outlet[],
  from: Instant,
  to: Instant,
): readonly Message[] {
  const marks = Math.floor(to / HALF_MINUTE) - Math.floor(from / HALF_MINUTE);
  const first = Math.floor(from / HALF_MINUTE) + 1;
  return Array.from({ length: Math.max(0, marks) }, (_, index) => (first + index) * HALF_MINUTE).flatMap(
    (at) =>
      outlets.flatMap((outlet) =>
        CADENCES.filter((cadence) => isDue(outlet, cadence, at)).map((cadence) =>
          toMessage(seed, outlet, cadence, at),
        ),
      ),
  );
}

/** 9015: the line is alive. It asks for no answer. */
export function toSignOfLife(outlet: Outlet, password: string, at: Instant): Uint8Array {
  const data = `QN=${toDigits(at)}015;ST=91;CN=9015;PW=${password};MN=${toWritten(outlet)};Flag=4;CP=&&&&`;
  return toPacket(data, toDress(outlet));
}

/** One packet, or two parts. */
export function toBytes(message: Message, password: string): Uint8Array {
  return Buffer.concat(toData(message, password).map((data) => toPacket(data, toDress(message.outlet))));
}

/** The packet as it must not be. */
export function toDamagedBytes(message: Message, password: string): Uint8Array {
  const [data = ''] = toData(message, password);
  const damage = message.damage === 'length' ? { tooLong: 3 } : { isMischecked: true };
  return toPacket(data, { ...toDress(message.outlet), ...damage });
}

export function toPartCount({ outlet, cadence }: Pick<Message, 'outlet' | 'cadence'>): number {
  return outlet.manner === 'parts' && cadence === 'hourly' ? 2 : 1;
}

/** A logger that knows no seconds tells what is so at the minute. */
function isDue({ manner }: Outlet, cadence: Cadence, at: Instant): boolean {
  const every = cadence === 'realTime' && manner === 'minute' ? MINUTE : PERIODS[cadence];
  return at % every === 0;
}

function toMessage(seed: number, outlet: Outlet, cadence: Cadence, at: Instant): Message {
  const chance = (what: number) =>
    toChance(seed, 12, outlet.number, at / 1000, PERIODS[cadence] / 1000, what);
  const observedAt = cadence === 'realTime' ? at : at - PERIODS[cadence];
  return {
    ...{ outlet, cadence, measured: toMeasured(seed, outlet, cadence, observedAt) },
    qn: `${toDigits(at)}${MILLISECONDS[cadence]}`,
    isAsked: outlet.manner !== 'noFlag' && outlet.manner !== 'unasked',
    damage: chance(1) < DAMAGED_SHARE ? (chance(2) < 0.5 ? 'length' : 'check') : null,
    isDoubled: chance(3) < DOUBLED_SHARE,
  };
}

/** The data of each part. Flag: bit 1 asks for an answer, bit 2 says that parts are numbered, from bit 4 on stands the version. */
function toData(message: Message, password: string): readonly string[] {
  const { outlet, cadence, measured, qn, isAsked } = message;
  const { manner } = outlet;
  const kind = manner === 'wrongKind' ? '31' : outlet.kind;
  const total = toPartCount(message);
  const flag = (manner === 'old' ? 0 : 4) + (total > 1 ? 2 : 0) + (isAsked ? 1 : 0);
  const size = Math.ceil(measured.length / total);
  return Array.from({ length: total }, (_, part) => {
    const items = measured.slice(part * size, (part + 1) * size).map((one) => toItem(one, manner === 'old'));
    const head = [
      ...[`QN=${qn}`, `ST=${kind}`, `CN=${COMMANDS[cadence]}`, `PW=${password}`, `MN=${toWritten(outlet)}`],
      ...(manner === 'noFlag' ? [] : [`Flag=${flag}`]),
      ...(total > 1 ? [`PNUM=${total}`, `PNO=${part + 1}`] : []),
    ];
    const time = `DataTime=${toDataTime(measured[0]?.at ?? 0, manner)}`;
    return `${head.join(';')};CP=&&${[time, ...items].join(';')}&&`;
  });
}

function toItem(one: Measured, isOld: boolean): string {
  const code = isOld ? (one.factor.oldCode ?? one.factor.code) : one.factor.code;
  const values = [
    ...(one.cadence === 'realTime'
      ? []
      : [
          ['Cou', one.kilograms],
          ['Min', one.least],
        ]),
    [one.cadence === 'realTime' ? 'Rtd' : 'Avg', one.value],
    ['Max', one.most],
    // The older loggers say nothing where all is well.
    ['Flag', isOld && one.condition === 'N' ? null : one.condition],
  ];
  return values.flatMap(([name, value]) => (value === null ? [] : [`${code}-${name}=${value}`])).join(',');
}

function toDataTime(at: Instant, manner: Outlet['manner']): string {
  if (manner === 'minute') return toDigits(at).slice(0, 12);
  return manner === 'millis' ? `${toDigits(at)}000` : toDigits(at);
}

/** MN as the logger writes it. */
function toWritten({ mn, manner }: Outlet): string {
  return manner === 'lower' ? mn.toLowerCase() : mn;
}

function toDress({ manner }: Outlet): PacketOptions {
  return { isLower: manner === 'lower', hasBreak: manner !== 'noBreak' };
}
