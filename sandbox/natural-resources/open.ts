// The natural resources bureau as what a process, or a test, runs: the system, and the secrets that its unit's manifest asks for.
import type { OpenSystem } from '../process/run-process.ts';
import { openResourcesSystem, USER } from './system.ts';

export const open: OpenSystem = async (settings) => {
  const system = await openResourcesSystem(settings);
  return {
    ...system,
    secrets: {
      NATURAL_RESOURCES_URL: system.url,
      NATURAL_RESOURCES_USER: USER,
      NATURAL_RESOURCES_PASSWORD: system.credentials.password,
      NATURAL_RESOURCES_OWNER_PHONE: '13900000003',
    },
    note: `127.0.0.1:${system.port}; alarms from ${new Date(system.since).toISOString()}`,
  };
};
