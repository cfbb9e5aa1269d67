// WGS84 as Baidu's maps show it: shifted once by the state's algorithm (GCJ-02), once more by Baidu's own. Both are public
// only as code; the constants are the ones that everybody uses.

export type Place = { readonly lon: number; readonly lat: number };

/** Krasovsky 1940. */
const AXIS_M = 6_378_245;
const ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943;

export function toBd09(place: Place): Place {
  const { lon, lat } = toGcj02(place);
  const length = Math.hypot(lon, lat) + 0.000_02 * Math.sin((lat * Math.PI * 3000) / 180);
  const angle = Math.atan2(lat, lon) + 0.000_003 * Math.cos((lon * Math.PI * 3000) / 180);
  return { lon: length * Math.cos(angle) + 0.0065, lat: length * Math.sin(angle) + 0.006 };
}

export function toGcj02({ lon, lat }: Place): Place {
  const [x, y] = [lon - 105, lat - 35];
  const phi = (lat * Math.PI) / 180;
  const magic = 1 - ECCENTRICITY_SQUARED * Math.sin(phi) ** 2;
  const metresLat = (AXIS_M * (1 - ECCENTRICITY_SQUARED)) / (magic * Math.sqrt(magic));
  const metresLon = (AXIS_M / Math.sqrt(magic)) * Math.cos(phi);
  return {
    lon: lon + (toShiftLon(x, y) * 180) / (metresLon * Math.PI),
    lat: lat + (toShiftLat(x, y) * 180) / (metresLat * Math.PI),
  };
}

const wave = (value: number, ...terms: readonly (readonly [factor: number, of: number])[]) =>
  terms.reduce((sum, [factor, of]) => sum + factor * Math.sin(value * of * Math.PI), 0) * (2 / 3);

function toShiftLon(x: number, y: number): number {
  return (
    300 +
    x +
    2 * y +
    0.1 * x * x +
    0.1 * x * y +
    0.1 * Math.sqrt(Math.abs(x)) +
    wave(x, [20, 6], [20, 2]) +
    wave(x, [20, 1], [40, 1 / 3]) +
    wave(x, [150, 1 / 12], [300, 1 / 30])
  );
}

function toShiftLat(x: number, y: number): number {
  return (
    -100 +
    2 * x +
    3 * y +
    0.2 * y * y +
    0.1 * x * y +
    0.2 * Math.sqrt(Math.abs(x)) +
    wave(x, [20, 6], [20, 2]) +
    wave(y, [20, 1], [40, 1 / 3]) +
    wave(y, [160, 1 / 12], [320, 1 / 30])
  );
}
