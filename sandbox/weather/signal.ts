// The rainstorm signals and the rain that calls for them: a county is as wet as the wettest of its stations. warnings.ts makes
// messages of it.
import type { Instant } from '../clock/sandbox-clock.ts';
import { HOUR, toShowers } from '../storm/storm.ts';
import { type Gauge, LONGEST_SUM, toGauge } from './rain.ts';
import type { County } from './station.ts';
import type { World } from './world.ts';

export type Signal = {
  readonly colour: 'red' | 'orange' | 'yellow' | 'blue';
  readonly zh: string;
  /** CAP's word for it. */
  readonly severity: 'Extreme' | 'Severe' | 'Moderate' | 'Minor';
  /** Higher is worse. */
  readonly rank: number;
  /** So much rain (mm) in so many hours, as in China's rules for rainstorm signals. */
  readonly depth: number;
  readonly hours: number;
  /** The forecast is trusted so far: these last hours of the period may still lie ahead. */
  readonly aheadHours: number;
  /** Until the signal runs out. */
  readonly validHours: number;
};

/** The worst first. */
export const SIGNALS: readonly Signal[] = [
  {
    colour: 'red',
    zh: '红色',
    severity: 'Extreme',
    rank: 4,
    depth: 100,
    hours: 3,
    aheadHours: 0.5,
    validHours: 3,
  },
  {
    colour: 'orange',
    zh: '橙色',
    severity: 'Severe',
    rank: 3,
    depth: 50,
    hours: 3,
    aheadHours: 0.5,
    validHours: 3,
  },
  {
    colour: 'yellow',
    zh: '黄色',
    severity: 'Moderate',
    rank: 2,
    depth: 50,
    hours: 6,
    aheadHours: 1,
    validHours: 6,
  },
  {
    colour: 'blue',
    zh: '蓝色',
    severity: 'Minor',
    rank: 1,
    depth: 50,
    hours: 12,
    aheadHours: 3,
    validHours: 12,
  },
];

/** It is over when hardly a drop fell in the last two hours and none is expected in the next three. */
const OVER = { tips: 50, backHours: 2, aheadHours: 3 };

export type CountyRain = {
  /** The most that fell at any one station in (end − span, end], mm. */
  most(end: Instant, span: number): number;
};

/** Answers for ends in [from, to] and spans up to 24 h. */
export function toCountyRain(world: World, county: County, from: Instant, to: Instant): CountyRain {
  const gauges: Gauge[] = world.stations
    .filter((station) => station.county === county.code)
    .map((station) => {
      const showers = toShowers(world.seed, station, from - LONGEST_SUM, to);
      return toGauge(world.seed, station, showers, from, to);
    });
  return { most: (end, span) => Math.max(0, ...gauges.map((gauge) => gauge.tips(end, span))) / 10 };
}

/** The worst signal whose threshold is reached or about to be; null: none, or the rain is over. */
export function toSignal(rain: CountyRain, at: Instant): Signal | null {
  const { tips, backHours, aheadHours } = OVER;
  if (rain.most(at + aheadHours * HOUR, (backHours + aheadHours) * HOUR) * 10 < tips) return null;
  return (
    SIGNALS.find((signal) => rain.most(at + signal.aheadHours * HOUR, signal.hours * HOUR) >= signal.depth) ??
    null
  );
}
