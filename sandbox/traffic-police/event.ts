// What happens on the roads: crashes and breakdowns at any time, flooding and landslips where it rains. Each event is known
// some minutes after it began, told once more in between, and closed when it is over. Pure functions of seed and time.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toMoved } from '../map/place.ts';
import type { Position } from '../map/shift.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR, MINUTE, toShowers } from '../storm/storm.ts';
import { type Section, toSixDecimals } from './section.ts';
import type { World } from './world.ts';

/** SPECIAL: a transport with an escort, which the police have begun to enter and no document of theirs names. */
export type EventKind = 'CRASH' | 'BREAKDOWN' | 'FLOODED' | 'LANDSLIP' | 'SPECIAL';

export type RoadEvent = {
  readonly number: string;
  readonly section: Section;
  readonly kind: EventKind;
  readonly begins: Instant;
  /** The service knows of it from then on. */
  readonly reportedAt: Instant;
  /** Somebody is there: its text gets longer. */
  readonly attendedAt: Instant;
  /** It is over and told so. */
  readonly ends: Instant;
  /** WGS84; null: nobody said where exactly. */
  readonly position: Position | null;
  readonly metreMark: number;
};

const HOURLY_CHANCE = 0.06;
const WET_MM_AN_HOUR = 2;
/** Longer than any event lasts. */
const LONGEST = 26 * HOUR;

/** Those that were reported in [from, to], in order of their numbers. */
export function toEvents(world: World, from: Instant, to: Instant): RoadEvent[] {
  const first = Math.floor(from / HOUR) - 1;
  const hours = Math.max(0, Math.floor(to / HOUR) - first + 1);
  return world.sections
    .flatMap((section) => {
      const showers = toShowers(world.seed, section, from - HOUR, to);
      const isWet = (at: Instant) =>
        showers.some(
          ({ begins, hours: length, depth }) =>
            at >= begins && at < begins + (length + 2) * HOUR && depth / length > WET_MM_AN_HOUR,
        );
      return Array.from({ length: hours }, (_, index) => toEvent(world, section, first + index, isWet));
    })
    .filter((event) => event !== null)
    .filter(({ reportedAt }) => reportedAt >= from && reportedAt <= to)
    .sort((a, b) => (a.number < b.number ? -1 : 1));
}

/** Those that are under way at a time, however long ago they began. */
export function toEventsUnderWay(world: World, at: Instant): RoadEvent[] {
  return toEvents(world, at - LONGEST, at).filter(({ ends }) => ends > at);
}

/** When it was last written to, as far as is known by now; the time by which the service lists it. */
export function toUpdateTime({ reportedAt, attendedAt, ends }: RoadEvent, now: Instant): Instant {
  return Math.max(...[reportedAt, attendedAt, ends].filter((time) => time <= now));
}

/** At most one an hour and section. */
function toEvent(
  { seed, traps }: World,
  section: Section,
  hour: number,
  isWet: (at: Instant) => boolean,
): RoadEvent | null {
  const chance = (what: number) => toChance(seed, 301, section.number, hour, what);
  const begins = hour * HOUR + Math.floor(60 * chance(1)) * MINUTE;
  const wet = isWet(begins);
  if (chance(2) >= HOURLY_CHANCE * (wet ? 4 : 1)) return null;
  const kind = toKind(chance(3), wet, traps.gaps);
  const reportedAt = begins + (1 + Math.floor(6 * chance(4))) * MINUTE;
  const minutes = kind === 'FLOODED' || kind === 'LANDSLIP' ? 120 + 900 * chance(5) : 20 + 160 * chance(5);
  const ends = reportedAt + Math.floor(minutes) * MINUTE;
  // Within sight of one of the section's three inner points.
  const near = section.line[1 + Math.floor(3 * chance(6))] ?? section;
  const place = toMoved(near, 0.1 * (chance(7) - 0.5), 0.1 * (chance(10) - 0.5));
  return {
    number: `SJ${toDigits(begins)}${String(section.number).padStart(3, '0')}`,
    ...{ section, kind, begins, reportedAt, ends },
    attendedAt: reportedAt + Math.floor((ends - reportedAt) / MINUTE / 3) * MINUTE,
    position: traps.gaps && chance(8) < 0.06 ? null : toSixDecimals(place),
    metreMark: Math.floor(3000 * chance(9)),
  };
}

function toKind(chance: number, wet: boolean, gaps: boolean): EventKind {
  if (wet) return chance < 0.55 ? 'FLOODED' : chance < 0.7 ? 'LANDSLIP' : 'CRASH';
  if (gaps && chance > 0.95) return 'SPECIAL';
  return chance < 0.5 ? 'CRASH' : 'BREAKDOWN';
}

/** 2026040421: the hour in Beijing. */
function toDigits(at: Instant): string {
  return new Date(at + 8 * HOUR).toISOString().replace(/\D/g, '').slice(0, 10);
}
