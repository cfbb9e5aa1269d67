// The weather bureau as a process: node --import tsx sandbox/weather/main.ts.
import { runProcess } from '../process/run-process.ts';
import { openWeatherSystem } from './system.ts';

await runProcess('weather', async (settings) => {
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
});
