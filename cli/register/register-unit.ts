// The way of a unit into a running hub: judged, tried, its tables made, written down, taken over by every process. What is
// refused has changed nothing.
import { setTimeout as wait } from 'node:timers/promises';
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import type { UnitFolder } from '../../connectors/kit/manifest/unit-folder.ts';
import type { FeedTrial } from '../../jobs/trial/contract.ts';
import { isHubError } from '../../schema/errors.ts';
import type { RegisteredUnit, UnitRegistry } from '../../store/registry/contract.ts';
import { planOf } from '../open-feeds.ts';
import type { Operator } from '../open-operator.ts';
import { toManifestHash } from '../units/manifest-hash.ts';
import { checkGraph, judgeCandidate } from './judge-candidate.ts';
import type { ProcessLine, Refusal, RegisterReport, RegisterState } from './report.ts';
import { toMissingSecrets, tryUnit } from './try-unit.ts';
import { waitForProcesses } from './wait-for-processes.ts';

export type RegisterOptions = {
  readonly dryRun: boolean;
  /** Findings of the dry run that a person takes responsibility for (M091, M092, M093). */
  readonly accept: readonly string[];
  readonly by: string;
  readonly signal: AbortSignal;
};

/** Findings of a sample; all others are faults of the manifest. */
export const ACCEPTABLE = ['M091', 'M092', 'M093'];

export async function registerUnit(
  operator: Operator,
  folder: UnitFolder,
  options: RegisterOptions,
): Promise<RegisterReport> {
  const { registry } = operator.store;
  const start = await registry.read();
  const present = toPresent(start, folder.text.unit);
  const { unit, text } = folder.text;
  const manifest = toManifestHash(text);
  const report = (state: RegisterState, more: Partial<RegisterReport>): RegisterReport => {
    return { unit, manifest, state, replaces: present?.version ?? null, ...NOTHING, ...more };
  };
  if (present?.hash === manifest && !options.dryRun) {
    const { lines } = await follow(operator, folder, start.generation, options.signal);
    return report(toState(lines) === 'LIVE' ? 'UNCHANGED' : 'IN_PART', { processes: lines });
  }
  const checked = await checkAll(operator, folder, start, options);
  if (isRefused(checked, options)) return report('REFUSED', checked);
  if (options.dryRun) return report('DRY_RUN', checked);
  const written = await write(operator, folder, start, options);
  if (typeof written !== 'number') return report('REFUSED', { ...checked, ...written });
  const { lines, seconds } = await follow(operator, folder, written, options.signal);
  return report(toState(lines), { ...checked, processes: lines, seconds });
}

const NOTHING = {
  ...{ faults: [], refusals: [], missingSecrets: [], feeds: [], tables: [] },
  ...{ processes: [], seconds: null },
};

type Checked = Pick<RegisterReport, 'faults' | 'refusals' | 'missingSecrets' | 'feeds' | 'tables'>;

// Everything that can be told is told at once; only what cannot be judged without the step before waits for it.
async function checkAll(
  operator: Operator,
  folder: UnitFolder,
  registry: UnitRegistry,
  { signal }: RegisterOptions,
): Promise<Checked> {
  const none = { missingSecrets: [], feeds: [], tables: [] };
  if (folder.unit === null) return { ...none, faults: folder.faults, refusals: [] };
  const { judged, unit } = judge(operator, folder, registry);
  const { faults, refusals } = judged;
  if (unit === null) return { ...none, faults, refusals };
  const tables = await planTables(operator, unit);
  const planned = planOf(operator, unit);
  const missingSecrets = toMissingSecrets(planned, operator.secret);
  let feeds: readonly FeedTrial[] = [];
  const sources: Refusal[] = [];
  if (missingSecrets.length === 0)
    try {
      feeds = await tryUnit(planned, { now: Date.now(), signal });
    } catch (error) {
      if (!isHubError(error)) throw error;
      sources.push({ code: error.code, message: error.message });
    }
  return {
    faults,
    refusals: [...refusals, ...tables.refusals, ...sources],
    ...{ missingSecrets, feeds, tables: tables.statements },
  };
}

function judge(operator: Operator, folder: UnitFolder, registry: UnitRegistry) {
  const judged = judgeCandidate(registry, folder, operator.read);
  const unit = judged.units?.find((one) => one.unit === folder.text.unit) ?? null;
  if (judged.units === null || unit === null) return { judged, unit: null };
  const { divisions, store } = operator;
  // Nothing is asked of it: only whether it fits.
  const cursorKey = '00'.repeat(32);
  const refusals = checkGraph(judged.units, { divisions, reader: store.reader, cursorKey });
  return { judged: { ...judged, refusals }, unit };
}

async function planTables({ store }: Operator, unit: Unit) {
  try {
    const steps = await store.planMigration(unit);
    return { statements: steps.map(({ statement }) => statement), refusals: [] };
  } catch (error) {
    if (!isHubError(error, 'HUB_STORE_MIGRATION')) throw error;
    return { statements: [], refusals: [{ code: error.code, message: error.message }] };
  }
}

function isRefused(checked: Checked, { accept }: RegisterOptions): boolean {
  const { faults, refusals, missingSecrets, feeds } = checked;
  const findings = feeds.flatMap((feed) => feed.findings);
  return (
    refusals.length + missingSecrets.length > 0 ||
    faults.some(({ severity }) => severity === 'error') ||
    findings.some(({ severity, id }) => severity === 'error' && (id === null || !accept.includes(id)))
  );
}

/** The generation; or what stands in the way by now: somebody else may have registered something meanwhile. */
async function write(
  operator: Operator,
  folder: UnitFolder,
  start: UnitRegistry,
  { by }: RegisterOptions,
): Promise<number | Pick<Checked, 'faults' | 'refusals'>> {
  const { store } = operator;
  const { unit: name, text } = folder.text;
  let registry = start;
  for (;;) {
    const { judged, unit } = judge(operator, folder, registry);
    if (unit === null || judged.refusals.length > 0) return judged;
    try {
      await store.migrate([unit]);
    } catch (error) {
      if (!isHubError(error, 'HUB_STORE_MIGRATION')) throw error;
      return { faults: judged.faults, refusals: [{ code: error.code, message: error.message }] };
    }
    const entry = { unit: name, manifest: text, hash: toManifestHash(text) };
    const generation = await store.registry.write(
      [{ ...entry, state: 'REGISTERED', origin: 'COMMAND', by }],
      { expected: registry.generation, now: new Date().toISOString() },
    );
    if (generation !== null) return generation;
    await wait(50);
    registry = await store.registry.read();
  }
}

async function follow({ store }: Operator, folder: UnitFolder, generation: number, signal: AbortSignal) {
  const begun = performance.now();
  const wanted = { unit: folder.text.unit, hash: toManifestHash(folder.text.text) };
  const lines = await waitForProcesses({ registry: store.registry, generation, wanted, signal });
  return { lines, seconds: (performance.now() - begun) / 1000 };
}

/** A unit that no worker reads, or that no gateway shows, is not live. */
export function toState(lines: readonly ProcessLine[]): 'LIVE' | 'IN_PART' {
  const has = (role: ProcessLine['role']) => lines.some((line) => line.role === role);
  return has('WORKER') && has('GATEWAY') && lines.every(({ state }) => state === 'DONE') ? 'LIVE' : 'IN_PART';
}

function toPresent({ units }: UnitRegistry, name: string): RegisteredUnit | undefined {
  return units.find(({ unit, state }) => unit === name && state === 'REGISTERED');
}
