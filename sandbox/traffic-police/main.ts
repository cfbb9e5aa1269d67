// The traffic police as a process: node --import tsx sandbox/traffic-police/main.ts.
import { runProcess } from '../process/run-process.ts';
import { CLIENT_ID, openTrafficSystem } from './system.ts';

await runProcess('traffic-police', async (settings) => {
  const system = await openTrafficSystem(settings);
  return {
    ...system,
    secrets: {
      TRAFFIC_POLICE_URL: system.url,
      TRAFFIC_POLICE_CLIENT: CLIENT_ID,
      TRAFFIC_POLICE_CLIENT_SECRET: system.credentials.clientSecret,
      TRAFFIC_POLICE_OWNER_PHONE: '13900000002',
    },
    note: `127.0.0.1:${system.port}; history from ${new Date(system.since).toISOString()}`,
  };
});
