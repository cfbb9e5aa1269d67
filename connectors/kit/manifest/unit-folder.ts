// Unit folders on disk: unit.yaml and its lock schema.graphql, read and written. The only I/O of the manifest.
import { isUtf8 } from 'node:buffer';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { HubError } from '../../../schema/errors.ts';
import { toUnitSdl } from './derive-sdl.ts';
import { type ManifestFault, toSortedFaults } from './faults.ts';
import { toJoinedUnits } from './lint/units.ts';
import { type JudgedUnit, lintUnits } from './lint-units.ts';
import { toLockState } from './lock.ts';
import type { Unit } from './model.ts';
import { type ManifestResult, parseManifest } from './parse-manifest.ts';

const MANIFEST = 'unit.yaml';
const LOCK = 'schema.graphql';

export type UnitFolder = { readonly unit: Unit | null; readonly faults: readonly ManifestFault[] };
export type UnitsFolder = { readonly units: readonly Unit[]; readonly faults: readonly ManifestFault[] };

type Read = { readonly name: string; readonly file: string; readonly result: ManifestResult };

/**
 * One unit of a folder, its lock included (M094). `unit` is null when there are errors; a missing unit.yaml is M007.
 * Links into other units are not judged: that needs all of them (openUnits).
 */
export async function openUnitFolder(folder: string): Promise<UnitFolder> {
  const { result } = await openJudged(folder);
  return { unit: result.unit, faults: result.faults };
}

/**
 * All units of the hub: every folder in `unitsFolder` that has a unit.yaml, by name. A unit with errors is reported and
 * left out; the others are unaffected. Rejects with HUB_CONFIG_INVALID when the folder cannot be read.
 */
export async function openUnits(unitsFolder: string): Promise<UnitsFolder> {
  const entries = await readdir(unitsFolder, { withFileTypes: true }).catch((cause: unknown) => {
    throw toUnreadable(unitsFolder, cause);
  });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const reads: Read[] = [];
  for (const name of names.sort())
    if (await hasManifest(join(unitsFolder, name))) reads.push(await openJudged(join(unitsFolder, name)));
  const judged = reads.flatMap(({ file, result: { unit, tree } }): JudgedUnit[] =>
    unit === null ? [] : [{ unit, tree, file }],
  );
  const leftOut = reads.filter(({ result }) => result.unit === null).map(({ name }) => name);
  const cross = lintUnits(judged, leftOut);
  const refused = new Set(cross.filter(({ severity }) => severity === 'error').map(({ file }) => file));
  const units = judged.filter(({ file }) => !refused.has(file)).map(({ unit }) => unit);
  const faults = toSortedFaults([...reads.flatMap(({ result }) => result.faults), ...cross]);
  return { units: toJoinedUnits(units), faults };
}

/** Writes the lock of a unit without errors; `written` is false when it was already right, or when there are errors. */
export async function runConnectorBuild(
  folder: string,
): Promise<{ readonly written: boolean; readonly faults: readonly ManifestFault[] }> {
  const { result } = await openManifest(folder);
  if (result.unit === null) return { written: false, faults: result.faults };
  const derived = toUnitSdl(result.unit);
  const lock = join(folder, LOCK);
  if ((await readText(lock)) === derived) return { written: false, faults: result.faults };
  await writeFile(lock, derived);
  return { written: true, faults: result.faults };
}

async function openJudged(folder: string): Promise<Read> {
  const read = await openManifest(folder);
  const { unit } = read.result;
  if (unit === null) return read;
  const fault = toLockFault(join(folder, LOCK), await readText(join(folder, LOCK)), unit);
  if (fault === null) return read;
  const faults = toSortedFaults([...read.result.faults, fault]);
  return { ...read, result: { ...read.result, unit: fault.severity === 'error' ? null : unit, faults } };
}

async function openManifest(folder: string): Promise<Read> {
  const name = basename(resolve(folder));
  const file = join(folder, MANIFEST);
  const text = await readText(file);
  if (text !== null) return { name, file, result: parseManifest(text, { file, folder: name }) };
  const empty = parseManifest('', { file, folder: name });
  const message = `must be a readable file of UTF-8`;
  const fault = { id: 'M007', severity: 'error', file, line: 1, column: 1, path: '(file)', message } as const;
  return { name, file, result: { ...empty, unit: null, faults: [fault] } };
}

function toLockFault(file: string, committed: string | null, unit: Unit): ManifestFault | null {
  const state = committed === null ? 'unreadable' : toLockState(committed, toUnitSdl(unit));
  if (state === 'same') return null;
  const what = {
    additive: 'lacks what unit.yaml adds',
    breaking: 'differs from unit.yaml in a way that can break clients',
    unreadable: 'is missing or cannot be read',
  }[state];
  const severity = state === 'additive' ? 'note' : 'error';
  const message = `${what}; run \`hub connector build\` and review the difference`;
  return { id: 'M094', severity, file, line: 1, column: 1, path: '(file)', message };
}

/** A file's text; null when there is none or it is no UTF-8. Anything else (rights, a disk) is HUB_CONFIG_INVALID. */
async function readText(file: string): Promise<string | null> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    if (isMissing(cause)) return null;
    throw toUnreadable(file, cause);
  });
  return bytes === null || !isUtf8(bytes) ? null : bytes.toString('utf8');
}

async function hasManifest(folder: string): Promise<boolean> {
  return (await readdir(folder)).includes(MANIFEST);
}

function isMissing(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'EISDIR';
}

function toUnreadable(path: string, cause: unknown): HubError {
  const message = `${path} cannot be read; name the folder of the units and allow the hub to read it`;
  return new HubError('HUB_CONFIG_INVALID', message, { place: { file: path }, cause });
}
