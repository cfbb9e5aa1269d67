// The housing bureau as what a process, or a test, runs: the system, and the secrets that its unit's manifest asks for.
import type { OpenSystem } from '../process/run-process.ts';
import { openHousingSystem } from './system.ts';

export const open: OpenSystem = async (settings) => {
  const system = await openHousingSystem(settings);
  return {
    ...system,
    secrets: {
      HOUSING_URL: system.url,
      HOUSING_TOKEN: system.credentials.token,
      HOUSING_OWNER_PHONE: '13900000004',
    },
    note: `127.0.0.1:${system.port}; alarms from ${new Date(system.since).toISOString()}`,
  };
};
