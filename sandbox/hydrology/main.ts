// The hydrology centre as a process: node --import tsx sandbox/hydrology/main.ts.
import { openDatabaseSystem } from '../database/database-system.ts';
import { runProcess } from '../process/run-process.ts';
import { toHydrology } from './simulation.ts';

await runProcess('hydrology', async (settings) => {
  const system = await openDatabaseSystem(toHydrology(settings.seed), settings);
  return {
    ...system,
    secrets: { HYDROLOGY_URL: system.url, HYDROLOGY_OWNER_PHONE: '13900000000' },
    note: `127.0.0.1:${system.port}; history up to ${new Date(system.loadedTo()).toISOString()}`,
  };
});
