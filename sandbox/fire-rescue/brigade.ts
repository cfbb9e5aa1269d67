// The brigade's stations with their engines, and the rescue teams of the city. The true entries; service.ts shows them as the
// registers do. Towns are real; stations, vehicles and people are invented.
import type { Instant } from '../clock/sandbox-clock.ts';
import { parseGrounds, toMoved } from '../map/place.ts';
import type { Position } from '../map/shift.ts';
import { toName } from '../people/person.ts';
import { toChance } from '../storm/noise.ts';
import { MINUTE } from '../storm/storm.ts';

export type Station = {
  readonly code: string;
  readonly name: string;
  readonly number: number;
  /** Of today. */
  readonly county: string;
  /** WGS84. */
  readonly position: Position;
  readonly phone: string;
  readonly crew: number;
};

/** TRAINING stands in no document. */
export const ENGINE_STATES = ['READY', 'OUT', 'REPAIR', 'TRAINING'] as const;
export type EngineState = (typeof ENGINE_STATES)[number];

export type Engine = {
  readonly plate: string;
  readonly number: number;
  readonly name: string;
  readonly station: string;
  /** Tonnes. */
  readonly water: number;
  readonly foam: number;
};

export type Team = {
  readonly code: string;
  readonly name: string;
  readonly county: string;
  readonly people: number;
  readonly leader: string;
  readonly leaderPhone: string;
  readonly skills: readonly string[];
};

const ENGINES_A_STATION = 5;
const KINDS = [
  { name: '水罐消防车', water: 8, foam: 0 },
  { name: '泡沫消防车', water: 6, foam: 2.5 },
  { name: '举高喷射消防车', water: 4.5, foam: 1 },
  { name: '抢险救援消防车', water: 0, foam: 0 },
  { name: '森林消防车', water: 3, foam: 0.3 },
];
const SKILLS = ['水域救援', '山岳救援', '地震救援', '危化品处置', '医疗救护', '通信保障'];
const MOST_OF_A_COUNTY = 2;
const { grounds } = parseGrounds();

/** Two a county. */
export function toStations(seed: number): Station[] {
  const counts = new Map<string, number>();
  const places = grounds.filter(({ county }) => {
    const count = (counts.get(county ?? '') ?? 0) + 1;
    counts.set(county ?? '', count);
    return county !== null && count <= MOST_OF_A_COUNTY;
  });
  return places.map((ground, index) => {
    const moved = toMoved(
      ground,
      0.4 * (toChance(seed, 600, index) - 0.5),
      0.4 * (toChance(seed, 601, index) - 0.5),
    );
    const number = index + 1;
    return {
      ...{ number, county: ground.county ?? '', name: `${ground.town}消防救援站` },
      code: `XF${ground.county}${String(number).padStart(2, '0')}`,
      position: toSixDecimals(moved),
      phone: `0746${7_119_000 + 13 * index}`,
      crew: 12 + Math.floor(toChance(seed, 602, index) * 30),
    };
  });
}

export function toEngines(seed: number): Engine[] {
  return toStations(seed).flatMap(({ code, number }) =>
    KINDS.map(({ name, water, foam }, index) => ({
      ...{ name, water, foam, station: code },
      number: (number - 1) * ENGINES_A_STATION + index,
      plate: `湘MX${String(1000 + 17 * number + index)}`,
    })),
  );
}

/** It changes every quarter of an hour at most. */
export function toEngineState(seed: number, { number }: Engine, now: Instant): EngineState {
  const chance = toChance(seed, 603, number, Math.floor(now / (15 * MINUTE)));
  if (number % 41 === 40) return 'TRAINING';
  return chance < 0.8 ? 'READY' : chance < 0.93 ? 'OUT' : 'REPAIR';
}

export function toTeams(seed: number): Team[] {
  return Array.from({ length: 24 }, (_, index) => {
    const chance = (what: number) => toChance(seed, 604, index, what);
    const { county, town } = grounds[(5 * index) % grounds.length] ?? { county: '', town: '' };
    const first = Math.floor(chance(1) * SKILLS.length);
    return {
      code: `DW${String(index + 1).padStart(3, '0')}`,
      name: `${town}${index % 3 === 0 ? '蓝天' : '应急'}救援队`,
      county: county ?? '',
      people: 8 + Math.floor(chance(2) * 40),
      leader: toName(chance(3), chance(4)),
      leaderPhone: `1390003${2000 + 29 * index}`,
      skills: SKILLS.filter((_, skill) => skill === first || (skill + index) % 4 === 0),
    };
  });
}

export function toSixDecimals({ lon, lat }: Position): Position {
  return { lon: Math.round(lon * 1e6) / 1e6, lat: Math.round(lat * 1e6) / 1e6 };
}
