// How long a source that cannot be listened to is left alone.
import { expect, test } from '@jest/globals';
import { toListenPause } from './keep-listening.ts';

test('The pause doubles with each failure up to a minute, and is cut short by chance to a half at most', () => {
  const pauses = (chance: number) =>
    [1, 2, 3, 4, 10, 1000].map((failures) => toListenPause(failures, 1000, () => chance));
  expect(pauses(1)).toEqual([1000, 2000, 4000, 8000, 60_000, 60_000]);
  expect(pauses(0)).toEqual([500, 1000, 2000, 4000, 30_000, 30_000]);
});
