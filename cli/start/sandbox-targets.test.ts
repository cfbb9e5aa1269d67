import { expect, test } from '@jest/globals';
import { toSandboxTargets } from './sandbox-targets.ts';

test('a start opens the addresses of its own sandbox, each with its port, and nothing else', () => {
  expect(
    toSandboxTargets({
      WEATHER_MUSIC_URL: 'http://127.0.0.1:15480/cimiss-web',
      WEATHER_CAP_URL: 'http://127.0.0.1:15480/warning',
      OTHER_URL: 'https://[::1]/x',
      HYDROLOGY_URL: 'postgres://reader@127.0.0.1:15432/db',
      WEATHER_MUSIC_PASSWORD: 'http://',
      NONE: undefined,
    }),
  ).toEqual(['127.0.0.1:15480', '[::1]:443']);
});
