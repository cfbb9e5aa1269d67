import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { forkSystem, hear } from '../process/forked.fixture.ts';

let folder: string;
let child: ChildProcess | null;

const start = (environment: Record<string, string>) => {
  child = forkSystem('weather', environment);
  return child;
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'one-network-weather-main-'));
  child = null;
});

afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

describe('the weather process', () => {
  test('tells its parent the secrets, lets the hub in with them, and stops when told', async () => {
    const weather = start({ SANDBOX_FOLDER: folder, SANDBOX_PORT: '56400', SANDBOX_DAYS: '1' });
    const { secrets = {} } = await hear(weather, 'ready');
    expect(Object.keys(secrets)).toEqual([
      'WEATHER_MUSIC_URL',
      'WEATHER_MUSIC_USER',
      'WEATHER_MUSIC_PASSWORD',
      'WEATHER_CAP_URL',
      'WEATHER_CAP_KEY',
      'WEATHER_OWNER_PHONE',
    ]);
    const alerts = new URL('/warning/alerts?from=20260101000000&to=20990101000000', secrets.WEATHER_CAP_URL);
    const answer = await fetch(alerts, { headers: { 'X-Api-Key': secrets.WEATHER_CAP_KEY ?? '' } });
    expect(answer.status).toBe(200);
    await answer.text();
    weather.send({ type: 'fault', fault: 'down' });
    await hear(weather, 'fault');
    await expect(fetch(alerts)).rejects.toThrow(/fetch failed/);
    weather.send({ type: 'stop' });
    expect((await once(weather, 'exit'))[0]).toBe(0);
  });

  test('says what is wrong with its environment and ends', async () => {
    const weather = start({ SANDBOX_PORT: '56400' });
    const ended = once(weather, 'exit');
    await expect(hear(weather, 'ready')).rejects.toThrow(/SANDBOX_FOLDER must name the folder/);
    expect((await ended)[0]).toBe(1);
  });
});
