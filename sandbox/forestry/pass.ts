// When which satellite looks: about four times a day each. The first pass of a day is always at the same minute, so that
// 00:05, 00:41 and 05:42 UTC are surely among them; the others drift by some minutes.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR, MINUTE } from '../storm/storm.ts';
import { DAY } from './fire.ts';

export type SatelliteName = 'Suomi NPP' | 'NOAA-20' | 'NOAA-21' | 'Terra' | 'Aqua';
export type Satellite = {
  readonly name: SatelliteName;
  readonly sensor: 'VIIRS' | 'MODIS';
  /** Minute of the day, UTC, of the first pass; the others six hours after each other. */
  readonly minute: number;
};
export type Pass = { readonly satellite: Satellite; readonly at: Instant };

const SATELLITES: readonly Satellite[] = [
  { name: 'Suomi NPP', sensor: 'VIIRS', minute: 41 },
  { name: 'NOAA-20', sensor: 'VIIRS', minute: 342 },
  { name: 'NOAA-21', sensor: 'VIIRS', minute: 125 },
  { name: 'Terra', sensor: 'MODIS', minute: 155 },
  { name: 'Aqua', sensor: 'MODIS', minute: 5 },
];
const DRIFT_MINUTES = 9;
/** The domestic satellite: 10:20 and 14:30 Beijing time. */
const DOMESTIC_MINUTES = [140, 390];

/** The passes with from <= at < to, in order. */
export function toPasses(seed: number, sensor: Satellite['sensor'], from: Instant, to: Instant): Pass[] {
  const passes: Pass[] = [];
  for (const [number, satellite] of SATELLITES.entries()) {
    if (satellite.sensor !== sensor) continue;
    for (let day = Math.floor(from / DAY) - 1; day * DAY < to; day += 1)
      for (let turn = 0; turn < 4; turn += 1) {
        const drift = turn === 0 ? 0 : Math.floor(DRIFT_MINUTES * toChance(seed, 30, number, day, turn));
        passes.push({ satellite, at: day * DAY + turn * 6 * HOUR + (satellite.minute + drift) * MINUTE });
      }
  }
  return passes.filter(({ at }) => at >= from && at < to).toSorted((a, b) => a.at - b.at);
}

/** The two passes of the domestic satellite on one UTC day. */
export function toDomesticPasses(seed: number, day: number): Instant[] {
  return DOMESTIC_MINUTES.map((minute, index) => {
    const drift = Math.floor(DRIFT_MINUTES * toChance(seed, 31, day, index));
    return day * DAY + (minute + drift) * MINUTE;
  });
}
