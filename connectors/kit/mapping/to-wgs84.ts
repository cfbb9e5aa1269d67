// Coordinates of the four systems that Chinese data come in, as WGS84. GCJ-02 and BD-09 have no exact inverse: it is
// iterated on the forward shift until it stands still.
import gcoord from 'gcoord';
import { HubError } from '../../../schema/errors.ts';
import type { Crs } from '../manifest/model.ts';

export type Coordinates = { readonly lon: number; readonly lat: number };
export type ToWgs84 = (point: Coordinates) => Coordinates;

// Its types describe an ES module with a default export; Node loads the CommonJS build, which is that default itself.
const { transform, WGS84, GCJ02, BD09 } = gcoord as unknown as typeof gcoord.default;

/** Degrees; a tenth of a millimetre. */
const CLOSE = 1e-9;
const MOST_STEPS = 30;

/** A conversion to WGS84; `crs` null (a source without points) and EPSG:4546 are refused with a coded error. */
export function compileToWgs84(crs: Crs | null, field: string): ToWgs84 {
  switch (crs) {
    case 'WGS84':
    // CGCS2000 differs from WGS84 by less than the sixth decimal of a degree.
    case 'CGCS2000':
      return (point) => point;
    case 'GCJ02':
      return (point) => invert(point, GCJ02);
    case 'BD09':
      return (point) => invert(point, BD09);
    case 'EPSG:4546':
      throw new HubError(
        'HUB_SOURCE_UNSUPPORTED',
        `field ${field}: EPSG:4546 needs a map projection that this hub has not got: let the source give degrees`,
        { place: { field } },
      );
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
