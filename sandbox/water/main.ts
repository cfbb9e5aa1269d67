// The water bureau as a process: node --import tsx sandbox/water/main.ts.
import { openDatabaseSystem } from '../database/database-system.ts';
import { runProcess } from '../process/run-process.ts';
import { toWater } from './simulation.ts';

await runProcess('water', async (settings) => {
  const system = await openDatabaseSystem(toWater(settings.seed), settings);
  return {
    ...system,
    secrets: { WATER_URL: system.url, WATER_OWNER_PHONE: '13900000003' },
    note: `127.0.0.1:${system.port}; history up to ${new Date(system.loadedTo()).toISOString()}`,
  };
});
