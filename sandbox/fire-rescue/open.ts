// The fire brigade as what a process, or a test, runs: the system, and the secrets that its unit's manifest asks for.
import type { OpenSystem } from '../process/run-process.ts';
import { openFireSystem, USER } from './system.ts';

export const open: OpenSystem = async (settings) => {
  const system = await openFireSystem(settings);
  return {
    ...system,
    secrets: {
      FIRE_RESCUE_MQTT_URL: system.brokerUrl,
      FIRE_RESCUE_MQTT_USER: USER,
      FIRE_RESCUE_MQTT_PASSWORD: system.credentials.password,
      FIRE_RESCUE_REST_URL: system.url,
      FIRE_RESCUE_TOKEN: system.credentials.token,
      FIRE_RESCUE_OWNER_PHONE: '13900000005',
    },
    note: `127.0.0.1:${system.brokerPort} MQTT, ${system.port} REST; alarms from ${new Date(system.since).toISOString()}`,
  };
};
