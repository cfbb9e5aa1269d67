// The weather: rainstorms over 道县, one about every 30 hours, that reach each gauge later and weaker with distance.
// Pure functions of seed, place and time; readings.ts adds rain up, runoff.ts turns it into rivers.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toChance } from './noise.ts';

// Bound once: millions of calls a load, and a test runner's sandboxed globals are slow to look up.
const { exp, floor, sin } = Math;

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** The shortest period that a gauge reports. */
export const STEP = 5 * MINUTE;

export type Place = { readonly lon: number; readonly lat: number; readonly number: number };

export type Storm = {
  readonly begins: Instant;
  readonly hours: number;
  /** Rain at the centre over the whole storm, mm. */
  readonly depth: number;
  readonly lon: number;
  readonly lat: number;
};

/** What a storm brings to one place. */
export type Shower = { readonly begins: Instant; readonly hours: number; readonly depth: number };

const DAOXIAN = { lon: 111.593, lat: 25.52 };
/** A storm begins in the first eight hours of each cycle, counted from 1970. */
export const CYCLE_HOURS = 30;
const LONGEST_HOURS = 9;
const SPREAD_KM = 70;
const SPEED_KM_H = 30;
/** No gauge is farther than this from 道县's storm in hours. */
const LATEST_ARRIVAL_HOURS = 6;

/** The storm of one 30-hour cycle, counted from 1970. */
export function toStorm(seed: number, cycle: number): Storm {
  const chance = (what: number) => toChance(seed, 1, cycle, what);
  return {
    begins: (cycle * CYCLE_HOURS + 8 * chance(1)) * HOUR,
    hours: 4 + (LONGEST_HOURS - 4) * chance(2),
    depth: 25 + 135 * chance(3) ** 2,
    lon: DAOXIAN.lon + 0.3 * (chance(4) - 0.5),
    lat: DAOXIAN.lat + 0.3 * (chance(5) - 0.5),
  };
}

/** The storms that can still matter `hoursBack` hours after they ended. */
export function toStorms(seed: number, at: Instant, hoursBack: number): Storm[] {
  const cycle = (hours: number) => floor((at / HOUR - hours) / CYCLE_HOURS);
  const first = cycle(hoursBack + LONGEST_HOURS + LATEST_ARRIVAL_HOURS + 8);
  return Array.from({ length: cycle(0) - first + 1 }, (_, index) => toStorm(seed, first + index));
}

/** The storm as this place has it: later by distance, weaker by distance. */
export function toShower(storm: Storm, place: Place): Shower {
  const km = toKilometres(storm, place);
  return {
    begins: storm.begins + (km / SPEED_KM_H) * HOUR,
    hours: storm.hours,
    depth: storm.depth * exp(-km / SPREAD_KM),
  };
}

/** The showers that can fall on a place between two times. */
export function toShowers(seed: number, place: Place, from: Instant, to: Instant): Shower[] {
  return toStorms(seed, to, (to - from) / HOUR).map((storm) => toShower(storm, place));
}

/** Rain in the five minutes that end at `end`, in tenths of a millimetre: what a tipping bucket counts. */
export function toRainTips(seed: number, place: Place, showers: readonly Shower[], end: Instant): number {
  let tips = 0;
  for (const shower of showers) {
    if (end <= shower.begins || end - STEP >= shower.begins + shower.hours * HOUR) continue;
    tips += shower.depth * (toShare(shower, end) - toShare(shower, end - STEP)) * 10;
  }
  if (tips === 0) return 0;
  // A gust more or less; below one tip the bucket does not turn.
  return floor(tips * (0.4 + 1.2 * toChance(seed, 2, place.number, end / STEP)));
}

/** The share of a shower that has fallen by then: slow, fast, slow. */
function toShare(shower: Shower, at: Instant): number {
  const part = Math.min(1, Math.max(0, (at - shower.begins) / (shower.hours * HOUR)));
  return part - sin(2 * Math.PI * part) / (2 * Math.PI);
}

/** Flat-earth distance, good enough inside one city. */
export function toKilometres(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  return Math.hypot((a.lon - b.lon) * 100.4, (a.lat - b.lat) * 110.8);
}
