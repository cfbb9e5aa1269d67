// How fast it goes on each section: slower in the rush hours, in the rain and where something has happened. Counted every
// five minutes; a detector may be dead for hours.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR, STEP } from '../storm/storm.ts';
import { toEventsUnderWay } from './event.ts';
import type { Section } from './section.ts';
import type { World } from './world.ts';

export type SectionState = {
  readonly section: Section;
  /** Null: the detector is dead. */
  readonly counted: { readonly at: Instant; readonly speed: number; readonly index: number } | null;
};

const DEAD_SHARE = 0.06;
const RUSH_HOURS = [7, 8, 17, 18];

/** Speed in km/h with one decimal, congestion index (free speed by speed) with two. */
export function toStates(world: World, now: Instant): SectionState[] {
  const at = Math.floor(now / STEP) * STEP;
  const troubled = new Set(toEventsUnderWay(world, at).map(({ section }) => section.code));
  const isRush = RUSH_HOURS.includes(Math.floor(at / HOUR + 8) % 24);
  return world.sections.map((section) => {
    const chance = (what: number, time: number) => toChance(world.seed, 303, section.number, time, what);
    if (world.traps.gaps && chance(1, Math.floor(at / (6 * HOUR))) < DEAD_SHARE)
      return { section, counted: null };
    const slow = (isRush ? 0.6 : 0.95) * (troubled.has(section.code) ? 0.4 : 1);
    const speed = Math.round(section.freeSpeed * slow * (0.85 + 0.15 * chance(2, at)) * 10) / 10;
    return { section, counted: { at, speed, index: Math.round((section.freeSpeed / speed) * 100) / 100 } };
  });
}
