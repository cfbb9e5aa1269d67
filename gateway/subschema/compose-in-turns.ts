// All parts of the graph that one store answers, made while a gateway serves: between two units, requests that have arrived
// go first. A schema is made of functions and cannot come from another thread.
import type { Subschema } from './contract.ts';
import { toHubSubschema } from './hub-subschema.ts';
import type { StoreOptions } from './store-options.ts';
import { openTurns } from './turns.ts';
import { toUnitSubschema } from './unit-executor.ts';

/** As toStoreSubschemas, in turns. Rejects with HUB_MANIFEST_INVALID. */
export async function composeInTurns(options: StoreOptions): Promise<Subschema[]> {
  const turn = openTurns();
  const subschemas = [toHubSubschema(options)];
  for (const unit of options.units) {
    await turn();
    subschemas.push(toUnitSubschema({ ...options, unit }));
  }
  return subschemas;
}
