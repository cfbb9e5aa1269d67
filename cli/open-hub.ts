// What worker and gateway both begin with: the units that are fit to run, the divisions, and the store with their tables.

import { toFaultText } from '../connectors/kit/manifest/faults.ts';
import type { Unit } from '../connectors/kit/manifest/model.ts';
import { openUnits } from '../connectors/kit/manifest/unit-folder.ts';
import type { Divisions } from '../schema/divisions/divisions.ts';
import { openDivisions } from '../schema/divisions/open-divisions.ts';
import { HubError, isHubError } from '../schema/errors.ts';
import type { Store } from '../store/contract.ts';
import { type HubStore, openStore, type StoreOptions } from '../store/open-store.ts';
import type { Config } from './config.ts';
import type { HubLog } from './log.ts';

export type Hub = {
  readonly units: readonly Unit[];
  readonly divisions: Divisions;
  readonly store: HubStore;
  readonly databaseUrl: string;
};

/** Opens the store and brings each unit's tables up to date. A unit with faults, or one that cannot be migrated, is reported and left out. */
export async function openHub(
  config: Config,
  log: HubLog,
  options: Pick<StoreOptions, 'onChange'> = {},
): Promise<Hub> {
  const databaseUrl = config.databaseUrl;
  if (databaseUrl === null) {
    throw new HubError(
      'HUB_CONFIG_INVALID',
      'HUB_DATABASE_URL is not set. `hub start` brings a PostgreSQL of its own; worker and gateway alone need one.',
    );
  }
  const [found, divisions, store] = await Promise.all([
    openUnits(config.unitsDir),
    openDivisions(),
    openStore({ ...options, url: databaseUrl, log }),
  ]);
  for (const fault of found.faults) {
    const write = fault.severity === 'error' ? 'error' : 'info';
    log[write]({ id: fault.id }, toFaultText(fault));
  }
  try {
    return { units: await migrateUnits(store, found.units, log), divisions, store, databaseUrl };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** One by one, so that a unit that is refused leaves the others running. */
async function migrateUnits(store: Store, units: readonly Unit[], log: HubLog): Promise<readonly Unit[]> {
  const ready: Unit[] = [];
  for (const unit of units) {
    try {
      for (const step of await store.migrate([unit])) log.info({ unit: step.unit }, step.statement);
      ready.push(unit);
    } catch (error) {
      if (!isHubError(error, 'HUB_STORE_MIGRATION')) throw error;
      log.error({ unit: unit.unit, code: error.code }, error.message);
    }
  }
  return ready;
}
