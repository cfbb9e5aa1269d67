// The maritime bureau as what a process, or a test, runs: the system, and the secrets that its unit's manifest asks for.
import { pathToFileURL } from 'node:url';
import type { OpenSystem } from '../process/run-process.ts';
import { openMaritimeSystem } from './system.ts';

/** Shorter than any hub waits for stability, long enough for one that does not wait to read half a file. */
const PAUSE_MS = 400;

export const open: OpenSystem = async (settings) => {
  const system = await openMaritimeSystem({ ...settings, pauseMs: PAUSE_MS });
  return {
    ...system,
    secrets: {
      MARITIME_AIS_PORT: String(system.aisPort),
      MARITIME_FOLDER: pathToFileURL(system.listsFolder).href,
      MARITIME_OWNER_PHONE: '13900000006',
    },
    note: `sends AIS to 127.0.0.1:${system.aisPort} (UDP), drops files into ${system.listsFolder}`,
  };
};
