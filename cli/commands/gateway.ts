// `hub gateway`: one GraphQL interface over every unit, answered from the store.

import type { HealthReport, PartHealth } from '../../gateway/observe/health.ts';
import { openGateway } from '../../gateway/server/open-gateway.ts';
import { toStoreSubschemas } from '../../gateway/subschema/store-subschemas.ts';
import { openRedisChanges } from '../../jobs/changes/open-redis-changes.ts';
import { isHubError } from '../../schema/errors.ts';
import type { Changes } from '../../store/changes/contract.ts';
import { openChanges } from '../../store/changes/open-changes.ts';
import type { ReadStore } from '../../store/contract.ts';
import type { Config } from '../config.ts';
import { closeAtEnd } from '../lifetime.ts';
import { type HubLog, openLog } from '../log.ts';
import { tellParent } from '../messages.ts';
import { type Hub, openHub } from '../open-hub.ts';

/** Serves until it is told to stop; requests in flight are finished. */
export async function runGateway(config: Config): Promise<void> {
  const log = openLog(config, 'gateway');
  const hub = await openHub(config, log);
  const { units, divisions, store } = hub;
  // Before anything is read that may be kept: what is committed from here on is heard.
  const changes = await openHubChanges(config, hub, log);
  const whole = { units, divisions, reader: store.reader, cursorKey: await store.setting('cursor-key') };
  const gateway = await openGateway({
    host: config.host,
    port: config.port,
    portIsDefault: config.portIsDefault,
    subschemas: toStoreSubschemas(whole),
    whole,
    keys: config.keys,
    clock: Date.now,
    log,
    changes,
    health: () =>
      readHealth(
        hub.store.reader,
        hub.units.map((unit) => unit.unit),
      ),
  });
  closeAtEnd(async () => {
    await gateway.close();
    await changes.close();
    await hub.store.close();
  });
  log.info({}, `GraphQL at ${gateway.url}/graphql`);
  tellParent({ type: 'ready', name: 'gateway', url: gateway.url });
}

/** Over Redis where REDIS_URL is set, as the queue; else over the store's PostgreSQL. */
async function openHubChanges(config: Config, { store, databaseUrl }: Hub, log: HubLog): Promise<Changes> {
  const changes =
    config.redisUrl === null
      ? await openChanges({ url: databaseUrl, log })
      : await openRedisChanges({ url: config.redisUrl, reader: store.reader, log });
  changes.listen((change, heard) => log.debug({ ...change, heard }, 'rows have changed'));
  return changes;
}

/** A unit is well while none of its types has been failing; what it holds is answered all the same. */
const HEALTH = {
  text: 'select unit, count(*) filter (where failing_since is not null)::int as failing, count(*) filter (where last_complete_at is null)::int as unloaded from hub.type_state group by unit',
  values: [],
};

async function readHealth(reader: ReadStore, names: readonly string[]): Promise<HealthReport> {
  try {
    const rows = await reader.read<{ unit: string; failing: number; unloaded: number }>(HEALTH);
    const byUnit = new Map(rows.map((row) => [row.unit, row]));
    return {
      store: { ok: true },
      units: Object.fromEntries(names.map((name) => [name, toUnitHealth(byUnit.get(name))])),
    };
  } catch (error) {
    return { store: { ok: false, detail: isHubError(error) ? error.code : 'HUB_INTERNAL' }, units: {} };
  }
}

function toUnitHealth(row: { failing: number; unloaded: number } | undefined): PartHealth {
  if (row === undefined) return { ok: false, detail: 'not loaded yet' };
  if (row.failing > 0) return { ok: false, detail: `${row.failing} type(s) failing` };
  return row.unloaded > 0 ? { ok: true, detail: `${row.unloaded} type(s) not loaded yet` } : { ok: true };
}
