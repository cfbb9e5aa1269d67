// How a process follows the registry: what it takes over, what it says of itself, and what it does when something goes wrong.
import { afterEach, describe, expect, test } from '@jest/globals';
import type { HeldUnit, ProcessState, RegistryStore } from '../../store/registry/contract.ts';
import { eventually } from '../../test/support/eventually.ts';
import { type Following, type FollowOptions, followRegistry } from './follow-registry.ts';

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };
const LEFT_OUT: HeldUnit = {
  ...{ unit: 'tide', hash: 'a', state: 'LEFT_OUT', code: 'HUB_CONFIG_INVALID', reason: 'no secret' },
};
const LIVE: HeldUnit = { ...LEFT_OUT, state: 'LIVE', code: null, reason: null };

let following: Following | null = null;
afterEach(() => following?.close());

function open(take: FollowOptions['take'], role: FollowOptions['role'] = 'WORKER') {
  const store = { generation: 1, isDown: false, reports: [] as ProcessState[], left: [] as string[] };
  const ask = async <Answer>(answer: () => Answer) => {
    if (store.isDown) throw new Error('the store is away');
    return answer();
  };
  const registry: RegistryStore = {
    generation: () => ask(() => store.generation),
    read: () => ask(() => ({ generation: store.generation, units: [] })),
    write: async () => null,
    report: (state) => ask(() => void store.reports.push(state)),
    processes: async () => [],
    leave: async (id) => void store.left.push(id),
  };
  const first = { generation: 1, units: [LEFT_OUT], refused: null };
  const times = { everyMs: 2, retryMs: 10 };
  following = followRegistry({ registry, id: 'one', role, first, take, log: SILENT, ...times });
  const until = (is: (state: ProcessState) => boolean) =>
    eventually(() => store.reports.find(is), { everyMs: 2 });
  return { store, until };
}

describe('a process that follows the registry', () => {
  test('says what it has begun with, takes over each generation once, and says goodbye', async () => {
    const taken: number[] = [];
    const { store, until } = open(async ({ generation }) => {
      taken.push(generation);
      return { units: [LIVE], refused: null };
    }, 'GATEWAY');
    await until(({ generation, units }) => generation === 1 && units[0]?.state === 'LEFT_OUT');
    expect(taken).toEqual([]);
    store.generation = 2;
    await until(({ generation, units }) => generation === 2 && units[0]?.state === 'LIVE');
    await following?.close();
    expect([taken, store.left]).toEqual([[2], ['one']]);
  });

  test('goes on with what it had where a generation cannot be taken over, and says why', async () => {
    const { store, until } = open(async ({ generation }) => {
      if (generation === 2) throw new Error('does not fit');
      return { units: [], refused: null };
    });
    store.generation = 2;
    const refused = await until(({ generation }) => generation === 2);
    expect(refused).toMatchObject({ units: [LEFT_OUT], refused: 'does not fit' });
    store.generation = 3;
    expect(await until(({ generation }) => generation === 3)).toMatchObject({ units: [], refused: null });
  });

  test('a worker tries a unit that it has left out once more by itself: its secret may have come', async () => {
    let tries = 0;
    const { until } = open(async () => {
      tries += 1;
      return { units: [tries < 3 ? LEFT_OUT : LIVE], refused: null };
    });
    await until(({ units }) => units[0]?.state === 'LIVE');
    expect(tries).toBe(3);
  });

  test('outlives a store that is away', async () => {
    const { store, until } = open(async () => ({ units: [LIVE], refused: null }), 'GATEWAY');
    await until(({ generation }) => generation === 1);
    store.isDown = true;
    store.generation = 2;
    await new Promise((resolve) => setImmediate(resolve));
    store.isDown = false;
    await until(({ generation }) => generation === 2);
  });
});
