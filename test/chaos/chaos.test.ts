// The short chaos: one seed over each queue. The long one is `npm run test:chaos`.
import { describe, expect, test } from '@jest/globals';
import { hasRedis } from '../support/redis.ts';
import { SHORT } from './plan.ts';
import { runSeed } from './run-seed.ts';
import type { Backend } from './world.ts';

/** The first of the mutants’ too: what the hub passes here, they fail there. */
const SEED = 1;
const BACKENDS: readonly Backend[] = hasRedis() ? ['postgres', 'redis'] : ['postgres'];
if (!hasRedis())
  process.stderr.write('\nSKIPPED: the chaos over Redis is NOT run, no redis-server binary was found.\n\n');

describe.each(BACKENDS)('written to while workers are killed and stopped, the queue over %s', (backend) => {
  test('nothing is lost, doubled, put back or braked, before anything is repaired', async () => {
    const { differences, facts } = await runSeed({ seed: SEED, backend, size: SHORT });
    expect({ seed: SEED, backend, differences }).toEqual({ seed: SEED, backend, differences: [] });
    expect(facts.rows).toBeGreaterThan(100);
    expect(facts.stops).toBeGreaterThan(0);
    expect(facts.cuts).toBeGreaterThan(0);
  }, 120_000);
});
