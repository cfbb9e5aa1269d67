// The urban management bureau as what a process, or a test, runs: the system, and the secrets that its unit's manifest asks for.
import { openDatabaseSystem } from '../database/database-system.ts';
import type { OpenSystem } from '../process/run-process.ts';
import { toUrbanManagement } from './simulation.ts';

export const open: OpenSystem = async (settings) => {
  const system = await openDatabaseSystem(toUrbanManagement(settings.seed), settings);
  return {
    ...system,
    secrets: { URBAN_MANAGEMENT_URL: system.url, URBAN_MANAGEMENT_OWNER_PHONE: '13900000005' },
    note: `127.0.0.1:${system.port}; history up to ${new Date(system.loadedTo()).toISOString()}`,
  };
};
