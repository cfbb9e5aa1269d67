// What lies around a point, of all units: the arguments become one statement, its rows stubs with their distance.
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import { HubError } from '../../schema/errors.ts';
import { findLocation } from '../compile/catalog.ts';
import type { MaskPolicy } from '../compile/mask.ts';
import { type NearbyRow, type Placed, toNearbyStatement } from '../compile/nearby-sql.ts';
import type { OperationContext, Viewer } from './contract.ts';
import type { EntityBudget } from './hub-entity-budget.ts';
import type { Stub } from './hub-entity-lookup.ts';
import type { HubRead } from './hub-part.ts';

export const RADIUS_CAP_KM = 100;

export type NearbyArgs = {
  readonly point: { readonly lon: number; readonly lat: number };
  readonly radiusKm: number;
  readonly types?: readonly string[] | null;
  readonly first?: number | null;
};

export type Nearby = { readonly distanceKm: number; readonly entity: Stub };

export type NearbyOptions = {
  readonly units: readonly Unit[];
  readonly read: HubRead;
  readonly budget: EntityBudget;
  readonly isMasked: MaskPolicy;
};

export type FindNearby = (args: NearbyArgs, context: OperationContext) => Promise<readonly Nearby[]>;

/** Rejects with HUB_QUERY_LIMIT (radius, point, number), HUB_QUERY_INVALID (types), and when the store does not answer. */
export function toNearby({ units, read, budget, isMasked }: NearbyOptions): FindNearby {
  return async ({ point, radiusKm, types, first }, context) => {
    checkLimits(point, radiusKm, first ?? ROWS);
    const wanted = toWanted(units, types ?? null, isMasked, context.viewer);
    budget(context, 'nearby', Math.max(1, first ?? ROWS));
    if (wanted.length === 0) return [];
    const metres = radiusKm * 1000;
    const limit = first ?? ROWS;
    const rows = await read<NearbyRow>(toNearbyStatement({ types: wanted, point, metres, limit }), context);
    return rows.map((row) => ({
      distanceKm: row.metres / 1000,
      entity: { __typename: row.type, id: row.id },
    }));
  };
}

/** Rows of a question that does not say `first`. */
export const ROWS = 20;

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
  isMasked: MaskPolicy,
  viewer: Viewer,
): readonly Placed[] {
  const placed = units.flatMap(({ unit, types }) =>
    types.flatMap((type): Placed[] => {
      const location = findLocation(type);
      return location === null || isMasked(location, type, viewer) ? [] : [{ unit, type }];
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
