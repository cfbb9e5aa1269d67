// What happens at the call-taking centre: somebody calls, a patrol is sent, the patrol reports back. Each of the three is a sheet
// that comes into the front-end database by itself, sometimes late, and is completed there. Everybody is invented.
import { parseScenes, type Spot, toPick, toSpot } from '../city/scene.ts';
import type { Instant } from '../clock/sandbox-clock.ts';
import { toDigits } from '../clock/time-text.ts';
import { toChance } from '../storm/noise.ts';
import { MINUTE } from '../storm/storm.ts';
import { CONTENTS, GIVEN_NAMES, KINDS, RESULTS, SURNAMES } from './words.ts';

/** A sheet in the front-end database: nothing of it before `seenAt`, all of it from `completeAt` on. */
type Sheet = {
  readonly number: string;
  readonly at: Instant;
  readonly seenAt: Instant;
  readonly completeAt: Instant;
};

export type Call = Sheet & {
  readonly channel: string;
  readonly kind: string;
  /** Null: not told. */
  readonly caller: string | null;
  readonly phone: string | null;
  readonly spot: Spot;
  readonly located: boolean;
  readonly content: string;
  readonly dispatches: readonly Dispatch[];
};

/** Complete with the arrival at the scene. */
export type Dispatch = Sheet & {
  readonly callNumber: string;
  readonly unit: string;
  readonly feedback: Feedback | null;
};

export type Feedback = Sheet & {
  readonly dispatchNumber: string;
  readonly result: string;
  readonly injured: number | null;
  readonly dead: number | null;
};

/** From a call to the last word about it. */
export const LONGEST_CALL = 180 * MINUTE;

const SCENES = parseScenes();
const CALLS_A_MINUTE = 0.3;
const LATE_SHARE = 1 / 25;

/** The calls of (from, to], those of one minute at most one. */
export function toCalls(seed: number, from: Instant, to: Instant): Call[] {
  const calls: Call[] = [];
  for (let minute = Math.floor(from / MINUTE); minute * MINUTE <= to; minute += 1) {
    if (toChance(seed, 81, minute) >= CALLS_A_MINUTE) continue;
    const at = minute * MINUTE + Math.floor(toChance(seed, 81, minute, 1) * 60) * 1000;
    if (at > from && at <= to) calls.push(toCall(seed, minute, at));
  }
  return calls;
}

function toCall(seed: number, minute: number, at: Instant): Call {
  const chance = (what: number) => toChance(seed, 82, minute, what);
  const number = `J4311${toDigits(at)}`;
  const channel = toChannel(chance(1));
  // A call that comes late comes after the dispatch that it caused.
  const seenAt = at + toLag(chance(2), chance(3), 4 * MINUTE);
  const count = chance(4) < 0.15 ? 0 : chance(4) < 0.25 ? 2 : 1;
  return {
    ...{ number, at, seenAt, channel },
    completeAt: Math.max(seenAt, at + (2 + Math.floor(4 * chance(5))) * MINUTE),
    kind: toPick(KINDS, chance(6)),
    caller: chance(7) < 0.1 ? null : toPick(SURNAMES, chance(8)) + toPick(GIVEN_NAMES, chance(9)),
    phone: toPhone(chance(10), chance(11)),
    spot: toSpot(SCENES, seed, 1, minute),
    located: chance(12) > 0.2,
    content: toPick(CONTENTS, chance(13)),
    dispatches: Array.from({ length: count }, (_, index) => toDispatch(seed, minute, index, number, at)),
  };
}

function toDispatch(
  seed: number,
  minute: number,
  index: number,
  callNumber: string,
  calledAt: Instant,
): Dispatch {
  const chance = (what: number) => toChance(seed, 83, minute, index, what);
  const at = calledAt + (30 + Math.floor(chance(1) * 90) + 200 * index) * 1000;
  // A dispatch that comes late comes after the patrol's own report.
  const seenAt = at + toLag(chance(2), chance(3), 60 * MINUTE);
  const arrivedAt = at + (5 + Math.floor(20 * chance(4))) * MINUTE;
  const number = `P${callNumber.slice(1)}${index}`;
  const reportedAt = arrivedAt + (8 + Math.floor(20 * chance(5))) * MINUTE;
  return {
    ...{ number, at, seenAt, callNumber },
    completeAt: arrivedAt,
    unit: `4311${String(2 + Math.floor(chance(6) * 8)).padStart(2, '0')}510000`,
    feedback: chance(7) < 0.1 ? null : toFeedback(seed, minute, index, number, reportedAt),
  };
}

function toFeedback(
  seed: number,
  minute: number,
  index: number,
  dispatchNumber: string,
  at: Instant,
): Feedback {
  const chance = (what: number) => toChance(seed, 84, minute, index, what);
  const seenAt = at + toLag(1, chance(2), 0);
  const hurt = chance(3);
  return {
    ...{ number: `F${dispatchNumber.slice(1)}`, at, seenAt, dispatchNumber },
    completeAt: seenAt,
    result: toPick(RESULTS, chance(4)),
    // Often nobody writes it down.
    injured: hurt < 0.3 ? null : hurt > 0.9 ? 1 + Math.floor(3 * chance(5)) : 0,
    dead: hurt < 0.3 ? null : hurt > 0.99 ? 1 : 0,
  };
}

/** How a sheet travels into the front-end database: within a minute, or much later. */
function toLag(chance: number, length: number, late: number): number {
  return (chance < LATE_SHARE ? late : 0) + (5 + Math.floor(length * 50)) * 1000;
}

/** 01 110, 02 122, 03 119, 04 another way; 09 is in no list. */
function toChannel(chance: number): string {
  if (chance < 1 / 100) return '09';
  return chance < 0.7 ? '01' : chance < 0.85 ? '02' : chance < 0.93 ? '03' : '04';
}

/** Mobile, landline as people write it, or not shown. */
function toPhone(chance: number, digits: number): string | null {
  if (chance < 0.08) return null;
  if (chance < 0.2) return `0746-8${String(Math.floor(digits * 1e6)).padStart(6, '0')}`;
  return `138746${String(Math.floor(digits * 1e5)).padStart(5, '0')}`;
}
