import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toChance } from './noise.ts';

test('chance depends on its arguments alone and lies in [0, 1)', () => {
  const number = fc.integer({ min: 0, max: 2 ** 50 });
  fc.assert(
    fc.property(number, fc.array(number), (seed, parts) => {
      const chance = toChance(seed, ...parts);
      expect(chance).toBe(toChance(seed, ...parts));
      expect(chance >= 0 && chance < 1).toBe(true);
    }),
  );
});

test('chance is spread evenly over neighbouring arguments', () => {
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let part = 0; part < 10_000; part += 1) {
    const tenth = Math.floor(toChance(7, 61_521_090, part) * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

test('another seed, another order and a part above 32 bits give another chance', () => {
  const values = [toChance(1, 2, 3), toChance(2, 2, 3), toChance(1, 3, 2), toChance(1, 2, 3 + 2 ** 32)];
  expect(new Set(values).size).toBe(4);
});
