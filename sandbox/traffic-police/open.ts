// The traffic police as what a process, or a test, runs: the system, and the secrets that its unit's manifest asks for.
import type { OpenSystem } from '../process/run-process.ts';
import { CLIENT_ID, openTrafficSystem } from './system.ts';

export const open: OpenSystem = async (settings) => {
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
};
