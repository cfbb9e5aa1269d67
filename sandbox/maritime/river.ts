// The rivers as lines to be travelled: where one is after so many kilometres, and which way one looks there.
import { RIVER_TABLE } from './river-table.ts';

export type Waypoint = {
  readonly lon: number;
  readonly lat: number;
  readonly place: string;
  readonly km: number;
};
/** From up to down. */
export type River = { readonly name: string; readonly waypoints: readonly Waypoint[]; readonly km: number };
/** `course`: downstream, degrees from north. */
export type Spot = { readonly lon: number; readonly lat: number; readonly course: number };

const KM_A_DEGREE = { lon: 100.4, lat: 110.8 };

export function parseRivers(): River[] {
  const rows = toRows(RIVER_TABLE).map(([name = '', lon, lat, place = '']) => ({
    ...{ name, place: place === '-' ? '' : place },
    ...{ lon: Number(lon), lat: Number(lat) },
  }));
  return [...new Set(rows.map(({ name }) => name))].map((name) => {
    let km = 0;
    const own = rows.filter((row) => row.name === name);
    const waypoints = own.map(({ lon, lat, place }, index) => {
      const before = own[index - 1];
      if (before !== undefined) km += toKm(before, { lon, lat });
      return { lon, lat, place, km };
    });
    return { name, waypoints, km };
  });
}

/** Throws on a place that the river does not pass. */
export function findWaypoint(rivers: readonly River[], name: string, place: string): Waypoint {
  const found = rivers
    .find((river) => river.name === name)
    ?.waypoints.find((waypoint) => waypoint.place === place);
  if (found === undefined) throw new Error(`The river table must have ${place} on ${name}`);
  return found;
}

export function toSpot({ waypoints }: River, km: number): Spot {
  const last = Math.max(
    1,
    waypoints.findIndex((waypoint, index) => index > 0 && waypoint.km >= km),
  );
  const [from, to] = [waypoints[last - 1], waypoints[last]];
  if (from === undefined || to === undefined) throw new Error('A river must have two waypoints');
  const share = (km - from.km) / (to.km - from.km);
  return {
    lon: from.lon + share * (to.lon - from.lon),
    lat: from.lat + share * (to.lat - from.lat),
    course: toCourse(from, to),
  };
}

/** A place so many kilometres off another in a direction. */
export function toAside(
  { lon, lat }: { readonly lon: number; readonly lat: number },
  course: number,
  km: number,
) {
  const angle = (course * Math.PI) / 180;
  return {
    lon: lon + (km * Math.sin(angle)) / KM_A_DEGREE.lon,
    lat: lat + (km * Math.cos(angle)) / KM_A_DEGREE.lat,
  };
}

/** The cells of a table below its line of names. */
export function toRows(table: string): string[][] {
  const [, ...lines] = table.trim().split('\n');
  return lines.map((line) => line.trim().split(/\s+/));
}

type Position = { readonly lon: number; readonly lat: number };

function toKm(from: Position, to: Position): number {
  return Math.hypot((to.lon - from.lon) * KM_A_DEGREE.lon, (to.lat - from.lat) * KM_A_DEGREE.lat);
}

function toCourse(from: Position, to: Position): number {
  const east = (to.lon - from.lon) * KM_A_DEGREE.lon;
  const north = (to.lat - from.lat) * KM_A_DEGREE.lat;
  return ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360;
}
