// The city's scenes as values: a road in a town, and a spot at it.
import { toChance } from '../storm/noise.ts';
import { SCENE_TABLE } from './scene-table.ts';

export type Scene = {
  /** Nine digits, today's. */
  readonly code: string;
  readonly county: string;
  readonly town: string;
  readonly lon: number;
  readonly lat: number;
  readonly reachKm: number;
  readonly roads: readonly string[];
};

/** A spot at a road, WGS84 with six decimals. */
export type Spot = {
  readonly scene: Scene;
  readonly road: string;
  readonly house: number;
  readonly lon: number;
  readonly lat: number;
};

/** Kilometres a degree, inside this city. */
const KM_A_DEGREE = { lon: 100.4, lat: 110.8 };
/** Away from a county's border, where a point and a code may disagree. */
const INSIDE = 0.6;

export function parseScenes(): Scene[] {
  const [, ...lines] = SCENE_TABLE.trim().split('\n');
  return lines.map((line) => {
    const [code = '', county = '', town = '', lon, lat, reach, ...roads] = line.split(' ');
    return { code, county, town, lon: Number(lon), lat: Number(lat), reachKm: Number(reach), roads };
  });
}

/** A spot by chance: the same seed and parts give the same one. */
export function toSpot(scenes: readonly Scene[], seed: number, ...parts: readonly number[]): Spot {
  const chance = (what: number) => toChance(seed, 91, ...parts, what);
  const scene = scenes[Math.floor(chance(1) * scenes.length)];
  if (scene === undefined) throw new Error('There must be a scene.');
  const road = scene.roads[Math.floor(chance(2) * scene.roads.length)] ?? '';
  const away = scene.reachKm * INSIDE * Math.sqrt(chance(3));
  const angle = 2 * Math.PI * chance(4);
  const toSixDecimals = (degrees: number) => Math.round(degrees * 1e6) / 1e6;
  return {
    scene,
    road,
    house: 1 + Math.floor(chance(5) * 240),
    lon: toSixDecimals(scene.lon + (away * Math.cos(angle)) / KM_A_DEGREE.lon),
    lat: toSixDecimals(scene.lat + (away * Math.sin(angle)) / KM_A_DEGREE.lat),
  };
}

/** A thing of the list by chance. */
export function toPick<Thing>(things: readonly Thing[], chance: number): Thing {
  const thing = things[Math.floor(chance * things.length)];
  if (thing === undefined) throw new Error('A list to pick from must not be empty.');
  return thing;
}
