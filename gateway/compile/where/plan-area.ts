// Conditions about a place: within so many kilometres of a point, in a division, inside a polygon.
import { toBox } from '../distance-sql.ts';
import { bind, type Conditions, type Given, Refused } from './conditions.ts';
import type { WhereNode } from './where-node.ts';

export const RADIUS_CAP_KM = 1000;
/** Corners of one polygon. */
export const CORNER_CAP = 10_000;

type Corner = { readonly lon: number; readonly lat: number };

export function planArea(
  kind: 'near' | 'within',
  given: Given,
  place: string,
  conditions: Conditions,
): WhereNode[] {
  if (kind === 'near') return [planNear(given, place, conditions)];
  const { division, polygon } = given;
  const nodes: WhereNode[] = [];
  if (division != null) nodes.push(planDivision(String(division), `${place}.division`, conditions));
  if (polygon != null) nodes.push(planPolygon(polygon as Corner[], `${place}.polygon`, conditions));
  if (nodes.length === 1) return nodes;
  throw new Refused(
    'HUB_QUERY_INVALID',
    `Argument "${place}" must give "division" or "polygon", one of them.`,
  );
}

function planNear(given: Given, place: string, conditions: Conditions): WhereNode {
  const point = given.point as Corner;
  const radiusKm = Number(given.radiusKm);
  assertOnEarth(point, `${place}.point`);
  if (!(radiusKm > 0 && radiusKm <= RADIUS_CAP_KM))
    throw new Refused(
      'HUB_QUERY_LIMIT',
      `Argument "${place}.radiusKm" must be more than 0 and at most ${RADIUS_CAP_KM}, but got: ${radiusKm}`,
    );
  const metres = radiusKm * 1000;
  return { kind: 'near', slot: bindAll(conditions, { ...point, ...toBox(point, metres), metres }) };
}

function planDivision(code: string, place: string, conditions: Conditions): WhereNode {
  const division = conditions.divisions.find(code);
  if (division === null)
    throw new Refused(
      'HUB_QUERY_INVALID',
      `Argument "${place}" names no division (GB/T 2260): ${code.slice(0, 20)}`,
    );
  const { from, to } = conditions.divisions.range(division.code);
  return { kind: 'division', slot: bindAll(conditions, { lo: from, hi: to }) };
}

/**
 * One ring, closed by itself; where it crosses itself, what lies inside an odd number of times is inside. A point on a western
 * or southern edge is inside, on an eastern or northern one outside, so that polygons side by side share no point.
 */
function planPolygon(corners: readonly Corner[], place: string, conditions: Conditions): WhereNode {
  if (corners.length > CORNER_CAP)
    throw new Refused(
      'HUB_QUERY_LIMIT',
      `Argument "${place}" must have at most ${CORNER_CAP} corners, but has: ${corners.length}`,
    );
  for (const [index, corner] of corners.entries()) assertOnEarth(corner, `${place}[${index}]`);
  const ring = corners.filter((corner, index) => !isSame(corner, corners[(index + 1) % corners.length]));
  if (ring.length < 3)
    throw new Refused(
      'HUB_QUERY_INVALID',
      `Argument "${place}" must have at least 3 different corners, but has: ${ring.length}`,
    );
  const [lons, lats] = [ring.map(({ lon }) => lon), ring.map(({ lat }) => lat)];
  const least = (values: readonly number[]) => values.reduce((one, other) => Math.min(one, other));
  const most = (values: readonly number[]) => values.reduce((one, other) => Math.max(one, other));
  const slot = bindAll(conditions, {
    lons,
    lats,
    west: least(lons),
    east: most(lons),
    south: least(lats),
    north: most(lats),
  });
  return { kind: 'polygon', slot };
}

function isSame(one: Corner, other: Corner | undefined): boolean {
  return one.lon === other?.lon && one.lat === other.lat;
}

function assertOnEarth({ lon, lat }: Corner, place: string): void {
  const faults = [
    ...(lon >= -180 && lon <= 180 ? [] : [`"${place}.lon" must be -180 to 180 (WGS84), but got: ${lon}`]),
    ...(lat >= -90 && lat <= 90 ? [] : [`"${place}.lat" must be -90 to 90 (WGS84), but got: ${lat}`]),
  ];
  if (faults.length > 0) throw new Refused('HUB_QUERY_LIMIT', `Argument ${faults.join(' and ')}`);
}

/** Slots `where7.lon`, `where7.lat` … under one name. */
function bindAll(conditions: Conditions, values: { readonly [part: string]: unknown }): string {
  const slot = bind(conditions, null);
  for (const [part, value] of Object.entries(values)) conditions.values.set(`${slot}.${part}`, value);
  return slot;
}
