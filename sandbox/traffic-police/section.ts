// The road sections that the police watch: one at each ground of the city, drawn as a line of five points through it.
import { parseGrounds, toMoved } from '../map/place.ts';
import type { Position } from '../map/shift.ts';
import { toChance } from '../storm/noise.ts';
import type { Place } from '../storm/storm.ts';

export type Section = Place & {
  /** LD, county, running number. */
  readonly code: string;
  readonly name: string;
  readonly road: string;
  readonly town: string;
  /** County code of today, where the section lies. */
  readonly county: string;
  /** WGS84, in the order of driving; the third is the section's own position. */
  readonly line: readonly Position[];
  /** km/h on an empty road. */
  readonly freeSpeed: number;
};

/** Real roads through the city; which of them leads where is invented. */
const ROADS = ['G55二广高速', 'G76厦蓉高速', 'G72泉南高速', 'G207国道', 'G322国道', 'S216省道', 'S343省道'];
const POINTS = [-2, -1, 0, 1, 2];
/** No section is longer on either side of its middle: it stays inside its county. */
const LONGEST_KM = 2.4;

export function toSections(seed: number): Section[] {
  return parseGrounds().grounds.map(({ county, town, lon, lat, reachKm }, index) => {
    const chance = (...what: number[]) => toChance(seed, 300, index, ...what);
    const road = ROADS[Math.floor(chance(1) * ROADS.length)] ?? '';
    const angle = chance(2) * 2 * Math.PI;
    const step = Math.min(LONGEST_KM, reachKm) / 2.5;
    const line = POINTS.map((point) => {
      const bend = point === 0 ? 0 : 0.25 * (chance(3, point + 2) - 0.5);
      const [along, across] = [point * step, bend * step];
      return toSixDecimals(
        toMoved(
          { lon, lat },
          along * Math.cos(angle) - across * Math.sin(angle),
          along * Math.sin(angle) + across * Math.cos(angle),
        ),
      );
    });
    return {
      code: `LD${county}${String(index + 1).padStart(3, '0')}`,
      ...{ name: `${road}${town}段`, road, town, county: county ?? '', lon, lat, line },
      number: index + 1,
      freeSpeed: road.includes('高速') ? 110 : 70,
    };
  });
}

export function toSixDecimals({ lon, lat }: Position): Position {
  return { lon: Math.round(lon * 1e6) / 1e6, lat: Math.round(lat * 1e6) / 1e6 };
}

/** The county as the police write it: every second section of 祁阳 has the code before 2021. */
export function toStatedCounty({ county, number }: Section): string {
  return county === '431181' && number % 2 === 1 ? '431121' : county;
}
