// The call-taking centre as what a process, or a test, runs: the system, and the secrets that its unit's manifest asks for.
import { openDatabaseSystem } from '../database/database-system.ts';
import type { OpenSystem } from '../process/run-process.ts';
import { toPublicSecurity } from './simulation.ts';

export const open: OpenSystem = async (settings) => {
  const system = await openDatabaseSystem(toPublicSecurity(settings.seed), settings);
  return {
    ...system,
    secrets: { PUBLIC_SECURITY_URL: system.url, PUBLIC_SECURITY_OWNER_PHONE: '13900000004' },
    note: `127.0.0.1:${system.port}; history up to ${new Date(system.loadedTo()).toISOString()}`,
  };
};
