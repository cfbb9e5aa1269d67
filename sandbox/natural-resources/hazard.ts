// The geological hazard points of the register: one in most villages, somewhere on its town's ground. The true entries; rows.ts
// writes them as the service does. A second issue of the register comes a day after the clock's start.
import { type Ground, parseGrounds, parseVillages, toMoved, type Village } from '../map/place.ts';
import type { Position } from '../map/shift.ts';
import { toName } from '../people/person.ts';
import { toChance } from '../storm/noise.ts';
import type { Place } from '../storm/storm.ts';

/** STEEP_CUT: a word that the bureau's own list of kinds does not have. */
export const HAZARD_KINDS = {
  LANDSLIDE: { zh: '滑坡', code: '01' },
  COLLAPSE: { zh: '崩塌', code: '02' },
  DEBRIS_FLOW: { zh: '泥石流', code: '03' },
  GROUND_COLLAPSE: { zh: '地面塌陷', code: '04' },
  UNSTABLE_SLOPE: { zh: '不稳定斜坡', code: '05' },
  STEEP_CUT: { zh: '高切坡', code: '高切坡' },
} as const;
export type HazardKind = keyof typeof HAZARD_KINDS;
export const GRADES = ['SMALL', 'MEDIUM', 'LARGE', 'EXTRA_LARGE'] as const;
export type Grade = (typeof GRADES)[number];

export type Hazard = Place & {
  readonly code: string;
  readonly name: string;
  readonly kind: HazardKind;
  /** Where the register says that it is. */
  readonly village: Village;
  /** County code, where it really is. */
  readonly county: string;
  /** WGS84. */
  readonly position: Position;
  readonly grade: Grade;
  /** Of the danger; null: not judged. */
  readonly danger: Grade | null;
  readonly volumeM3: number;
  readonly propertyYuan: number;
  readonly households: number;
  readonly people: number;
  /** Days since 1970; of an old one only the month is known. */
  readonly foundDay: number;
  readonly isMonthOnly: boolean;
  readonly trigger: string;
  readonly threatens: string;
  readonly watcher: string;
  /** Eleven digits; null: nobody knows it. */
  readonly phone: string | null;
  readonly hasSensor: boolean;
};

const { grounds } = parseGrounds();
const VILLAGES = parseVillages();
const TRIGGERS = ['降雨', '人工切坡', '采矿', '河流冲刷'];
const THREATENED = ['居民', '学校', '公路', '居民、公路'];
/** Places in the list: struck off, and counted anew, by the second issue. */
const STRUCK_OFF = [23, 118];
const RECOUNTED = 61;
/** Every so many stand in another county than the register says. */
const ASTRAY_EVERY = 41;

/** The register as issue 0 or 1 lists it. */
export function toHazards(seed: number, issue: 0 | 1): Hazard[] {
  return VILLAGES.filter((_, index) => toChance(seed, 400, index, 0) < 0.8)
    .map((village, index) => toHazard(seed, village, index, issue))
    .filter((_, index) => issue === 0 || !STRUCK_OFF.includes(index));
}

function toHazard(seed: number, village: Village, index: number, issue: 0 | 1): Hazard {
  const chance = (what: number) => toChance(seed, 401, index, what);
  const pick = <Item>(items: readonly Item[], what: number): Item | undefined =>
    items[Math.floor(chance(what) * items.length)];
  const ground = toGround(village, index, chance(1));
  const reach = Math.min(3, ground.reachKm) * 0.7;
  const moved = toMoved(ground, reach * (2 * chance(2) - 1), reach * (2 * chance(3) - 1));
  const position = { lon: Math.round(moved.lon * 1e6) / 1e6, lat: Math.round(moved.lat * 1e6) / 1e6 };
  const kinds = Object.keys(HAZARD_KINDS) as HazardKind[];
  const kind = pick(kinds, 4) ?? 'LANDSLIDE';
  const households = 1 + Math.floor(30 * chance(5) ** 3);
  const grade = GRADES[Math.floor(4 * chance(6) ** 3)] ?? 'SMALL';
  return {
    code: `${village.code.slice(0, 6)}${String(index + 1).padStart(6, '0')}`,
    name: `${village.town}${village.name.replace(/村?委会$/, '')}${HAZARD_KINDS[kind].zh}`,
    ...{ kind, village, county: ground.county ?? '', position, number: index + 1, ...position, grade },
    danger: chance(7) < 0.1 ? null : (GRADES[Math.floor(4 * chance(8) ** 3)] ?? 'SMALL'),
    volumeM3: Math.round(200 + 60_000 * chance(9) ** 4),
    propertyYuan: Math.round(5 + 400 * chance(10) ** 2) * 5000,
    households,
    people: households * 4 + (index === RECOUNTED && issue === 1 ? 3 : 0),
    foundDay: 10_957 + Math.floor(8900 * chance(11)),
    isMonthOnly: index % 5 === 4,
    trigger: pick(TRIGGERS, 12) ?? '',
    threatens: pick(THREATENED, 13) ?? '',
    watcher: toName(chance(14), chance(15)),
    phone: index % 29 === 28 ? null : `1390001${1000 + 13 * index}`,
    hasSensor: chance(16) < 0.4,
  };
}

function toGround({ code }: Village, index: number, chance: number): Ground {
  const own = (ground: Ground) => ground.county === code.slice(0, 6);
  const isAstray = index % ASTRAY_EVERY === ASTRAY_EVERY - 1;
  const fitting = grounds.filter((ground) => own(ground) !== isAstray);
  const found = fitting[Math.floor(chance * fitting.length)];
  if (found === undefined) throw new Error(`${code} needs a ground in its county`);
  return found;
}
