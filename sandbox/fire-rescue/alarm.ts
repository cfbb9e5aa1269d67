// What the fire-alarm systems of the key units report: pure functions of seed and time.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR } from '../storm/storm.ts';
import type { Site } from './site.ts';

/** By their bits in the state of a part (GB/T 26875.3-2011, table 6 of 8.2.1.2): NORMAL is bit 0. */
export const SIGNALS = [
  'NORMAL',
  'FIRE',
  'FAULT',
  'SHIELDED',
  'SUPERVISION',
  'STARTED',
  'FEEDBACK',
  'DELAYED',
  'POWER_FAULT',
] as const;
export type Signal = (typeof SIGNALS)[number];

export type Part = {
  readonly system: number;
  readonly address: number;
  readonly signals: readonly Signal[];
  /** It also has a state that no document names: bit 9, or 11 in JSON. */
  readonly hasUnknown: boolean;
  readonly text: string;
  readonly at: Instant;
};

/** What a device sends at once. */
export type Report = {
  readonly site: Site;
  /** Of the site, ascending. */
  readonly serial: number;
  readonly at: Instant;
  readonly parts: readonly Part[];
  /** The line spoils a byte of it: nobody can read it. */
  readonly isDamaged: boolean;
  /** It is sent once more: the device did not hear that it was taken. */
  readonly isTwice: boolean;
};

/** Of a site in an hour. */
const CHANCE = 0.05;
const FLOORS = ['地下一层', '一层', '二层', '三层', '五层', '十二层'];
const PLACES = ['东侧走廊', '配电室', '厨房', '消防水泵房', '楼梯间', '仓库'];
const DEVICES = ['感烟探测器', '感温探测器', '手动报警按钮', '压力开关', '可燃气体探测器一号', '排烟风机'];
/** From bit 1 on, how often. */
const WEIGHTS = [0.15, 0.3, 0.1, 0.15, 0.1, 0.1, 0.05, 0.05];

/** Those with a time in (from, to], in order of time. */
export function toReports(seed: number, sites: readonly Site[], from: Instant, to: Instant): Report[] {
  const first = Math.floor(from / HOUR);
  const hours = Math.max(0, Math.floor(to / HOUR) - first + 1);
  return sites
    .flatMap((site) => Array.from({ length: hours }, (_, index) => toReport(seed, site, first + index) ?? []))
    .flat()
    .filter(({ at }) => at > from && at <= to)
    .sort((a, b) => a.at - b.at || a.site.number - b.site.number);
}

/** At most one an hour and site. */
function toReport(seed: number, site: Site, hour: number): Report | null {
  const chance = (what: number) => toChance(seed, 620, site.number, hour, what);
  if (chance(1) >= CHANCE) return null;
  const at = hour * HOUR + Math.floor(3599 * chance(2)) * 1000;
  const isFrame = site.speaks === 'frame';
  const count = isFrame && chance(3) < 0.3 ? 2 : 1;
  return {
    ...{ site, at, serial: hour % 65_536 },
    parts: Array.from({ length: count }, (_, index) => toPart(seed, site, hour, index, at)),
    isDamaged: isFrame && chance(4) < 0.03,
    isTwice: chance(5) < 0.06,
  };
}

function toPart(seed: number, site: Site, hour: number, index: number, at: Instant): Part {
  const chance = (what: number) => toChance(seed, 621, site.number, hour, index, what);
  const own = toSignal(chance(1));
  const hasUnknown = chance(2) < 0.03;
  const isFrame = site.speaks === 'frame';
  // A JSON message has one state, so that an unknown one stands alone.
  const signals: Signal[] = !isFrame && hasUnknown ? [] : [own];
  if (isFrame && own === 'STARTED') signals.push('FEEDBACK');
  if (isFrame && site.setsNormal) signals.unshift('NORMAL');
  const pick = (list: readonly string[], what: number) => list[Math.floor(chance(what) * list.length)] ?? '';
  return {
    ...{ signals, hasUnknown },
    system: 1 + Math.floor(2 * chance(3)),
    address: 1 + Math.floor(60_000 * chance(4)),
    text: pick(FLOORS, 5) + pick(PLACES, 6) + pick(DEVICES, 7),
    // The part noticed it a few seconds before the device sent it; one device in three counts thousandths.
    at: at - 1000 * index - (site.speaks === 'millis' ? Math.floor(1000 * chance(8)) : 0),
  };
}

function toSignal(chance: number): Signal {
  let rest = chance;
  for (const [index, weight] of WEIGHTS.entries()) {
    if (rest < weight) return SIGNALS[index + 1] ?? 'FAULT';
    rest -= weight;
  }
  return 'FAULT';
}
