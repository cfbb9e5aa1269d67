// The building sites of the city with their tower cranes and deep pits. The true entries; schema.ts shows them as the bureau's
// graph does. One site is finished and taken off the list a day after the clock's start.
import { parseGrounds, toMoved } from '../map/place.ts';
import type { Position } from '../map/shift.ts';
import { toName } from '../people/person.ts';
import { toChance } from '../storm/noise.ts';
import type { Place } from '../storm/storm.ts';

/** ACCEPTANCE came with a later version of the system, and into no document. */
export const STAGES = [
  'FOUNDATION',
  'STRUCTURE',
  'MAIN',
  'FINISHING',
  'STOPPED',
  'SUSPENDED',
  'ACCEPTANCE',
] as const;
export type Stage = (typeof STAGES)[number];

export type Crane = { readonly code: string; readonly ratedMoment: number; readonly isInstalled: boolean };
export type Pit = { readonly code: string; readonly depth: number; readonly settlement: number };

export type Site = Place & {
  /** In capitals, as it is meant. */
  readonly code: string;
  readonly name: string;
  readonly stage: Stage;
  readonly county: string;
  /** WGS84. */
  readonly position: Position;
  readonly builder: string;
  /** 18 characters; null: it has been applied for. */
  readonly builderCode: string | null;
  readonly manager: string;
  /** Eleven digits. */
  readonly phone: string;
  /** By day. */
  readonly workers: number;
  /** kN·m rated. */
  readonly cranes: readonly Crane[];
  /** Depth in m, settlement so far in mm. */
  readonly pits: readonly Pit[];
};

const SITES = 88;
const FINISHED = 37;
const NAMES = [
  '滨江新城',
  '湘江名邸',
  '潇水人家',
  '阳光学府',
  '职教园',
  '人民医院',
  '冷链物流园',
  '安置小区',
];
const BUILDERS = ['永建', '潇湘建工', '零陵建设', '九嶷工程', '湘南路桥'];
const { grounds } = parseGrounds();

/** All of them until the first is finished. */
export function toSites(seed: number, isLater: boolean): Site[] {
  return Array.from({ length: SITES }, (_, index) => toSite(seed, index)).filter(
    (_, index) => !isLater || index !== FINISHED,
  );
}

function toSite(seed: number, index: number): Site {
  const chance = (...what: number[]) => toChance(seed, 500, index, ...what);
  const ground = grounds[index % grounds.length];
  if (ground === undefined) throw new Error('a site needs a ground');
  const reach = Math.min(2, ground.reachKm) * 0.7;
  const moved = toMoved(ground, reach * (2 * chance(1) - 1), reach * (2 * chance(2) - 1));
  const position = { lon: Math.round(moved.lon * 1e6) / 1e6, lat: Math.round(moved.lat * 1e6) / 1e6 };
  const code = `YZ${ground.county}-GD${String(index + 1).padStart(3, '0')}`;
  const builder = Math.floor(chance(3) * BUILDERS.length);
  return {
    ...{ code, number: index + 1, ...position, position, county: ground.county ?? '' },
    name: `${ground.town}${NAMES[Math.floor(chance(4) * NAMES.length)]}${1 + (index % 5)}期`,
    stage: STAGES[Math.floor(chance(5) * STAGES.length)] ?? 'STRUCTURE',
    builder: `${BUILDERS[builder]}有限公司`,
    builderCode: index % 31 === 30 ? null : `914311${String(10_000_000_000 + 7919 * builder)}X`,
    manager: toName(chance(6), chance(7)),
    phone: `1390002${1000 + 13 * index}`,
    workers: 8 + Math.floor(180 * chance(8) ** 2),
    cranes: Array.from({ length: Math.floor(4 * chance(9)) }, (_, crane) => ({
      code: `TD${String(index + 1).padStart(3, '0')}${crane + 1}`,
      ratedMoment: [630, 800, 1000, 1250][Math.floor(4 * chance(10, crane))] ?? 630,
      isInstalled: chance(11, crane) > 0.1,
    })),
    pits: Array.from({ length: Math.floor(2.4 * chance(12)) }, (_, pit) => ({
      code: `JK${String(index + 1).padStart(3, '0')}${pit + 1}`,
      depth: Math.round(10 * (5 + 9 * chance(13, pit))) / 10,
      settlement: Math.round(10 * (-2 - 28 * chance(14, pit))) / 10,
    })),
  };
}
