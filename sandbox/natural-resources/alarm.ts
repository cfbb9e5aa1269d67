// What the sensors on the slopes say: movement where it rains, and now and then a slope that creeps in dry weather. Most
// alarms arrive within two minutes, some hours later when the line is back. Pure functions of seed and time.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR, MINUTE, toShowers } from '../storm/storm.ts';
import type { Hazard } from './hazard.ts';

/** TEST: a technician's, with a level that no document names. */
export const LEVELS = ['RED', 'ORANGE', 'YELLOW', 'BLUE', 'TEST'] as const;
export type Level = (typeof LEVELS)[number];

export type Alarm = {
  readonly number: string;
  readonly hazard: string;
  readonly at: Instant;
  /** The service has it from then on. */
  readonly arrivesAt: Instant;
  readonly level: Level;
  readonly millimetres: number;
};

const WET_MM_AN_HOUR = 2;
const CHANCE = { wet: 0.09, dry: 0.0015 };

/** Those with a time in [from, to] that have arrived by now, in order of time. */
export function toAlarms(
  seed: number,
  hazards: readonly Hazard[],
  { from, to, now }: { readonly from: Instant; readonly to: Instant; readonly now: Instant },
): Alarm[] {
  const first = Math.floor(from / HOUR);
  const hours = Math.max(0, Math.floor(to / HOUR) - first + 1);
  return hazards
    .filter(({ hasSensor }) => hasSensor)
    .flatMap((hazard) => {
      const showers = toShowers(seed, hazard, from - HOUR, to);
      return Array.from({ length: hours }, (_, index) => {
        const at = (first + index) * HOUR;
        const isWet = showers.some(
          ({ begins, hours: length, depth }) =>
            at >= begins && at < begins + (length + 3) * HOUR && depth / length > WET_MM_AN_HOUR,
        );
        return toAlarm(seed, hazard, first + index, isWet);
      });
    })
    .filter((alarm) => alarm !== null)
    .filter(({ at, arrivesAt }) => at >= from && at <= to && arrivesAt <= now)
    .sort((a, b) => a.at - b.at || (a.number < b.number ? -1 : 1));
}

/** At most one an hour and slope. */
function toAlarm(seed: number, hazard: Hazard, hour: number, isWet: boolean): Alarm | null {
  const chance = (what: number) => toChance(seed, 402, hazard.number, hour, what);
  if (chance(1) >= (isWet ? CHANCE.wet : CHANCE.dry)) return null;
  const at = hour * HOUR + Math.floor(3600 * chance(2)) * 1000;
  const delay = chance(3) < 0.12 ? 40 + Math.floor(560 * chance(4)) : Math.floor(2 * chance(4));
  const rank = Math.floor(4 * Math.sqrt(chance(5)));
  return {
    number: `GJ${new Date(at + 8 * HOUR).toISOString().replace(/\D/g, '').slice(0, 14)}${String(hazard.number).padStart(4, '0')}`,
    ...{ hazard: hazard.code, at, arrivesAt: at + delay * MINUTE },
    level: chance(6) < 0.05 ? 'TEST' : (LEVELS[rank] ?? 'BLUE'),
    millimetres: Math.round((4 - rank) * 40 * (0.5 + chance(7))) / 10,
  };
}
