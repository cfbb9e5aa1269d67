// Coordinates of the five systems that Chinese data come in, as WGS84. GCJ-02 and BD-09 have no exact inverse: it is
// iterated on the forward shift until it stands still. Plane coordinates are metres: `lon` is the easting, `lat` the northing.
import gcoord from 'gcoord';
import { HubError } from '../../../schema/errors.ts';
import type { Crs } from '../manifest/model.ts';
import { compileFromPlane, EPSG_4546 } from './gauss-kruger.ts';

export type Coordinates = { readonly lon: number; readonly lat: number };
export type ToWgs84 = (point: Coordinates) => Coordinates;

// Its types describe an ES module with a default export; Node loads the CommonJS build, which is that default itself.
const { transform, WGS84, GCJ02, BD09 } = gcoord as unknown as typeof gcoord.default;

/** Degrees; a tenth of a millimetre. */
const CLOSE = 1e-9;
const MOST_STEPS = 30;

/** A conversion to WGS84; `crs` null (a source without points) is refused with a coded error. */
export function compileToWgs84(crs: Crs | null, field: string): ToWgs84 {
  switch (crs) {
    case 'WGS84':
    // CGCS2000 differs from WGS84 by less than the sixth decimal of a degree.
    case 'CGCS2000':
      return (point) => point;
    case 'GCJ02':
      return (point) => (isOnEarth(point) ? invert(point, GCJ02) : point);
    case 'BD09':
      return (point) => (isOnEarth(point) ? invert(point, BD09) : point);
    case 'EPSG:4546': {
      const fromPlane = compileFromPlane(EPSG_4546);
      return ({ lon, lat }) => fromPlane(lon, lat);
    }
    case null:
      throw new HubError('HUB_MANIFEST_INVALID', `field ${field}: its source must state crs`, {
        place: { field },
      });
  }
}

/**
 * Where a point would lie if its source's coordinates were of the other system: GCJ-02 taken for WGS84 or CGCS2000 (the
 * commonest mistake: 0.6 km here), or the reverse. Null for systems that nobody takes for another.
 */
export function toMistaken(crs: Crs | null, { lon, lat }: Coordinates): Coordinates | null {
  if (crs === 'WGS84' || crs === 'CGCS2000') return invert({ lon, lat }, GCJ02);
  if (crs !== 'GCJ02') return null;
  const [shiftedLon, shiftedLat] = transform<[number, number]>([lon, lat], WGS84, GCJ02);
  return { lon: shiftedLon, lat: shiftedLat };
}

function isOnEarth({ lon, lat }: Coordinates): boolean {
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
}

function invert(shifted: Coordinates, crs: typeof GCJ02 | typeof BD09): Coordinates {
  let { lon, lat } = shifted;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const [atLon, atLat] = transform<[number, number]>([lon, lat], WGS84, crs);
    const [offLon, offLat] = [atLon - shifted.lon, atLat - shifted.lat];
    lon -= offLon;
    lat -= offLat;
    if (Math.abs(offLon) < CLOSE / 10 && Math.abs(offLat) < CLOSE / 10) break;
  }
  return { lon, lat };
}
