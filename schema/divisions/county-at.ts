// Which county a point lies in, exactly by the counties' outlines: the last word on where a row is that states no place.
import type { Boundary, Position } from './division.ts';

/** WGS84 → code of the county around it; null outside the city. */
export type CountyAt = (point: { readonly lon: number; readonly lat: number }) => string | null;

export type Outline = { readonly code: string; readonly boundary: Boundary };

/** The edge's southern end first, whichever county it is drawn for: both sides of a border compute the same crossing. */
type Edge = { readonly south: Position; readonly north: Position };
/** The edges of one county within a band of latitude. */
type Stretch = { readonly code: string; readonly edges: Edge[] };

/** About 500 m each, so that a point is compared with some forty edges. */
const BANDS = 512;

/**
 * Ray casting over all rings, holes and parts alike. Ends of edges count half-open, so that a point on a border lies in
 * exactly one county: the one to the east, on a border due east to west the one to the north. Where outlines
 * overlap (those delivered do not) the first of the list has it.
 */
export function compileCountyAt(outlines: readonly Outline[]): CountyAt {
  const all = outlines.map(({ code, boundary }) => ({ code, edges: toEdges(boundary) }));
  const south = Math.min(...all.map(({ edges }) => Math.min(...edges.map((edge) => edge.south[1]))));
  const north = Math.max(...all.map(({ edges }) => Math.max(...edges.map((edge) => edge.north[1]))));
  const toBand = (lat: number): number => Math.floor(((lat - south) / (north - south)) * BANDS);
  const bands: Stretch[][] = Array.from({ length: BANDS + 1 }, () => []);
  for (const { code, edges } of all) for (const edge of edges) addEdge(bands, toBand, code, edge);
  return (point) => bands[toBand(point.lat)]?.find(({ edges }) => isInside(edges, point))?.code ?? null;
}

// Edges that run due east to west cross no ray.
function toEdges({ coordinates }: Boundary): readonly Edge[] {
  return coordinates.flat().flatMap((ring) =>
    ring.slice(1).flatMap((to, index): readonly Edge[] => {
      const from = ring[index];
      if (from === undefined || from[1] === to[1]) return [];
      return [from[1] < to[1] ? { south: from, north: to } : { south: to, north: from }];
    }),
  );
}

function addEdge(bands: Stretch[][], toBand: (lat: number) => number, code: string, edge: Edge): void {
  for (const band of bands.slice(toBand(edge.south[1]), toBand(edge.north[1]) + 1)) {
    const stretch = band.at(-1);
    if (stretch?.code === code) stretch.edges.push(edge);
    else band.push({ code, edges: [edge] });
  }
}

function isInside(edges: readonly Edge[], { lon, lat }: { lon: number; lat: number }): boolean {
  let inside = false;
  for (const { south, north } of edges) {
    if (lat < south[1] || lat >= north[1]) continue;
    const crossing = south[0] + ((lat - south[1]) / (north[1] - south[1])) * (north[0] - south[0]);
    if (lon < crossing) inside = !inside;
  }
  return inside;
}
