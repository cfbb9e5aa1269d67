// The forestry bureau as what a process, or a test, runs: the system, and the secrets that its unit's manifest asks for.
import { pathToFileURL } from 'node:url';
import type { OpenSystem } from '../process/run-process.ts';
import { openForestrySystem } from './system.ts';

/** Shorter than any hub waits for stability, long enough for one that does not wait to read half a file. */
const PAUSE_MS = 400;

export const open: OpenSystem = async (settings) => {
  const system = await openForestrySystem({ ...settings, pauseMs: PAUSE_MS });
  return {
    ...system,
    secrets: {
      FORESTRY_FIRMS_FOLDER: pathToFileURL(system.firmsFolder).href,
      FORESTRY_DROP_FOLDER: pathToFileURL(system.dropFolder).href,
      FORESTRY_OWNER_PHONE: '13900000001',
    },
    note: `drops files into ${system.firmsFolder} and ${system.dropFolder}`,
  };
};
