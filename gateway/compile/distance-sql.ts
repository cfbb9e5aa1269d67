// How far two points lie apart, on a sphere of the earth's mean radius, and the box around a circle: the box is what an index
// can find, the distance decides.

const EARTH_METRES = 6_371_008.8;

/** Coordinates as SQL expressions, WGS84 degrees. */
export type PointSql = { readonly lon: string; readonly lat: string };

/** Metres along the great circle (haversine); null where a coordinate is null. */
export function toMetresSql(from: PointSql, to: PointSql): string {
  const half = (a: string, b: string): string => `power(sin(radians(${a} - ${b}) / 2), 2)`;
  const haversine = `${half(to.lat, from.lat)} + cos(radians(${from.lat})) * cos(radians(${to.lat})) * ${half(to.lon, from.lon)}`;
  return `2 * ${EARTH_METRES} * asin(least(1, sqrt(${haversine})))`;
}

export type Box = {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
};

/** The smallest box of degrees that holds the circle, a little wider. It is not carried across the 180th meridian: no city lies there. */
export function toBox(point: { readonly lon: number; readonly lat: number }, metres: number): Box {
  const angle = (metres / EARTH_METRES) * MARGIN;
  const height = toDegrees(angle);
  // Where the circle takes in a pole, every meridian passes through it.
  const pole = Math.abs(point.lat) + height >= 90;
  const width = pole ? 360 : toDegrees(Math.asin(Math.sin(angle) / Math.cos(toRadians(point.lat))));
  return {
    west: point.lon - width,
    east: point.lon + width,
    south: point.lat - height,
    north: point.lat + height,
  };
}

/** So that rounding leaves nothing out. */
const MARGIN = 1.000_001;

function toDegrees(radians: number): number {
  return (radians * 180) / Math.PI;
}

function toRadians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
