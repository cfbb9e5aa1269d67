// What the bureau's gauges read in a span of time, and which rows are first wrong and put right minutes later. legacy.ts and
// ledger.ts write the same readings down, each in its own way.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR, MINUTE, STEP, toRainTips, toShowers } from '../storm/storm.ts';
import { toPool } from './pool.ts';
import { isMeasured, type Reservoir } from './reservoir.ts';

export type Reading = {
  readonly reservoir: Reservoir;
  /** End of the period. */
  readonly at: Instant;
  /** Until then the row carries a wrong value; null: it never did. */
  readonly correctedAt: Instant | null;
};

export type LevelReading = Reading & {
  /** Empty where the reservoir has only one measuring point. */
  readonly point: string;
  /** Centimetres. */
  readonly level: number;
  /** Thousandths of m³/s. */
  readonly inflow: number;
  readonly outflow: number;
  /** Thousands of m³. */
  readonly storage: number;
  readonly trend: 'rising' | 'falling' | 'steady';
};

export type RainReading = Reading & {
  readonly minutes: number;
  /** Tenths of a millimetre. */
  readonly tips: number;
  /** Minutes of the period in which it rained. */
  readonly rained: number;
  /** Tenths of a millimetre from 08:00 to 08:00 Beijing time; null but at its end. */
  readonly dayTips: number | null;
};

/** Readings and reports stand at these marks. */
export const MARK = 15 * MINUTE;
/** Nobody touches a row later than this after its time. */
export const LATEST_CORRECTION = 45 * MINUTE;
const CORRECTED_SHARE = 1 / 150;
const DAY = 24 * HOUR;
/** The water at the tail of a pool stands higher than at the dam, centimetres. */
const TAIL = 6;

export function toLevelReadings(
  seed: number,
  reservoirs: readonly Reservoir[],
  from: Instant,
  to: Instant,
): LevelReading[] {
  return reservoirs.filter(isMeasured).flatMap((reservoir) =>
    toTimes(reservoir.levelEvery, from, to).flatMap((at) => {
      const pool = toPool(seed, reservoir, at);
      const before = toPool(seed, reservoir, at - HOUR).level;
      const trend =
        pool.level > before + 0.005 ? 'rising' : pool.level < before - 0.005 ? 'falling' : 'steady';
      return reservoir.points.map((point, index): LevelReading => {
        return {
          reservoir,
          at,
          point,
          level: Math.round(pool.level * 100) + index * TAIL,
          inflow: Math.round(pool.inflow * 1000),
          outflow: Math.round(pool.outflow * 1000),
          storage: Math.round(pool.storage / 1000),
          trend,
          correctedAt: toCorrection(seed, 71 + index, reservoir, at),
        };
      });
    }),
  );
}

export function toRainReadings(
  seed: number,
  reservoirs: readonly Reservoir[],
  from: Instant,
  to: Instant,
): RainReading[] {
  return reservoirs.filter(isMeasured).flatMap((reservoir) => {
    const showers = toShowers(seed, reservoir, from - DAY, to);
    const tipsAt = (end: Instant) => toRainTips(seed, reservoir, showers, end);
    return toTimes(reservoir.rainEvery, from, to).map((at): RainReading => {
      const minutes = reservoir.rainEvery;
      const fallen = toTimes(STEP / MINUTE, at - minutes * MINUTE, at).map(tipsAt);
      const wet = fallen.filter((tips) => tips > 0);
      return {
        reservoir,
        at,
        minutes,
        tips: toSum(fallen),
        rained: (wet.length * STEP) / MINUTE,
        // 08:00 in Beijing is midnight in UTC: the hydrologist's day ends there.
        dayTips: at % DAY === 0 ? toSum(toTimes(STEP / MINUTE, at - DAY, at).map(tipsAt)) : null,
        correctedAt: toCorrection(seed, 73, reservoir, at),
      };
    });
  });
}

/** The times in (from, to] that so many minutes divide. */
function toTimes(minutes: number, from: Instant, to: Instant): Instant[] {
  const every = minutes * MINUTE;
  const times: Instant[] = [];
  for (let at = (Math.floor(from / every) + 1) * every; at <= to; at += every) times.push(at);
  return times;
}

function toSum(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}

/** Rarely, a row is put right 15 to 45 minutes later. */
function toCorrection(seed: number, what: number, { number }: Reservoir, at: Instant): Instant | null {
  if (toChance(seed, what, number, at / MARK) >= CORRECTED_SHARE) return null;
  return at + (1 + Math.floor(3 * toChance(seed, what, number, at / MARK, 1))) * MARK;
}
