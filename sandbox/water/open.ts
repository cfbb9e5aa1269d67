// The water bureau as what a process, or a test, runs: the system, and the secrets that its unit's manifest asks for.
import { openDatabaseSystem } from '../database/database-system.ts';
import type { OpenSystem } from '../process/run-process.ts';
import { toWater } from './simulation.ts';

export const open: OpenSystem = async (settings) => {
  const system = await openDatabaseSystem(toWater(settings.seed), settings);
  return {
    ...system,
    secrets: { WATER_URL: system.url, WATER_OWNER_PHONE: '13900000003' },
    note: `127.0.0.1:${system.port}; history up to ${new Date(system.loadedTo()).toISOString()}`,
  };
};
