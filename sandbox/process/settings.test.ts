import { describe, expect, test } from '@jest/globals';
import { parseSettings } from './settings.ts';

describe('the environment of a sandbox process', () => {
  test('needs a folder and nothing else', () => {
    expect(parseSettings({ SANDBOX_FOLDER: '/data/city' })).toEqual({
      folder: '/data/city',
      port: 54_330,
      seed: 1,
      days: 3,
      clock: { speed: 1 },
    });
  });

  test('may set everything', () => {
    const environment = {
      SANDBOX_FOLDER: '/data/city',
      SANDBOX_PORT: '56000',
      SANDBOX_SEED: '42',
      SANDBOX_DAYS: '1',
      SANDBOX_CLOCK_START: '2026-04-05T08:00:00+08:00',
      SANDBOX_CLOCK_SPEED: '60',
    };
    const clock = { start: Date.parse('2026-04-05T00:00:00Z'), speed: 60 };
    expect(parseSettings(environment)).toEqual({
      folder: '/data/city',
      port: 56_000,
      seed: 42,
      days: 1,
      clock,
    });
  });

  test('is refused with every fault at once', () => {
    const environment = {
      SANDBOX_PORT: '80000',
      SANDBOX_SEED: '1.5',
      SANDBOX_DAYS: 'many',
      SANDBOX_CLOCK_START: '2026-04-05 08:00',
      SANDBOX_CLOCK_SPEED: '-1',
    };
    const faults = ['FOLDER', 'PORT', 'SEED', 'DAYS', 'CLOCK_START', 'CLOCK_SPEED'];
    const message = (() => {
      try {
        return JSON.stringify(parseSettings(environment));
      } catch (error) {
        return String(error);
      }
    })();
    for (const fault of faults) expect(message).toContain(`SANDBOX_${fault} must`);
  });
});
