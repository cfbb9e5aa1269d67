// A station's rain gauge over a span of time: tips of the bucket added up, and the drizzle that wets it without a tip.
// The same showers fall here as on the hydrology centre's gauges.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR, type Shower, STEP, toRainTips } from '../storm/storm.ts';
import type { Station } from './station.ts';

// Bound once: a test runner's sandboxed globals are slow to look up.
const { ceil, floor, max, min } = Math;

/** The longest time that is added up to one value. */
export const LONGEST_SUM = 24 * HOUR;

export type Gauge = {
  /** Tenths of a millimetre in (end − span, end]; both multiples of five minutes, span at most 24 h. */
  tips(end: Instant, span: number): number;
  /** True when it was wet in that time but not a tenth of a millimetre fell. */
  isTrace(end: Instant, span: number): boolean;
};

const DRIZZLE_SHARE = 1 / 40;
const STEPS_AN_HOUR = HOUR / STEP;

/** Answers for every end in [from, to]. */
export function toGauge(
  seed: number,
  station: Station,
  showers: readonly Shower[],
  from: Instant,
  to: Instant,
): Gauge {
  const first = floor((from - LONGEST_SUM) / STEP);
  const length = ceil(to / STEP) - first + 1;
  const isWet = toWetSteps(showers, first, length);
  // Running sums: what fell up to and with each five minutes.
  const fallen = new Float64Array(length);
  const drizzled = new Float64Array(length);
  let isCloudy = false;
  for (let index = 1; index < length; index += 1) {
    const step = first + index;
    if (index === 1 || step % STEPS_AN_HOUR === 1) isCloudy = hasLowCloud(seed, station, step);
    const wet = isWet[index] === 1;
    const tips = wet ? toRainTips(seed, station, showers, step * STEP) : 0;
    fallen[index] = (fallen[index - 1] ?? 0) + tips;
    drizzled[index] = (drizzled[index - 1] ?? 0) + (tips === 0 && (wet || isCloudy) ? 1 : 0);
  }
  const within = (sums: Float64Array, end: Instant, span: number) =>
    (sums[end / STEP - first] ?? 0) - (sums[(end - span) / STEP - first] ?? 0);
  const tips = (end: Instant, span: number) => within(fallen, end, span);
  return { tips, isTrace: (end, span) => tips(end, span) === 0 && within(drizzled, end, span) > 0 };
}

/** 1 for each five minutes, counted from `first`, that a shower touches; at its edges it wets without a tip. */
function toWetSteps(showers: readonly Shower[], first: number, length: number): Uint8Array {
  const wet = new Uint8Array(length);
  for (const { begins, hours } of showers) {
    const from = max(0, floor(begins / STEP) + 1 - first);
    const to = min(length, ceil((begins + hours * HOUR) / STEP) + 1 - first);
    if (from < to) wet.fill(1, from, to);
  }
  return wet;
}

/** Now and then a low cloud drizzles for an hour. */
function hasLowCloud(seed: number, station: Station, step: number): boolean {
  return toChance(seed, 102, station.number, floor((step - 1) / STEPS_AN_HOUR)) < DRIZZLE_SHARE;
}
