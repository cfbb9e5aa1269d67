// Dangers at the works: what is found at a dam, how it grows worse, and what is done about it. One about every 36 hours, in the
// form of SL 323's danger reports, which were made for an emergency hub. All of it is invented.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR, MINUTE } from '../storm/storm.ts';
import { isMeasured, type Reservoir } from './reservoir.ts';

export type Severity = 'minor' | 'major' | 'critical';

export type Danger = {
  /** Twelve characters. */
  readonly code: string;
  readonly reservoir: Reservoir;
  readonly at: Instant;
  /** When the sheet stands in the table; it is corrected in place at each step. */
  readonly reportedAt: Instant;
  readonly place: string;
  /** WGS84. */
  readonly lon: number;
  readonly lat: number;
  readonly cause: string;
  readonly reporter: string;
  /** Eleven digits. */
  readonly phone: string;
  /** Metres; null: the dam is not breached. */
  readonly breachWidth: number | null;
  /** In the order of time; the first is the report itself. */
  readonly steps: readonly Step[];
};

export type Step = {
  readonly at: Instant;
  readonly severity: Severity;
  readonly text: string;
};

/** A danger is over by then. */
export const LONGEST_DANGER = 31 * HOUR;

const CYCLE = 36 * HOUR;
const PLACES = ['大坝背水坡', '溢洪道左岸', '放空涵管出口', '副坝坝脚'];
const CAUSES = ['持续强降雨致坝体浸润线抬高', '穿堤涵管止水老化', '白蚁危害', '坝肩排水不畅'];
const WORK = ['已派 12 人巡查', '填筑沙袋导渗', '降低库水位，开启泄洪闸', '险情得到控制', '恢复正常巡查'];
const REPORTERS = ['唐志强', '蒋国平', '欧阳明亮', '盘满秀', '李建国', '周喆'];
const SEVERITIES = ['minor', 'major', 'critical'] as const;

/** Those that were reported in (from, to], with all their steps. */
export function toDangers(
  seed: number,
  reservoirs: readonly Reservoir[],
  from: Instant,
  to: Instant,
): Danger[] {
  const measured = reservoirs.filter(isMeasured);
  const first = Math.floor(from / CYCLE) - 1;
  const count = Math.floor(to / CYCLE) - first + 1;
  return Array.from({ length: count }, (_, index) => toDanger(seed, measured, first + index)).filter(
    ({ reportedAt }) => reportedAt > from && reportedAt <= to,
  );
}

function toDanger(seed: number, reservoirs: readonly Reservoir[], cycle: number): Danger {
  const chance = (what: number) => toChance(seed, 75, cycle, what);
  const pick = <Thing>(things: readonly Thing[], what: number): Thing => {
    const thing = things[Math.floor(chance(what) * things.length)];
    if (thing === undefined) throw new Error('There must be a reservoir in use for a danger.');
    return thing;
  };
  const reservoir = pick(reservoirs, 1);
  const at = cycle * CYCLE + Math.floor(chance(2) * 36 * 12) * 5 * MINUTE;
  // Every third grows worse, every ninth twice.
  const worse = chance(3) < 1 / 9 ? 2 : chance(3) < 1 / 3 ? 1 : 0;
  return {
    code: `XQ${String(cycle).padStart(10, '0')}`,
    reservoir,
    at,
    reportedAt: at + 20 * MINUTE,
    place: pick(PLACES, 4),
    lon: toPlace(reservoir.lon, chance(5)),
    lat: toPlace(reservoir.lat, chance(6)),
    cause: pick(CAUSES, 7),
    reporter: pick(REPORTERS, 8),
    phone: `1390746${String(1000 + Math.floor(chance(9) * 9000))}`,
    breachWidth: worse === 2 ? Math.round(30 + 300 * chance(10)) / 10 : null,
    steps: WORK.map((text, index) => ({
      at: at + 20 * MINUTE + index * 6 * HOUR,
      severity: SEVERITIES[Math.min(worse, index)] ?? 'minor',
      text,
    })),
  };
}

/** On the dam, within some hundred metres. */
function toPlace(degrees: number, chance: number): number {
  return Math.round((degrees + (chance - 0.5) / 200) * 1e6) / 1e6;
}

/** How the danger stands at a time after its report. */
export function toLastStep({ steps }: Danger, now: Instant): Step {
  const step = steps.findLast(({ at }) => at <= now) ?? steps[0];
  if (step === undefined) throw new Error('A danger has at least one step.');
  return step;
}
