// Where a map puts a place: the shifted coordinates that map services in China answer with. The forward formulas as they have
// been published; nothing here goes back, that is the hub's affair.

export type Position = { readonly lon: number; readonly lat: number };

// Krassovsky 1940, which the shift is made on.
const AXIS = 6_378_245;
const ECCENTRICITY = 0.006693421622965943;
const BAIDU = (Math.PI * 3000) / 180;

const { PI, abs, atan2, cos, hypot, sin, sqrt } = Math;

/** WGS84 as GCJ-02 (高德, 腾讯); here about 660 m off. */
export function toGcj02({ lon, lat }: Position): Position {
  const [x, y] = [lon - 105, lat - 35];
  const radians = (lat / 180) * PI;
  const magic = 1 - ECCENTRICITY * sin(radians) ** 2;
  const metresNorth = toNorth(x, y);
  const metresEast = toEast(x, y);
  return {
    lat: lat + (metresNorth * 180) / (((AXIS * (1 - ECCENTRICITY)) / (magic * sqrt(magic))) * PI),
    lon: lon + (metresEast * 180) / ((AXIS / sqrt(magic)) * cos(radians) * PI),
  };
}

/** WGS84 as BD-09 (百度): GCJ-02 once more shifted; here about 1,200 m off. */
export function toBd09(position: Position): Position {
  const { lon: x, lat: y } = toGcj02(position);
  const radius = hypot(x, y) + 0.00002 * sin(y * BAIDU);
  const angle = atan2(y, x) + 0.000003 * cos(x * BAIDU);
  return { lon: radius * cos(angle) + 0.0065, lat: radius * sin(angle) + 0.006 };
}

/** Flat-earth metres, good enough inside one city. */
export function toMetres(a: Position, b: Position): number {
  return hypot((a.lon - b.lon) * 100_400, (a.lat - b.lat) * 110_800);
}

function toNorth(x: number, y: number): number {
  const base = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x));
  const waves = [
    20 * sin(6 * x * PI) + 20 * sin(2 * x * PI),
    20 * sin(y * PI) + 40 * sin((y / 3) * PI),
    160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30),
  ];
  return base + toThirds(waves);
}

function toEast(x: number, y: number): number {
  const base = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x));
  const waves = [
    20 * sin(6 * x * PI) + 20 * sin(2 * x * PI),
    20 * sin(x * PI) + 40 * sin((x / 3) * PI),
    150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI),
  ];
  return base + toThirds(waves);
}

function toThirds(waves: readonly number[]): number {
  return (waves.reduce((sum, wave) => sum + wave, 0) * 2) / 3;
}
