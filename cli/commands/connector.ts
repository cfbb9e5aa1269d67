// `hub connector …`: what a department does with its unit folder: build the lock, lint, get the JSON Schema for its editor.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toFaultText } from '../../connectors/kit/manifest/faults.ts';
import { toManifestJsonSchema } from '../../connectors/kit/manifest/json-schema.ts';
import { openUnitFolder, runConnectorBuild } from '../../connectors/kit/manifest/unit-folder.ts';
import { print } from '../print.ts';

/** Writes schema.graphql beside each unit.yaml that has no errors; exit code 1 when one has. */
export async function runBuild(folders: readonly string[], unitsDir: string): Promise<void> {
  for (const folder of await listFolders(folders, unitsDir)) {
    const { faults, written } = await runConnectorBuild(folder);
    for (const fault of faults) print(toFaultText(fault));
    const isFaulty = faults.some((fault) => fault.severity === 'error');
    const state = written ? 'written' : isFaulty ? 'not written, unit.yaml has errors' : 'is as it should be';
    print(`${folder}: schema.graphql ${state}`);
    if (isFaulty) process.exitCode = 1;
  }
}

/** Prints every fault; exit code 1 when one is an error. */
export async function runLint(folders: readonly string[], unitsDir: string): Promise<void> {
  for (const folder of await listFolders(folders, unitsDir)) {
    const { faults } = await openUnitFolder(folder);
    for (const fault of faults) print(`${fault.severity.padEnd(7)} ${toFaultText(fault)}`);
    const errors = faults.filter((fault) => fault.severity === 'error').length;
    print(`${folder}: ${errors} error(s), ${faults.length - errors} other`);
    if (errors > 0) process.exitCode = 1;
  }
}

export function runSchema(): void {
  print(JSON.stringify(toManifestJsonSchema(), null, 2));
}

async function listFolders(folders: readonly string[], unitsDir: string): Promise<readonly string[]> {
  if (folders.length > 0) return folders;
  const entries = await readdir(unitsDir, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(unitsDir, entry.name));
}
