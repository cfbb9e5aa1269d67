// The true fires: where they burn, from when to when, how strong. Dry hours breed them, rain puts them out.
// sighting.ts looks at them from the satellites.
import type { Instant } from '../clock/sandbox-clock.ts';
import { type Ground, parseGrounds, parseNeighbours, RIDGE_GROUND, toMoved } from '../map/place.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR, MINUTE, type Shower, toShowers } from '../storm/storm.ts';

export type Fire = {
  /** Unique for ever; also its part in the seeded chance. */
  readonly number: number;
  readonly ground: Ground;
  readonly lon: number;
  readonly lat: number;
  readonly begins: Instant;
  readonly ends: Instant;
  /** From 0 to 1. */
  readonly strength: number;
};

export const DAY = 24 * HOUR;
/** Less rain than this, mm, neither hides a fire from a satellite nor puts it out. */
const WETTING_RAIN = 3;
const LONGEST_HOURS = 30;
const DRYING_HOURS = 6;
const MOST_A_DAY = 8;
const NEIGHBOURS_A_DAY = 4;
const NUMBERS_A_DAY = 16;

const { grounds: GROUNDS } = parseGrounds();
const NEIGHBOURS = parseNeighbours();

/** Every fire that burns at some time of [from, to], by its number. */
export function toFires(seed: number, from: Instant, to: Instant): Fire[] {
  const fires: Fire[] = [];
  for (
    let day = Math.floor((from - LONGEST_HOURS * HOUR) / DAY) - 1;
    day <= Math.floor(to / DAY) + 1;
    day += 1
  )
    fires.push(...toDaysFires(seed, day));
  return fires.filter(({ begins, ends }) => begins <= to && ends >= from);
}

/** Whether it rains there so much that no satellite sees a fire. */
export function isUnderRain(seed: number, place: { lon: number; lat: number }, at: Instant): boolean {
  return toWetShowers(seed, place, at, at).some((shower) => isDuring(shower, at));
}

function toDaysFires(seed: number, day: number): Fire[] {
  const count = 2 + Math.floor((MOST_A_DAY - 2) * toChance(seed, 20, day) ** 2);
  const own = Array.from({ length: count }, (_, index) => toFire(seed, day, 1 + index, GROUNDS));
  const others = Array.from({ length: NEIGHBOURS_A_DAY }, (_, index) =>
    toFire(seed, day, 1 + MOST_A_DAY + index, NEIGHBOURS),
  );
  return [toKiln(day), ...own, ...others].filter((fire) => fire !== null);
}

/** From 06:00 to 20:00 Beijing time, under a roof: rain hides it but does not put it out. */
function toKiln(day: number): Fire {
  const begins = day * DAY - 2 * HOUR;
  const { lon, lat } = RIDGE_GROUND;
  return {
    number: day * NUMBERS_A_DAY,
    ground: RIDGE_GROUND,
    lon,
    lat,
    begins,
    ends: begins + 14 * HOUR,
    strength: 0.2,
  };
}

/** Null: it was too wet for this one. */
function toFire(seed: number, day: number, index: number, grounds: readonly Ground[]): Fire | null {
  const number = day * NUMBERS_A_DAY + index;
  const chance = (what: number) => toChance(seed, 21, number, what);
  const ground = grounds[Math.floor(chance(1) * grounds.length)] ?? RIDGE_GROUND;
  const turn = 2 * Math.PI * chance(2);
  const km = ground.reachKm * Math.sqrt(chance(3));
  const place = toMoved(ground, km * Math.cos(turn), km * Math.sin(turn));
  // People light most of them: around 14:00 Beijing time (06:00 UTC), few at night.
  const begins = Math.round((day * DAY + (1 + 10 * (chance(4) + chance(5)) * 0.5) * HOUR) / MINUTE) * MINUTE;
  const ends = begins + (3 + (LONGEST_HOURS - 3) * chance(6) ** 2) * HOUR;
  const showers = toWetShowers(seed, place, begins - DRYING_HOURS * HOUR, ends);
  const wet = showers.some(
    ({ begins: rain, hours }) => rain <= begins && rain + (hours + DRYING_HOURS) * HOUR > begins,
  );
  if (wet) return null;
  const rains = showers.filter((shower) => shower.begins > begins).map((shower) => shower.begins + HOUR / 2);
  return { number, ground, ...place, begins, ends: Math.min(ends, ...rains), strength: chance(7) };
}

function toWetShowers(
  seed: number,
  place: { readonly lon: number; readonly lat: number },
  from: Instant,
  to: Instant,
): Shower[] {
  return toShowers(seed, { ...place, number: 0 }, from, to).filter(({ depth }) => depth >= WETTING_RAIN);
}

function isDuring({ begins, hours }: Shower, at: Instant): boolean {
  return at >= begins && at < begins + hours * HOUR;
}
