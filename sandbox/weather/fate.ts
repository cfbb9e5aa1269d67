// What goes wrong with a measured value: instruments that fail or lie, people who put a number right a day later, stations
// whose line is cut for hours. rows.ts gives every value its fate.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR, MINUTE, STEP } from '../storm/storm.ts';
import type { Station } from './station.ts';
import { QUANTITIES, type Quantity, type Table, type World } from './world.ts';

// Bound once: a test runner's sandboxed globals are slow to look up.
const { floor, round } = Math;

/** What quality control ended up with. MUSIC's codes are in elements.ts. */
export type Quality = 'GOOD' | 'SUSPECT' | 'BAD' | 'ESTIMATED' | 'CORRECTED' | 'MISSING' | 'UNCHECKED';

export type Fate = {
  readonly quality: Quality;
  /** Until then a CORRECTED value stands there wrong and is called good; null with every other quality. */
  readonly correctedAt: Instant | null;
};

/** One value in so many; the minute table is corrected by nobody. */
const SHARES: readonly (readonly [Quality, number])[] = [
  ['MISSING', 1 / 300],
  ['SUSPECT', 1 / 500],
  ['BAD', 1 / 800],
  ['ESTIMATED', 1 / 500],
  ['UNCHECKED', 1 / 500],
  ['CORRECTED', 1 / 120],
];
const GOOD: Fate = { quality: 'GOOD', correctedAt: null };

/** A correction comes 1 to 36 hours after the value's time. */
export function toFate(world: World, table: Table, station: Station, at: Instant, quantity: Quantity): Fate {
  if (!world.traps.quality) return GOOD;
  const what = (table.cadence === 'HOUR' ? 0 : 16) + QUANTITIES.indexOf(quantity);
  let chance = toChance(world.seed, 103, station.number, at / STEP, what);
  for (const [quality, share] of SHARES) {
    if (quality === 'CORRECTED' && table.cadence === 'MINUTE') continue;
    if (chance < share) return { quality, correctedAt: quality === 'CORRECTED' ? toCorrection() : null };
    chance -= share;
  }
  return GOOD;

  function toCorrection(): Instant {
    const part = toChance(world.seed, 104, station.number, at / STEP, what);
    return at + HOUR + floor(35 * 12 * part) * STEP;
  }
}

/** By how much a wrong value is wrong, in the quantity's unit. */
const ERRORS: Readonly<Record<Quantity, number>> = {
  temperature: 12.5,
  humidity: 35,
  pressure: 21.4,
  rain: 6.5,
  rain1h: 31.2,
  rain24h: 64.8,
  windSpeed: 17.3,
  windDirection: 90,
  visibility: 5200,
};
const MOST: Partial<Record<Quantity, number>> = { humidity: 100, windDirection: 360 };

/** A number that is not the true one, and yet possible. */
export function toWrong(quantity: Quantity, truth: number): number {
  const raised = truth + ERRORS[quantity];
  const wrong = raised > (MOST[quantity] ?? Number.POSITIVE_INFINITY) ? truth - ERRORS[quantity] : raised;
  return round(wrong * 10) / 10;
}

/** The rows of a station with times in (from, to] do not come in time. */
export type Silence = {
  readonly station: Station;
  readonly from: Instant;
  readonly to: Instant;
  /** They all come then; null: never. */
  readonly deliveredAt: Instant | null;
};

const DAY = 24 * HOUR;
const SILENT_DAYS_SHARE = 1 / 12;
/** Hours. */
const LONGEST_SILENCE = 8;

/** The silences of a station that touch [from, to], in order. */
export function toSilences(world: World, station: Station, from: Instant, to: Instant): Silence[] {
  if (!world.traps.silence) return [];
  const silences: Silence[] = [];
  for (let day = floor((from - LONGEST_SILENCE * HOUR) / DAY); day * DAY <= to; day += 1) {
    const chance = (what: number) => toChance(world.seed, 105, station.number, day, what);
    if (chance(1) >= SILENT_DAYS_SHARE) continue;
    const begins = day * DAY + floor(24 * 60 * chance(2)) * MINUTE;
    const ends = begins + floor((2 + (LONGEST_SILENCE - 2) * chance(3)) * 60) * MINUTE;
    const deliveredAt = chance(4) < 0.5 ? ends + 3 * MINUTE : null;
    if (ends >= from && begins <= to) silences.push({ station, from: begins, to: ends, deliveredAt });
  }
  return silences;
}
