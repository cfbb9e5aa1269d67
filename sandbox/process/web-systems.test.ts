// The systems that are asked over HTTP, one of them with a broker beside, each as the process that `hub start` makes of it.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { forkSystem, hear } from './forked.fixture.ts';

/** Each with the secrets that its manifest asks for. */
const SYSTEMS = [
  ['traffic-police', 56_410, ['URL', 'CLIENT', 'CLIENT_SECRET', 'OWNER_PHONE']],
  ['natural-resources', 56_420, ['URL', 'USER', 'PASSWORD', 'OWNER_PHONE']],
  ['housing', 56_430, ['URL', 'TOKEN', 'OWNER_PHONE']],
  ['fire-rescue', 56_440, ['MQTT_URL', 'MQTT_USER', 'MQTT_PASSWORD', 'REST_URL', 'TOKEN', 'OWNER_PHONE']],
] as const;

let folder: string;
let child: ChildProcess | null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'one-network-main-'));
  child = null;
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

const start = (name: string, environment: Record<string, string>) => {
  child = forkSystem(name, environment);
  return child;
};

describe.each(SYSTEMS)('the process of %s', (name, port, names) => {
  test('tells its parent the secrets, answers at its address, goes down and stops when told', async () => {
    const system = start(name, { SANDBOX_FOLDER: folder, SANDBOX_PORT: String(port), SANDBOX_DAYS: '1' });
    const { secrets = {} } = await hear(system, 'ready');
    const prefix = name.toUpperCase().replace('-', '_');
    expect(Object.keys(secrets)).toEqual(names.map((one) => `${prefix}_${one}`));
    const url = Object.values(secrets).find((secret) => /^https?:/.test(secret)) ?? '';
    expect((await fetch(url)).status).toBeGreaterThanOrEqual(400);
    system.send({ type: 'fault', fault: 'down' });
    await hear(system, 'fault');
    await expect(fetch(url)).rejects.toThrow(/fetch failed/);
    system.send({ type: 'stop' });
    expect((await once(system, 'exit'))[0]).toBe(0);
  });

  test('says what is wrong with its environment and ends', async () => {
    const system = start(name, { SANDBOX_PORT: String(port) });
    const ended = once(system, 'exit');
    await expect(hear(system, 'ready')).rejects.toThrow(/SANDBOX_FOLDER must name the folder/);
    expect((await ended)[0]).toBe(1);
  });
});
