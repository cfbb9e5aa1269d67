// The weather bureau as what a process, or a test, runs: the system, and the secrets that its unit's manifest asks for.
import type { OpenSystem } from '../process/run-process.ts';
import { openWeatherSystem } from './system.ts';

export const open: OpenSystem = async (settings) => {
  const system = await openWeatherSystem(settings);
  const { musicUser, musicPassword, capKey } = system.credentials;
  return {
    ...system,
    secrets: {
      WEATHER_MUSIC_URL: system.url,
      WEATHER_MUSIC_USER: musicUser,
      WEATHER_MUSIC_PASSWORD: musicPassword,
      WEATHER_CAP_URL: system.url,
      WEATHER_CAP_KEY: capKey,
      WEATHER_OWNER_PHONE: '13900000001',
    },
    note: `127.0.0.1:${system.port}; history from ${new Date(system.since).toISOString()}`,
  };
};
