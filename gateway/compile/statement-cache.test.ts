import { describe, expect, test } from '@jest/globals';
import { HYDROLOGY } from './fixtures/units.ts';
import type { RootPlan } from './plan.ts';
import { compileRoot } from './statement.ts';
import { toStatementCache } from './statement-cache.ts';
import { toCatalog } from './to-catalog.ts';

const CATALOG = toCatalog(HYDROLOGY);
const TYPES = new Set(['HydroStation']);

function toCache(capacity?: number) {
  return toStatementCache<RootPlan>((plan, types) => compileRoot(plan, types, CATALOG), capacity);
}

function toPlan(key: string): RootPlan {
  return {
    kind: 'one',
    slot: 0,
    type: 'HydroStation',
    asOf: null,
    fields: [{ kind: 'leaf', key, name: 'id' }],
  };
}

describe('remembered statements', () => {
  test('are compiled once a shape', () => {
    const cache = toCache();
    expect(cache.compile(toPlan('id'), TYPES)).toBe(cache.compile(toPlan('id'), TYPES));
    expect(cache.compile(toPlan('other'), TYPES).text).toContain('"other":');
    expect(cache.size()).toBe(2);
  });

  test('are as many as they may be: the one that was not used longest leaves', () => {
    const cache = toCache(2);
    const [a] = [cache.compile(toPlan('a'), TYPES), cache.compile(toPlan('b'), TYPES)];
    cache.compile(toPlan('a'), TYPES);
    cache.compile(toPlan('c'), TYPES);
    expect(cache.size()).toBe(2);
    expect(cache.compile(toPlan('a'), TYPES)).toBe(a);
  });

  test('name their binds in the order of the parameters', () => {
    const { text, slots } = toCache().compile(toPlan('id'), TYPES);
    expect(slots).toEqual(['key0']);
    expect(text).toContain('_key = $1::text');
    expect(text).toContain("(unit, type) in (('hydrology', 'HydroStation'), ('', ''))");
  });
});
