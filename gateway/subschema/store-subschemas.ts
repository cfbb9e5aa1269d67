// All parts of the graph that one store answers: the hub's own and one a unit, as the stitching takes them.
import type { Subschema } from './contract.ts';
import { toHubSubschema } from './hub-subschema.ts';
import type { StoreOptions } from './store-options.ts';
import { toUnitSubschema } from './unit-executor.ts';

/** Throws HUB_MANIFEST_INVALID where two things of a unit would stand under one name. */
export function toStoreSubschemas(options: StoreOptions): Subschema[] {
  return [toHubSubschema(options), ...options.units.map((unit) => toUnitSubschema({ ...options, unit }))];
}
