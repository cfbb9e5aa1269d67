// What is on the air in one second: who speaks, what, and what each of the two receivers makes of it. A pure function of the seed
// and the second.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toChance } from '../storm/noise.ts';
import {
  toBase,
  toBeacon,
  toClassA,
  toClassB,
  toNamePart,
  toQuestion,
  toSizePart,
  toVoyage,
} from './messages.ts';
import { type Field, toSentences } from './sentence.ts';
import { hasPosition, type Motion, type Ship, toMotion } from './ship.ts';

export type Message = '1' | '3' | '4' | '5' | '15' | '18' | '21' | '24A' | '24B';

export type Call = {
  readonly message: Message;
  /** Null: the shore speaks. */
  readonly ship: Ship | null;
  /** Of a ship that says where it is and knows it. */
  readonly motion: Motion | null;
  /** What the receivers hand on, in this order. */
  readonly handed: readonly Handed[];
  /** What became of it at the first receiver. */
  readonly spoilt: 'checksum' | 'half' | null;
  /** At least one receiver has all of it in order. */
  readonly isWhole: boolean;
};
export type Handed = { readonly receiver: 0 | 1; readonly lines: readonly string[] };

/** Of the shore: 00, the country, four digits more. */
const BASE = '004132701';
const BASE_PLACE = { lon: 111.5952, lat: 26.2895 };
const BEACON = '994131001';
/** Seconds between two reports. */
const [UNDER_WAY_A, UNDER_WAY_B, AT_REST, VOYAGE, BASE_EVERY, BEACON_EVERY] = [10, 30, 180, 360, 10, 180];
const QUESTION_EVERY = 3600;
/** The second receiver stands lower and hears less. */
const SECOND_SHARE = 0.4;
const [BAD_CHECK_SHARE, HALF_SHARE] = [0.004, 0.06];

/** `at`: a whole second. */
export function planCalls(seed: number, fleet: readonly Ship[], at: Instant): Call[] {
  const second = at / 1000;
  const isDue = (every: number, phase: number) => (second + phase) % every === 0;
  const shore: readonly (readonly [message: Message, every: number, toFields: () => Field[]])[] = [
    ['4', BASE_EVERY, () => toBase(BASE, BASE_PLACE, at)],
    ['21', BEACON_EVERY, () => toBeacon(BEACON, BASE_PLACE)],
    ['15', QUESTION_EVERY, () => (fleet[0] === undefined ? [] : toQuestion(BASE, fleet[0]))],
  ];
  const ships = fleet.flatMap((ship) => {
    const motion = toMotion(seed, ship, at);
    const every = motion.tenths === 0 ? AT_REST : ship.class === 'A' ? UNDER_WAY_A : UNDER_WAY_B;
    return [
      ...(isDue(every, 7 * ship.index) ? [toPositionCall(seed, ship, motion, at)] : []),
      ...(isDue(VOYAGE, 11 * ship.index) ? toOwnCalls(seed, ship, at) : []),
    ];
  });
  const base = shore.flatMap(([message, every, toFields], index) =>
    isDue(every, index) ? [toCall(seed, { message, ship: null, motion: null }, toFields(), at)] : [],
  );
  return [...ships, ...base];
}

function toPositionCall(seed: number, ship: Ship, known: Motion, at: Instant): Call {
  const motion = hasPosition(seed, ship, at) ? known : null;
  const said = { ship, motion, at };
  if (ship.class === 'B') return toCall(seed, { message: '18', ship, motion }, toClassB(said), at);
  const type = toChance(seed, 126, ship.index, at / 1000) < 0.15 ? 3 : 1;
  return toCall(seed, { message: type === 3 ? '3' : '1', ship, motion }, toClassA(type, said), at);
}

function toOwnCalls(seed: number, ship: Ship, at: Instant): Call[] {
  const who = { ship, motion: null };
  if (ship.class === 'A') return [toCall(seed, { message: '5', ...who }, toVoyage(ship), at)];
  return [
    toCall(seed, { message: '24A', ...who }, toNamePart(ship), at),
    toCall(seed, { message: '24B', ...who }, toSizePart(ship), at),
  ];
}

function toCall(
  seed: number,
  call: Pick<Call, 'message' | 'ship' | 'motion'>,
  fields: readonly Field[],
  at: Instant,
): Call {
  const index = call.ship?.index ?? 900 + Number(call.message);
  const chance = (what: number) =>
    toChance(seed, 127, index, at / 1000, Number.parseInt(call.message, 10), what);
  const lines = toSentences(fields, chance(0) < 0.5 ? 'A' : 'B', (at / 1000) % 10);
  const spoilt = toSpoilt(lines.length, chance(1));
  const second: Handed[] = chance(2) < SECOND_SHARE ? [{ receiver: 1, lines }] : [];
  return {
    ...{ ...call, spoilt },
    handed: [{ receiver: 0, lines: toHanded(lines, spoilt) }, ...second],
    isWhole: spoilt === null || second.length > 0,
  };
}

function toSpoilt(sentences: number, chance: number): Call['spoilt'] {
  if (sentences > 1) return chance < HALF_SHARE ? 'half' : null;
  return chance < BAD_CHECK_SHARE ? 'checksum' : null;
}

function toHanded(lines: readonly string[], spoilt: Call['spoilt']): readonly string[] {
  if (spoilt === 'half') return lines.slice(0, 1);
  if (spoilt === null) return lines;
  return lines.map((line) =>
    line.replace(/..$/, (check) =>
      (Number.parseInt(check, 16) ^ 1).toString(16).toUpperCase().padStart(2, '0'),
    ),
  );
}
