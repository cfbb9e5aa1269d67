// The natural resources bureau as a process: node --import tsx sandbox/natural-resources/main.ts.
import { runProcess } from '../process/run-process.ts';
import { openResourcesSystem, USER } from './system.ts';

await runProcess('natural-resources', async (settings) => {
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
});
