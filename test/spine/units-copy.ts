// The hub's own unit folders copied to where a test may change them, their locks built anew.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runConnectorBuild } from '../../connectors/kit/manifest/unit-folder.ts';

const UNITS = fileURLToPath(new URL('../../connectors/units', import.meta.url));

export type UnitsCopy = { readonly folder: string; close(): Promise<void> };

/** A folder that has these units, their manifests' texts changed and their locks right again. */
export async function openUnitsCopy(
  change: (text: string, unit: string) => string = (text) => text,
  units: readonly string[] = ['hydrology'],
): Promise<UnitsCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'spine-units-'));
  for (const unit of units) {
    const own = join(folder, unit);
    await cp(join(UNITS, unit), own, { recursive: true });
    const manifest = join(own, 'unit.yaml');
    await writeFile(manifest, change(await readFile(manifest, 'utf8'), unit));
    await runConnectorBuild(own);
  }
  return { folder, close: () => rm(folder, { recursive: true, force: true }) };
}

/** Replaces a text that must stand there: a change that changes nothing would prove nothing. */
export function replaced(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`must contain what is to be replaced: ${from}`);
  return text.replace(from, to);
}
