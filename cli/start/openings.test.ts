import { describe, expect, test } from '@jest/globals';
import { toOpenings } from './openings.ts';

function toGate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

describe('what the start has opened', () => {
  const closed: string[] = [];
  const toClose = async (name: string) => {
    closed.push(name);
  };

  test('is closed in the reverse order, also when one of them fails to close', async () => {
    closed.length = 0;
    const openings = toOpenings();
    await openings.open(async () => 'store', toClose);
    await openings.open(
      async () => 'worker',
      async () => Promise.reject(new Error('hangs')),
    );
    await openings.open(async () => 'gateway', toClose);
    await openings.closeAll();
    expect(closed).toEqual(['gateway', 'store']);
  });

  test('waits for what is opening when the end comes, and closes that too', async () => {
    closed.length = 0;
    const openings = toOpenings();
    const gate = toGate();
    await openings.open(async () => 'store', toClose);
    const late = openings.open(async () => {
      await gate.passed;
      return 'worker';
    }, toClose);
    const end = openings.closeAll();
    expect([openings.signal.aborted, closed]).toEqual([true, []]);
    gate.open();
    await expect(late).rejects.toThrow('given up');
    await Promise.all([end, openings.closeAll()]);
    expect(closed).toEqual(['worker', 'store']);
  });

  test('opens nothing more once the end has begun', async () => {
    const openings = toOpenings();
    await openings.closeAll();
    let worked = false;
    const work = async () => {
      worked = true;
      return 'worker';
    };
    await expect(openings.open(work, toClose)).rejects.toThrow('given up');
    expect(worked).toBe(false);
  });
});
