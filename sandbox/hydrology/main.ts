// The hydrology centre as a process: node --import tsx sandbox/hydrology/main.ts.
import { runProcess } from '../process/run-process.ts';
import { openHydrologySystem } from './system.ts';

await runProcess('hydrology', async (settings) => {
  const system = await openHydrologySystem(settings);
  return {
    ...system,
    secrets: { HYDROLOGY_URL: system.url, HYDROLOGY_OWNER_PHONE: '13900000000' },
    note: `127.0.0.1:${system.port}; history up to ${new Date(system.loadedTo()).toISOString()}`,
  };
});
