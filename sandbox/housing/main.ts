// The housing bureau as a process: node --import tsx sandbox/housing/main.ts.
import { runProcess } from '../process/run-process.ts';
import { openHousingSystem } from './system.ts';

await runProcess('housing', async (settings) => {
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
});
