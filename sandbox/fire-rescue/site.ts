// The key units (消防重点单位) whose fire-alarm systems are watched from afar, and how the device of each speaks. Towns are
// real; the units are invented.
import type { Instant } from '../clock/sandbox-clock.ts';
import { parseGrounds, toMoved } from '../map/place.ts';
import type { Position } from '../map/shift.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR } from '../storm/storm.ts';
import { toSixDecimals } from './brigade.ts';

export type Site = {
  /** In capitals, as it is meant. */
  readonly code: string;
  readonly number: number;
  readonly name: string;
  /** Of today. */
  readonly county: string;
  /** WGS84. */
  readonly position: Position;
  /** 18 characters; null: it has been applied for. */
  readonly creditCode: string | null;
  /** `frame`: GB/T 26875.3 as hex · `millis`, `seconds`: JSON with such a time. */
  readonly speaks: 'frame' | 'millis' | 'seconds';
  /** Its device sets the bit for normal operation, as the standard wants; most do not. */
  readonly setsNormal: boolean;
};

const SITES = 130;
/** It is watched from the beginning, and comes into the register late. */
const LATE = 40;
export const LATE_HOURS = 20;
const NAMES = [
  '商业广场',
  '人民医院',
  '中心学校',
  '酒店',
  '烟花仓库',
  '加油站',
  '纺织厂',
  '粮库',
  '客运站',
  '敬老院',
];
const { grounds } = parseGrounds();

/** All that are watched. */
export function toSites(seed: number): Site[] {
  return Array.from({ length: SITES }, (_, index) => toSite(seed, index));
}

/** Those that the register has, `began` being the clock's start. */
export function toRegistered(sites: readonly Site[], began: Instant, now: Instant): readonly Site[] {
  return now >= began + LATE_HOURS * HOUR ? sites : sites.filter(({ number }) => number !== LATE);
}

export function isLate({ number }: Site): boolean {
  return number === LATE;
}

/** As it stands in topics, or in the register: every third there, every second here has small letters. */
export function toWrittenCode({ code, number }: Site, place: 'topic' | 'register'): string {
  return number % (place === 'topic' ? 3 : 2) === 0 ? code.toLowerCase() : code;
}

function toSite(seed: number, index: number): Site {
  const chance = (what: number) => toChance(seed, 610, index, what);
  const ground = grounds[index % grounds.length];
  if (ground === undefined) throw new Error('a site needs a ground');
  const reach = Math.min(2, ground.reachKm) * 0.7;
  const number = index + 1;
  return {
    ...{ number, county: ground.county ?? '' },
    code: `ZD${ground.county}${String(number).padStart(3, '0')}`,
    name: `${ground.town}${NAMES[Math.floor(chance(1) * NAMES.length)]}`,
    position: toSixDecimals(toMoved(ground, reach * (2 * chance(2) - 1), reach * (2 * chance(3) - 1))),
    creditCode: index % 29 === 28 ? null : `914311${String(20_000_000_000 + 104_729 * index)}X`,
    speaks: index % 3 !== 2 ? 'frame' : index % 2 === 0 ? 'millis' : 'seconds',
    setsNormal: index % 5 === 0,
  };
}
