// The ecology bureau as what a process, or a test, runs: the system, and the secrets that its unit's manifest asks for.
import { randomInt } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OpenSystem } from '../process/run-process.ts';
import { openHubPort } from '../sender/hub-port.ts';
import { openEcologySystem } from './system.ts';

/** SANDBOX_PORT is the first choice of the port at which the hub listens: the bureau itself has none. */
export const open: OpenSystem = async (settings) => {
  const { folder, port } = settings;
  const hubPort = await openHubPort({ folder, name: 'hj212', first: port });
  const password = await openPassword(folder);
  const system = await openEcologySystem({ ...settings, hubPort, password });
  return {
    ...system,
    secrets: {
      ECOLOGY_HJ212_PORT: String(hubPort),
      ECOLOGY_HJ212_PASSWORD: password,
      ECOLOGY_FOLDER: pathToFileURL(system.registerFolder).href,
      ECOLOGY_OWNER_PHONE: '13900000010',
    },
    note: `loggers send to ${hubPort}, the list lies in ${system.registerFolder}`,
  };
};

/** PW of HJ 212 is six characters; made once. */
async function openPassword(folder: string): Promise<string> {
  const file = join(folder, 'hj212-password');
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (/^\d{6}$/.test(kept)) return kept;
  const made = String(randomInt(100_000, 1_000_000));
  await mkdir(folder, { recursive: true });
  await writeFile(file, made, { mode: 0o600 });
  return made;
}
