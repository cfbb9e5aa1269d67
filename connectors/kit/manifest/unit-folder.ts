// Unit folders on disk: unit.yaml and its lock schema.graphql, read and written. The only I/O of the manifest.
import { isUtf8 } from 'node:buffer';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { HubError } from '../../../schema/errors.ts';
import { toUnitSdl } from './derive-sdl.ts';
import { type ManifestFault, toSortedFaults } from './faults.ts';
import { toLockState } from './lock.ts';
import type { Unit } from './model.ts';
import { parseManifest } from './parse-manifest.ts';
import { type ManifestText, type ReadManifest, toUnitSet, type UnitSet } from './unit-set.ts';

const MANIFEST = 'unit.yaml';
const LOCK = 'schema.graphql';
const WAITING = 'waiting.yaml';

export type UnitFolder = {
  readonly unit: Unit | null;
  readonly faults: readonly ManifestFault[];
  readonly text: ManifestText;
};
/** `texts`: of all that have a unit.yaml, those with errors too. */
export type UnitsFolder = UnitSet & { readonly texts: readonly ManifestText[] };

type Read = ReadManifest & { readonly text: string };

/**
 * One unit of a folder, its lock included (M094). `unit` is null when there are errors; a missing unit.yaml is M007.
 * Links into other units are not judged: that needs all of them (openUnits).
 */
export async function openUnitFolder(folder: string): Promise<UnitFolder> {
  const { name, text, file, result } = await openJudged(folder);
  return { unit: result.unit, faults: result.faults, text: { unit: name, text, file } };
}

/**
 * All units of the hub: every folder in `unitsFolder` that has a unit.yaml, by name. A unit with errors is reported and
 * left out; the others are unaffected. `without`: folders that count as not there. Rejects with HUB_CONFIG_INVALID when the
 * folder cannot be read.
 */
export async function openUnits(
  unitsFolder: string,
  { without = [] }: { readonly without?: readonly string[] } = {},
): Promise<UnitsFolder> {
  const entries = await readdir(unitsFolder, { withFileTypes: true }).catch((cause: unknown) => {
    throw toUnreadable(unitsFolder, cause);
  });
  const names = entries
    .filter((entry) => entry.isDirectory() && !without.includes(entry.name))
    .map((entry) => entry.name);
  const reads: Read[] = [];
  for (const name of names.sort())
    if (await hasManifest(join(unitsFolder, name))) reads.push(await openJudged(join(unitsFolder, name)));
  const texts = reads.map(({ name, file, text }) => ({ unit: name, text, file }));
  return { ...toUnitSet(reads), texts };
}

/**
 * Units whose folder lies here and that no start takes by itself: they join by `hub register`. Empty without such a list.
 * Rejects with HUB_CONFIG_INVALID for one that is no list of names.
 */
export async function openWaitingUnits(unitsFolder: string): Promise<readonly string[]> {
  const file = join(unitsFolder, WAITING);
  const text = await readText(file);
  if (text === null) return [];
  const names = toNames(text);
  if (names !== null) return names;
  throw new HubError('HUB_CONFIG_INVALID', `${file} must be a list of unit names, such as: - ecology`, {
    place: { file },
  });
}

function toNames(text: string): readonly string[] | null {
  try {
    const names: unknown = parse(text) ?? [];
    return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : null;
  } catch {
    return null;
  }
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
  if (text !== null) return { name, file, text, result: parseManifest(text, { file, folder: name }) };
  const empty = parseManifest('', { file, folder: name });
  const message = `must be a readable file of UTF-8`;
  const fault = { id: 'M007', severity: 'error', file, line: 1, column: 1, path: '(file)', message } as const;
  return { name, file, text: '', result: { ...empty, unit: null, faults: [fault] } };
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
