// The chaos department's manifest, read as every other: from the text of its unit.yaml. A mutant changes the text.
import { readFile } from 'node:fs/promises';
import type { Unit } from '../../connectors/kit/manifest/model.ts';
import { parseManifest } from '../../connectors/kit/manifest/parse-manifest.ts';

export async function readManifestText(): Promise<string> {
  return readFile(new URL('unit.yaml', import.meta.url), 'utf8');
}

export function toUnit(text: string): Unit {
  const { unit, faults } = parseManifest(text, { file: 'unit.yaml', folder: 'chaos' });
  if (unit === null)
    throw new Error(`the chaos manifest has faults: ${faults.map(({ message }) => message).join('; ')}`);
  return unit;
}
