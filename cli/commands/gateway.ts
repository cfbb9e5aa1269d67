// `hub gateway`: one GraphQL interface over every unit, answered from the store.

import type { HealthReport, PartHealth } from '../../gateway/observe/health.ts';
import { openGateway } from '../../gateway/server/open-gateway.ts';
import type { Gateway } from '../../gateway/server/options.ts';
import { composeInTurns } from '../../gateway/subschema/compose-in-turns.ts';
import type { StoreOptions } from '../../gateway/subschema/store-options.ts';
import { toStoreSubschemas } from '../../gateway/subschema/store-subschemas.ts';
import { openRedisChanges } from '../../jobs/changes/open-redis-changes.ts';
import { followRegistry } from '../../jobs/registry/follow-registry.ts';
import { toLive, toRegistered } from '../../jobs/registry/held-units.ts';
import { isHubError } from '../../schema/errors.ts';
import type { Changes } from '../../store/changes/contract.ts';
import { openChanges } from '../../store/changes/open-changes.ts';
import type { ReadStore } from '../../store/contract.ts';
import type { Config } from '../config.ts';
import { closeAtEnd } from '../lifetime.ts';
import { type HubLog, openLog } from '../log.ts';
import { tellParent } from '../messages.ts';
import { type Hub, openHub } from '../open-hub.ts';
import { toFirst, toProcessId } from '../units/first-state.ts';

/** Serves until it is told to stop; requests in flight are finished. */
export async function runGateway(config: Config): Promise<void> {
  const log = openLog(config, 'gateway');
  const hub = await openHub(config, log);
  const { divisions, store } = hub;
  // Before anything is read that may be kept: what is committed from here on is heard.
  const changes = await openHubChanges(config, hub, log);
  const shared = { divisions, reader: store.reader, cursorKey: await store.setting('cursor-key') };
  const whole = { ...shared, units: hub.units };
  let units = hub.units;
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
        store.reader,
        units.map((unit) => unit.unit),
      ),
  });
  const following = followRegistry({
    registry: store.registry,
    id: toProcessId(),
    role: 'GATEWAY',
    first: toFirst(hub),
    take: async (registry) => {
      const { units: next, faulty } = toRegistered(registry, hub.read);
      // Only what is served changes: rows of a unit that has left stay where they are.
      await swapUnits(gateway, { ...shared, units: next });
      units = next;
      log.info({ generation: registry.generation, units: next.length }, 'the graph has been swapped');
      return { units: [...next.map(toLive), ...faulty], refused: null };
    },
    log,
  });
  closeAtEnd(async () => {
    await following.close();
    await gateway.close();
    await changes.close();
    await store.close();
  });
  log.info({}, `GraphQL at ${gateway.url}/graphql`);
  tellParent({ type: 'ready', name: 'gateway', url: gateway.url });
}

/** Rejects, with the graph as it was, with HUB_SCHEMA_CONFLICT or HUB_MANIFEST_INVALID. */
async function swapUnits(gateway: Gateway, whole: StoreOptions): Promise<void> {
  await gateway.swap(await composeInTurns(whole), whole);
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
