// The same short chaos over hubs that lack one promise each: it must find every one of them.
import { expect, test } from '@jest/globals';
import type { Mutant } from './mutants.ts';
import { SHORT } from './plan.ts';
import { runSeed } from './run-seed.ts';

const SEED = 2;

test.each<[Mutant, string, readonly string[]]>([
  ['overlap', 'rows that commit late are lost', ['lost']],
  ['tieBreak', 'rows of one second are lost where a page ends', ['lost']],
  ['fencing', 'a worker that wakes up puts rows back to what they were', ['put back']],
  ['ack', 'reports are lost that their sender was told to forget', ['lost']],
])(
  'without %s %s',
  async (mutant, _what, checks) => {
    const { differences } = await runSeed({ seed: SEED, backend: 'postgres', size: SHORT, mutant });
    expect(differences.map(({ check }) => check)).toEqual(expect.arrayContaining([...checks]));
  },
  120_000,
);
