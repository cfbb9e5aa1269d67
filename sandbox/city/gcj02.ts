// The shift that Chinese maps are drawn with, from its published formula: WGS84 into GCJ-02. It is the sandbox's own, so that
// the hub's way back is checked by something that it has not written itself.

type Coordinates = { readonly lon: number; readonly lat: number };

const { PI, sin, cos, sqrt, abs } = Math;
/** Krasovsky 1940: semi-major axis in metres and squared eccentricity. */
const AXIS = 6_378_245;
const ECCENTRICITY = 0.006_693_421_622_965_943;

/** Inside China only: elsewhere nothing is shifted. */
export function toGcj02({ lon, lat }: Coordinates): Coordinates {
  const [x, y] = [lon - 105, lat - 35];
  const radians = (lat / 180) * PI;
  const flat = 1 - ECCENTRICITY * sin(radians) ** 2;
  const north = (toNorth(x, y) * 180) / (((AXIS * (1 - ECCENTRICITY)) / (flat * sqrt(flat))) * PI);
  const east = (toEast(x, y) * 180) / ((AXIS / sqrt(flat)) * cos(radians) * PI);
  return { lon: lon + east, lat: lat + north };
}

/** Waves of 2, 6, 24 and 60 degrees; the last two as high as given. */
function toWaves(at: number, high: number, higher: number): number {
  const short = 20 * sin(at * PI) + 40 * sin((at / 3) * PI);
  const long = high * sin((at / 12) * PI) + higher * sin((at / 30) * PI);
  return ((short + long) * 2) / 3;
}

function toRipple(x: number): number {
  return ((20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2) / 3;
}

function toNorth(x: number, y: number): number {
  const plain = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x));
  return plain + toRipple(x) + toWaves(y, 160, 320);
}

function toEast(x: number, y: number): number {
  const plain = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x));
  return plain + toRipple(x) + toWaves(x, 150, 300);
}
