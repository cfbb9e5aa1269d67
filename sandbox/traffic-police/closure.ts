// Stretches that are closed: at once by water and landslips that last, and planned for works, which are told a day ahead and
// of which some have no end yet. At many times there is none.
import type { Instant } from '../clock/sandbox-clock.ts';
import type { Position } from '../map/shift.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR, MINUTE } from '../storm/storm.ts';
import { toEventsUnderWay } from './event.ts';
import type { Section } from './section.ts';
import type { World } from './world.ts';

export type Closure = {
  readonly number: string;
  readonly section: Section;
  /** Of the event that it is for; null: planned works. */
  readonly event: string | null;
  readonly begins: Instant;
  /** As told; null: until further notice. */
  readonly ends: Instant | null;
  readonly reason: string;
  /** WGS84. */
  readonly line: readonly Position[];
};

const DAY = 24 * HOUR;
/** One of the city's works begins every four days, and lasts ten hours. */
const WORKS_EVERY = 4 * DAY;
const WORKS_LAST = 10 * HOUR;
const TOLD_AHEAD = 14 * HOUR;
const LASTING = 3 * HOUR;

/** Those that the service lists at a time. */
export function toClosures(world: World, at: Instant): Closure[] {
  return [...toClosedByEvents(world, at), ...toWorks(world, at)];
}

function toClosedByEvents(world: World, at: Instant): Closure[] {
  return toEventsUnderWay(world, at)
    .filter(({ kind, reportedAt, ends }) => {
      const isLasting = ends - reportedAt > LASTING;
      return isLasting && (kind === 'LANDSLIP' || kind === 'FLOODED') && at >= reportedAt + 10 * MINUTE;
    })
    .map(({ number, section, kind, reportedAt }) => ({
      number: `FL${number.slice(2)}`,
      ...{ section, event: number },
      begins: reportedAt + 10 * MINUTE,
      ends: null,
      reason: kind === 'LANDSLIP' ? '塌方落石，双向封闭' : '路面积水，双向封闭',
      line: section.line.slice(1, 4),
    }));
}

function toWorks({ seed, sections }: World, at: Instant): Closure[] {
  const cycle = Math.floor((at + TOLD_AHEAD) / WORKS_EVERY);
  const begins = cycle * WORKS_EVERY + Math.floor(20 * toChance(seed, 302, cycle, 1)) * HOUR;
  const section = sections[Math.floor(toChance(seed, 302, cycle, 2) * sections.length)];
  if (section === undefined || at < begins - TOLD_AHEAD || at >= begins + WORKS_LAST) return [];
  return [
    {
      number: `FLSG${cycle}`,
      ...{ section, event: null, begins, reason: '路面养护施工', line: section.line },
      ends: toChance(seed, 302, cycle, 3) < 0.3 ? null : begins + WORKS_LAST,
    },
  ];
}
