// `npm run test:chaos [-- --seeds 20 --seed N --backend postgres|redis --mutant NAME]`: the long chaos. Prints a line a seed;
// of one that fails also what differs and how to repeat it. Ends with 1 when any failed.
import { parseArgs } from 'node:util';
import setup from '../runner/setup.ts';
import teardown from '../runner/teardown.ts';
import { hasRedis } from '../support/redis.ts';
import { MUTANTS, type Mutant } from './mutants.ts';
import { LONG, SHORT } from './plan.ts';
import { runSeed, type Verdict } from './run-seed.ts';
import type { Backend } from './world.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    seed: { type: 'string' },
    backend: { type: 'string' },
    mutant: { type: 'string' },
    short: { type: 'boolean', default: false },
    said: { type: 'boolean', default: false },
  },
});
const seeds = values.seed === undefined ? toNumbers(Number(values.seeds)) : [Number(values.seed)];
const backends = toBackends(values.backend);
const mutant = MUTANTS.find((name) => name === values.mutant);
if (values.mutant !== undefined && mutant === undefined)
  throw new Error(`--mutant must be one of ${MUTANTS.join(', ')}`);

await setup();
let failed = 0;
try {
  for (const backend of backends)
    for (const seed of seeds) {
      const verdict = await runSeed({
        seed,
        backend,
        size: values.short ? SHORT : LONG,
        ...toMutant(mutant),
      });
      if (verdict.differences.length > 0) failed += 1;
      print(verdict);
    }
} finally {
  await teardown();
}
process.stdout.write(`\n${seeds.length * backends.length} run, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function print({ seed, backend, facts, differences, said }: Verdict): void {
  const numbers = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
  const state = differences.length === 0 ? 'ok    ' : 'FAILED';
  process.stdout.write(`${state} seed ${seed} over ${backend}: ${numbers.join(', ')}\n`);
  for (const { check, table, key, what } of differences.slice(0, 40))
    process.stdout.write(`    ${check}: ${table} ${key}: ${what}\n`);
  if (differences.length > 40) process.stdout.write(`    and ${differences.length - 40} more\n`);
  if (differences.length > 0)
    process.stdout.write(`    repeat: npm run test:chaos -- --seed ${seed} --backend ${backend}\n`);
  if (values.said) process.stdout.write(`${said}\n`);
}

function toBackends(asked: string | undefined): readonly Backend[] {
  if (asked === 'postgres' || asked === 'redis') return [asked];
  if (asked !== undefined) throw new Error('--backend must be postgres or redis');
  if (hasRedis()) return ['postgres', 'redis'];
  process.stderr.write('SKIPPED: the chaos over Redis is NOT run, no redis-server binary was found.\n');
  return ['postgres'];
}

function toNumbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function toMutant(name: Mutant | undefined): { readonly mutant?: Mutant } {
  return name === undefined ? {} : { mutant: name };
}
