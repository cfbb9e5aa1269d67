// The call-taking centre as a process: node --import tsx sandbox/public-security/main.ts.
import { openDatabaseSystem } from '../database/database-system.ts';
import { runProcess } from '../process/run-process.ts';
import { toPublicSecurity } from './simulation.ts';

await runProcess('public-security', async (settings) => {
  const system = await openDatabaseSystem(toPublicSecurity(settings.seed), settings);
  return {
    ...system,
    secrets: { PUBLIC_SECURITY_URL: system.url, PUBLIC_SECURITY_OWNER_PHONE: '13900000004' },
    note: `127.0.0.1:${system.port}; history up to ${new Date(system.loadedTo()).toISOString()}`,
  };
});
