// The urban management bureau as a process: node --import tsx sandbox/urban-management/main.ts.
import { openDatabaseSystem } from '../database/database-system.ts';
import { runProcess } from '../process/run-process.ts';
import { toUrbanManagement } from './simulation.ts';

await runProcess('urban-management', async (settings) => {
  const system = await openDatabaseSystem(toUrbanManagement(settings.seed), settings);
  return {
    ...system,
    secrets: { URBAN_MANAGEMENT_URL: system.url, URBAN_MANAGEMENT_OWNER_PHONE: '13900000005' },
    note: `127.0.0.1:${system.port}; history up to ${new Date(system.loadedTo()).toISOString()}`,
  };
});
