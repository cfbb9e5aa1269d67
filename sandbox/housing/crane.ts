// What the cranes measure every two minutes, and the alarms that they raise: by load at any time, by wind where it rains.
// Pure functions of seed and time.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR, MINUTE, toShowers } from '../storm/storm.ts';
import type { Crane, Site } from './site.ts';

export type Working = {
  readonly at: Instant;
  /** kN·m. */
  readonly moment: number;
  /** m. */
  readonly radius: number;
  readonly height: number;
  /** m/s. */
  readonly windSpeed: number;
  /** Degrees. */
  readonly tilt: number;
};

/** POWER: the device has lost its mains; no document names it. */
export const ALARM_KINDS = ['MOMENT', 'WIND', 'TILT', 'COLLISION', 'POWER'] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

export type Alarm = {
  readonly number: string;
  readonly crane: string;
  readonly kind: AlarmKind;
  readonly at: Instant;
  /** kN·m, m/s, degrees, metres or volts, by the kind. */
  readonly value: number;
};

const EVERY = 2 * MINUTE;
const CHANCE = { wet: 0.2, dry: 0.006 };
const round = (value: number, places: number) => Math.round(value * 10 ** places) / 10 ** places;

/** Null: the crane is not installed yet, and measures nothing. */
export function toWorking(seed: number, site: Site, crane: Crane, now: Instant): Working | null {
  if (!crane.isInstalled) return null;
  const at = Math.floor(now / EVERY) * EVERY;
  const chance = (what: number) => toChance(seed, 501, Number(crane.code.slice(2)), at, what);
  const gust = isWet(seed, site, at) ? 9 : 1.5;
  return {
    at,
    moment: round(crane.ratedMoment * 0.8 * chance(1), 1),
    radius: round(5 + 50 * chance(2), 1),
    height: 20 + (Number(crane.code.slice(2)) % 90),
    windSpeed: round(gust + 5 * chance(3), 1),
    tilt: round(1.2 * (chance(4) - 0.5), 2),
  };
}

/** Those with a time in [from, to], in order of time. */
export function toAlarms(seed: number, sites: readonly Site[], from: Instant, to: Instant): Alarm[] {
  const first = Math.floor(from / HOUR);
  const hours = Math.max(0, Math.floor(to / HOUR) - first + 1);
  return sites
    .flatMap((site) =>
      Array.from({ length: hours }, (_, index) => {
        const wet = isWet(seed, site, (first + index) * HOUR);
        return site.cranes.map((crane) => toAlarm(seed, crane, first + index, wet));
      }),
    )
    .flat()
    .filter((alarm) => alarm !== null)
    .filter(({ at }) => at >= from && at <= to)
    .sort((a, b) => a.at - b.at || (a.number < b.number ? -1 : 1));
}

function isWet(seed: number, site: Site, at: Instant): boolean {
  return toShowers(seed, site, at - HOUR, at).some(
    ({ begins, hours, depth }) => at >= begins && at < begins + hours * HOUR && depth / hours > 2,
  );
}

/** At most one an hour and crane. */
function toAlarm(seed: number, crane: Crane, hour: number, wet: boolean): Alarm | null {
  const chance = (what: number) => toChance(seed, 502, Number(crane.code.slice(2)), hour, what);
  if (!crane.isInstalled || chance(1) >= (wet ? CHANCE.wet : CHANCE.dry)) return null;
  const at = hour * HOUR + Math.floor(3600 * chance(2)) * 1000;
  const kind = wet && chance(3) < 0.6 ? 'WIND' : (ALARM_KINDS[Math.floor(5 * chance(4))] ?? 'MOMENT');
  return {
    number: `BJ-${crane.code}-${at / 1000}`,
    crane: crane.code,
    kind,
    at,
    value: toValue(kind, crane, chance(5)),
  };
}

function toValue(kind: AlarmKind, { ratedMoment }: Crane, chance: number): number {
  switch (kind) {
    case 'MOMENT':
      return round(ratedMoment * (1.02 + 0.15 * chance), 1);
    case 'WIND':
      return round(13.9 + 8 * chance, 1);
    case 'TILT':
      return round(1 + chance, 2);
    case 'COLLISION':
      return round(0.5 + 3 * chance, 1);
    case 'POWER':
      return round(150 * chance, 0);
  }
}
