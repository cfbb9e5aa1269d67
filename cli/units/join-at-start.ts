// The units of this start: those of the folder join those that are registered, their tables are brought up to date, and all
// processes of the store agree on the same set. One that cannot join is reported, and what was registered before runs on.
import { type ManifestFault, toFaultText } from '../../connectors/kit/manifest/faults.ts';
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import { openUnits, openWaitingUnits } from '../../connectors/kit/manifest/unit-folder.ts';
import { type ReadTexts, toTextReader } from '../../connectors/kit/manifest/unit-set.ts';
import { type HubError, isHubError } from '../../schema/errors.ts';
import type { Store } from '../../store/contract.ts';
import type { HubStore } from '../../store/open-store.ts';
import type { UnitRegistry } from '../../store/registry/contract.ts';
import type { HubLog } from '../log.ts';
import { toManifestHash } from './manifest-hash.ts';
import { type FolderUnit, planStart } from './plan-start.ts';

export type JoinOptions = {
  /** Null: only what is registered. */
  readonly unitsDir: string | null;
  readonly store: HubStore;
  readonly log: HubLog;
  readonly by: string;
  /** False: nothing is registered, and what is registered counts: for commands beside a hub. */
  readonly registers: boolean;
};

export type Joined = {
  readonly units: readonly Unit[];
  readonly registry: UnitRegistry;
  /** Registered, and not fit to run here. */
  readonly leftOut: readonly { readonly unit: string; readonly error: HubError }[];
  readonly read: ReadTexts;
};

/** Rejects with HUB_CONFIG_INVALID when the folder cannot be read, and with what the store rejects with. */
export async function joinAtStart(options: JoinOptions): Promise<Joined> {
  const { store, log, by, registers } = options;
  const read = toTextReader();
  const folder = await openFolder(options);
  const refused = new Set<string>();
  const told = new Set<string>();
  for (;;) {
    const registry = await store.registry.read();
    const known = registers ? [] : registry.units.map(({ unit }) => unit);
    const offered = folder.filter(({ unit }) => !refused.has(unit) && !known.includes(unit));
    const plan = planStart(registry, offered, by);
    const { units, faults } = read(plan.texts, plan.away);
    tellFaults(faults, told, log);
    const unfit = plan.entries.filter(({ unit }) => !units.some((one) => one.unit === unit));
    const { ready, failed } = await migrateUnits(store, units, log);
    const unmade = plan.entries.filter(({ unit }) => failed.some((one) => one.unit === unit));
    for (const { unit } of [...unfit, ...unmade]) refused.add(unit);
    if (unfit.length + unmade.length > 0) continue;
    const { entries, notes } = plan;
    const now = new Date().toISOString();
    const generation =
      entries.length === 0 || !registers
        ? registry.generation
        : await store.registry.write(entries, { expected: registry.generation, now });
    // Another process has registered something meanwhile.
    if (generation === null) continue;
    for (const note of notes) log.info({}, note);
    const present = generation === registry.generation ? registry : await store.registry.read();
    return { units: ready, registry: { ...present, generation }, leftOut: failed, read };
  }
}

async function openFolder({ unitsDir, log }: JoinOptions): Promise<readonly FolderUnit[]> {
  if (unitsDir === null) return [];
  const waiting = await openWaitingUnits(unitsDir);
  const found = await openUnits(unitsDir, { without: waiting });
  tellFaults(found.faults, new Set(), log);
  const fit = new Set(found.units.map(({ unit }) => unit));
  return found.texts
    .filter(({ unit }) => fit.has(unit))
    .map((text) => ({ ...text, hash: toManifestHash(text.text) }));
}

function tellFaults(faults: readonly ManifestFault[], told: Set<string>, log: HubLog): void {
  for (const fault of faults) {
    const text = toFaultText(fault);
    // What a registered text only notes was said when it was registered.
    if (told.has(text) || (fault.severity !== 'error' && fault.file.startsWith('registered:'))) continue;
    told.add(text);
    const write = fault.severity === 'error' ? 'error' : 'info';
    log[write]({ id: fault.id }, text);
  }
}

/** One by one, so that a unit that is refused leaves the others running. */
async function migrateUnits(
  store: Pick<Store, 'migrate'>,
  units: readonly Unit[],
  log: HubLog,
): Promise<{ readonly ready: readonly Unit[]; readonly failed: Joined['leftOut'] }> {
  const ready: Unit[] = [];
  const failed: { unit: string; error: HubError }[] = [];
  for (const unit of units) {
    try {
      for (const step of await store.migrate([unit])) log.info({ unit: step.unit }, step.statement);
      ready.push(unit);
    } catch (error) {
      if (!isHubError(error, 'HUB_STORE_MIGRATION')) throw error;
      log.error({ unit: unit.unit, code: error.code }, error.message);
      failed.push({ unit: unit.unit, error });
    }
  }
  return { ready, failed };
}
