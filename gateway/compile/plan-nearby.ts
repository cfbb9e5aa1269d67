// What is asked of `nearby`, checked: the same limits and the same types, whichever door answers.
import type { Field, Unit, UnitType } from '../../connectors/kit/manifest/model.ts';
import { HubError } from '../../schema/errors.ts';
import { findLocation } from './catalog.ts';
import type { Around, Placed } from './nearby-sql.ts';

export const RADIUS_CAP_KM = 100;

/** Rows of a question that does not say `first`. */
export const ROWS = 20;

export type NearbyArgs = {
  readonly point: { readonly lon: number; readonly lat: number };
  readonly radiusKm: number;
  readonly types?: readonly string[] | null;
  readonly first?: number | null;
};

/** `isMasked`: for who asks. Throws HUB_QUERY_LIMIT (radius, point, number) and HUB_QUERY_INVALID (types). */
export function toAround(
  { point, radiusKm, types, first }: NearbyArgs,
  units: readonly Unit[],
  isMasked: (field: Field, type: UnitType) => boolean,
): Around {
  const limit = first ?? ROWS;
  checkLimits(point, radiusKm, limit);
  return { types: toWanted(units, types ?? null, isMasked), point, metres: radiusKm * 1000, limit };
}

function checkLimits({ lon, lat }: NearbyArgs['point'], radiusKm: number, first: number): void {
  const limits: readonly (readonly [string, boolean, string, number])[] = [
    [
      'radiusKm',
      radiusKm > 0 && radiusKm <= RADIUS_CAP_KM,
      `more than 0 and at most ${RADIUS_CAP_KM}`,
      radiusKm,
    ],
    ['point.lon', lon >= -180 && lon <= 180, '-180 to 180 (WGS84)', lon],
    ['point.lat', lat >= -90 && lat <= 90, '-90 to 90 (WGS84)', lat],
    ['first', first >= 0, '0 or more', first],
  ];
  for (const [name, fits, limit, value] of limits)
    if (!fits)
      throw new HubError('HUB_QUERY_LIMIT', `Argument "${name}" must be ${limit}, but got: ${value}`);
}

/**
 * The types to look through. A place that this viewer sees masked or not at all is not looked at: distances to three
 * points would give it away.
 */
function toWanted(
  units: readonly Unit[],
  names: readonly string[] | null,
  isMasked: (field: Field, type: UnitType) => boolean,
): readonly Placed[] {
  const placed = units.flatMap(({ unit, types }) =>
    types.flatMap((type): Placed[] => {
      const location = findLocation(type);
      return location === null || isMasked(location, type) ? [] : [{ unit, type }];
    }),
  );
  // A reading is one of many of its thing: all that were ever taken would hide what stands there.
  if (names === null) return placed.filter(({ type }) => type.role !== 'reading');
  const unknown = names.filter((name) => !placed.some(({ type }) => type.name === name));
  if (unknown.length > 0)
    throw new HubError(
      'HUB_QUERY_INVALID',
      `Argument "types" names ${[...new Set(unknown)].join(', ')}, which cannot be found by place; it may name: ${placed.map(({ type }) => type.name).join(', ')}`,
    );
  return placed.filter(({ type }) => names.includes(type.name));
}
