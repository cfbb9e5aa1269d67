// What lies around a point, of all units: the arguments become one statement, its rows stubs with their distance.
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import type { MaskPolicy } from '../compile/mask.ts';
import { type NearbyRow, toNearbyStatement } from '../compile/nearby-sql.ts';
import { type NearbyArgs, toAround } from '../compile/plan-nearby.ts';
import type { OperationContext } from './contract.ts';
import type { EntityBudget } from './hub-entity-budget.ts';
import type { Stub } from './hub-entity-lookup.ts';
import type { HubRead } from './hub-part.ts';

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
  return async (args, context) => {
    const around = toAround(args, units, (field, type) => isMasked(field, type, context.viewer));
    budget(context, 'nearby', Math.max(1, around.limit));
    if (around.types.length === 0) return [];
    const rows = await read<NearbyRow>(toNearbyStatement(around), context);
    return rows.map((row) => ({
      distanceKm: row.metres / 1000,
      entity: { __typename: row.type, id: row.id },
    }));
  };
}
