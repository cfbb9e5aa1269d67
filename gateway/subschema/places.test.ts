import { expect, test } from '@jest/globals';
import { toContext } from './fixtures/ask.ts';
import { runInPlace } from './places.ts';

function openWorks(context: ReturnType<typeof toContext>, count: number) {
  const begun: number[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const works = Array.from({ length: count }, (_none, number) =>
    runInPlace(context, async () => {
      begun.push(number);
      await new Promise<void>((resolve, reject) => {
        ends[number] = (error) => (error === undefined ? resolve() : reject(error));
      });
      return number;
    }),
  );
  return { begun, works, end: (number: number, error?: Error) => ends[number]?.(error) };
}

test('an operation has four statements under way at once, and the next begins when one ends, even with a fault', async () => {
  const { begun, works, end } = openWorks(toContext(), 7);
  expect(begun).toEqual([0, 1, 2, 3]);
  end(2);
  expect(await works[2]).toBe(2);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  end(0, new Error('away'));
  await expect(works[0]).rejects.toThrow('away');
  expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
  for (const number of [1, 3, 4, 5]) end(number);
  expect(await Promise.all([1, 3, 4, 5].map((number) => works[number]))).toEqual([1, 3, 4, 5]);
  end(6);
  expect(await works[6]).toBe(6);
});

test('another operation has places of its own', async () => {
  const first = openWorks(toContext(), 5);
  const second = openWorks(toContext(), 1);
  expect([first.begun.length, second.begun.length]).toEqual([4, 1]);
  for (const { works, end } of [first, second]) for (const number of works.keys()) end(number);
  expect(await second.works[0]).toBe(0);
});
