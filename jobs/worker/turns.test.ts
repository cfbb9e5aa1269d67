import { expect, test } from '@jest/globals';
import { runWhenFree } from '../sync/when-free.ts';
import { openTurns, type Turns } from './turns.ts';

const FEED = { holdMs: 60_000 };
const { signal } = new AbortController();

/** A source with one place. */
function openPlace() {
  let isTaken = false;
  const looks: string[] = [];
  const runAs = (name: string, work: () => Promise<void>) => async () => {
    looks.push(name);
    if (isTaken) return { state: 'busy', name };
    isTaken = true;
    await work().finally(() => {
      isTaken = false;
    });
    return { state: 'done', name };
  };
  return { looks, runAs };
}

const waitWith = (turns: Turns, run: () => Promise<{ state: string; name: string }>) =>
  runWhenFree(FEED, () => turns.take(run), { signal, freed: turns.next });

test.each(['ends', 'fails'])('a run that waits begins at once when the one before it %s', async (end) => {
  const turns = openTurns();
  const { looks, runAs } = openPlace();
  let finish: () => void = () => undefined;
  const work = new Promise<void>((resolve, reject) => {
    finish = () => (end === 'ends' ? resolve() : reject(new Error('broken')));
  });
  const first = waitWith(
    turns,
    runAs('first', () => work),
  );
  const second = waitWith(
    turns,
    runAs('second', async () => undefined),
  );
  const began = performance.now();
  finish();
  if (end === 'ends') expect(await first).toEqual({ state: 'done', name: 'first' });
  else await expect(first).rejects.toThrow('broken');
  expect(await second).toEqual({ state: 'done', name: 'second' });
  // Sooner than the next look by the clock, which comes after a second.
  expect(performance.now() - began).toBeLessThan(900);
  expect(looks).toEqual(['first', 'second', 'second']);
});

test('two that wait do not wake each other', async () => {
  const turns = openTurns();
  const { looks, runAs } = openPlace();
  let finish: () => void = () => undefined;
  const first = waitWith(
    turns,
    runAs('first', () => new Promise((resolve) => (finish = resolve))),
  );
  const others = ['second', 'third'].map((name) =>
    waitWith(
      turns,
      runAs(name, async () => undefined),
    ),
  );
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(looks).toEqual(['first', 'second', 'third']);
  finish();
  expect((await Promise.all([first, ...others])).map(({ name }) => name)).toEqual([
    'first',
    'second',
    'third',
  ]);
});
