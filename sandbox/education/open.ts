// The education bureau as what a process, or a test, runs: the system, and the secrets that its unit's manifest asks for.
import { pathToFileURL } from 'node:url';
import type { OpenSystem } from '../process/run-process.ts';
import { openEducationSystem } from './system.ts';

/** Shorter than any hub waits for stability, long enough for one that does not wait to read half a file. */
const PAUSE_MS = 400;

export const open: OpenSystem = async (settings) => {
  const system = await openEducationSystem({ ...settings, pauseMs: PAUSE_MS });
  return {
    ...system,
    secrets: {
      EDUCATION_FOLDER: pathToFileURL(system.uploadFolder).href,
      EDUCATION_OWNER_PHONE: '13900000002',
    },
    note: `drops files into ${system.uploadFolder}`,
  };
};
