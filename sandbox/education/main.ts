// The education bureau as a process: node --import tsx sandbox/education/main.ts.
import { pathToFileURL } from 'node:url';
import { runProcess } from '../process/run-process.ts';
import { openEducationSystem } from './system.ts';

/** Shorter than any hub waits for stability, long enough for one that does not wait to read half a file. */
const PAUSE_MS = 400;

await runProcess('education', async (settings) => {
  const system = await openEducationSystem({ ...settings, pauseMs: PAUSE_MS });
  return {
    ...system,
    secrets: {
      EDUCATION_FOLDER: pathToFileURL(system.uploadFolder).href,
      EDUCATION_OWNER_PHONE: '13900000002',
    },
    note: `drops files into ${system.uploadFolder}`,
  };
});
