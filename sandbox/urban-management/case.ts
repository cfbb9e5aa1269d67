// What happens in the streets: somebody reports a case, it is filed, dispatched, handled, checked and closed. All of it invented.
import { parseScenes, type Spot, toPick, toSpot } from '../city/scene.ts';
import type { Instant } from '../clock/sandbox-clock.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR, MINUTE } from '../storm/storm.ts';

export const STAGES = ['reported', 'filed', 'dispatched', 'handled', 'checked', 'closed'] as const;
export type Stage = (typeof STAGES)[number];

export type Case = {
  readonly number: string;
  /** When each stage is reached; null: never, the case was not worth filing. */
  readonly times: Readonly<Record<Stage, Instant | null>>;
  readonly at: Instant;
  /** A double that somebody strikes out; null: it stands. */
  readonly deletedAt: Instant | null;
  readonly isTest: boolean;
  readonly bigType: string;
  readonly smallType: string;
  readonly spot: Spot;
  /** On the map; not every report is. */
  readonly located: boolean;
  /** Whether the clerk has chosen a division. */
  readonly coded: boolean;
  readonly text: string;
  /** What stands in the field for the phone: digits, a word, or nothing. */
  readonly phone: string;
  readonly handler: string;
};

/** From the report to the last change. */
export const LONGEST_CASE = 16 * HOUR;

/** Rows stand at these marks. */
export const MARK = 5 * MINUTE;
const SLOT = 10 * MINUTE;
const CASES_A_SLOT = 0.4;
const SCENES = parseScenes();

/** Small types with their texts; 0203 is in no list. The signs beyond the basic plane are what phones send. */
const SORTS = [
  { bigType: '01', smallType: '0101', text: '井盖缺失，已放置警示牌🚧' },
  { bigType: '05', smallType: '0501', text: '道路积水约30厘米，车辆绕行' },
  { bigType: '04', smallType: '0402', text: '行道树倒伏，压住非机动车' },
  { bigType: '02', smallType: '0203', text: '共享单车乱停放' },
  { bigType: '07', smallType: '0701', text: '墙面小广告' },
];
const HANDLERS = ['市政维护所', '园林处', '环卫处一中队', '朱镕街道执法队'];

/** The cases reported in (from, to]. */
export function toCases(seed: number, from: Instant, to: Instant): Case[] {
  const cases: Case[] = [];
  for (let slot = Math.floor(from / SLOT) - 1; slot * SLOT <= to; slot += 1) {
    if (toChance(seed, 85, slot) >= CASES_A_SLOT) continue;
    const made = toCase(seed, slot);
    if (made.at > from && made.at <= to) cases.push(made);
  }
  return cases;
}

function toCase(seed: number, slot: number): Case {
  const chance = (what: number) => toChance(seed, 86, slot, what);
  const at = slot * SLOT + Math.floor(600 * chance(1)) * 1000;
  // Every tenth is not worth filing, every twelfth is struck out.
  const filed = chance(2) > 0.1;
  let last = at;
  const after = (least: number, most: number, what: number) => {
    last += Math.round((least + (most - least) * chance(what)) * 60) * 1000;
    return filed ? last : null;
  };
  const phone = chance(20);
  return {
    number: `YZCG${String(slot).padStart(9, '0')}`,
    at,
    times: {
      reported: at,
      filed: after(5, 35, 3),
      dispatched: after(5, 60, 4),
      handled: after(60, 480, 5),
      checked: after(20, 120, 6),
      closed: after(5, 60, 7),
    },
    deletedAt: chance(8) < 1 / 12 ? at + Math.round(120 * chance(9)) * MINUTE : null,
    isTest: chance(10) < 1 / 25,
    ...toPick(SORTS, chance(11)),
    spot: toSpot(SCENES, seed, 2, slot),
    located: chance(12) > 0.1,
    coded: chance(13) > 0.15,
    phone:
      phone < 0.2
        ? ''
        : phone < 0.3
          ? '匿名'
          : `1397460${String(Math.floor(chance(21) * 1e4)).padStart(4, '0')}`,
    handler: toPick(HANDLERS, chance(14)),
  };
}

/** All moments at which the case's row changes. */
export function toChanges({ times, deletedAt }: Case): Instant[] {
  return [...Object.values(times), deletedAt].filter((at) => at !== null);
}

/** When a stage was reached, as known at `now`. */
export function toReached({ times }: Case, stage: Stage, now: Instant): Instant | null {
  const at = times[stage];
  return at !== null && at <= now ? at : null;
}

/** A day after the case was sent out. */
export function toDue(one: Case, now: Instant): Instant | null {
  const dispatched = toReached(one, 'dispatched', now);
  return dispatched === null ? null : dispatched + 24 * HOUR;
}
