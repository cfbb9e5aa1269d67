// The registry over a real PostgreSQL: what is written is one generation, of two who write at once one is told so, and a process
// that gives no sign of life is not among those that live.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { type HubStore, openStore } from '../open-store.ts';
import type { ProcessState, UnitEntry } from './contract.ts';

const NOW = '2026-11-27T08:00:00.000Z';
const toEntry = (unit: string, change: Partial<UnitEntry> = {}): UnitEntry => ({
  ...{ unit, manifest: `unit: ${unit}`, hash: 'aa', state: 'REGISTERED', origin: 'FOLDER', by: 'a test' },
  ...change,
});

let database: TestDatabase;
let store: HubStore;
beforeAll(async () => {
  database = await openTestDatabase();
  store = await openStore({ url: database.url });
});
afterAll(async () => {
  await store.close();
  await database.close();
});

describe('what is registered', () => {
  test('grows by one generation with each change, and keeps version, origin and who did it', async () => {
    const { registry } = store;
    expect(await registry.read()).toEqual({ generation: 0, units: [] });
    const two = [toEntry('water'), toEntry('tide')];
    expect(await registry.write(two, { expected: 0, now: NOW })).toBe(1);
    const changed = toEntry('tide', { hash: 'bb', origin: 'COMMAND', by: 'somebody' });
    expect(await registry.write([changed], { expected: 1, now: NOW })).toBe(2);
    expect(await registry.generation()).toBe(2);
    const seen = (await registry.read()).units.map(({ unit, version, origin, by, hash, at }) =>
      [unit, version, origin, by, hash, at].join(' '),
    );
    expect(seen).toEqual([`tide 2 COMMAND somebody bb ${NOW}`, `water 1 FOLDER a test aa ${NOW}`]);
  });

  test('is written by one of many who begin from the same generation', async () => {
    const { registry } = store;
    const expected = await registry.generation();
    const writes = ['a', 'b', 'c', 'd', 'e'].map((unit) =>
      registry.write([toEntry(unit)], { expected, now: NOW }),
    );
    const answers = await Promise.all(writes);
    expect(answers.toSorted()).toEqual([expected + 1, null, null, null, null].toSorted());
    expect((await registry.read()).units).toHaveLength(3);
  });

  test('is known to be taken over by those processes only that live', async () => {
    const { registry } = store;
    const worker: ProcessState = { id: 'w', role: 'WORKER', generation: 2, units: [], refused: null };
    const held = {
      unit: 'tide',
      hash: 'bb',
      state: 'LEFT_OUT',
      code: 'HUB_CONFIG_INVALID',
      reason: 'no secret',
    } as const;
    const gateway: ProcessState = {
      ...worker,
      id: 'g',
      role: 'GATEWAY',
      units: [held],
      refused: 'does not fit',
    };
    for (const state of [worker, gateway, { ...worker, generation: 3 }]) await registry.report(state);
    expect(await registry.processes()).toEqual([gateway, { ...worker, generation: 3 }]);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query("update hub.process set seen_at = now() - interval '1 minute' where id = 'w'");
    await client.end();
    expect(await registry.processes()).toEqual([gateway]);
    await registry.leave('g');
    expect(await registry.processes()).toEqual([]);
  });
});
