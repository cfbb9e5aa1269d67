// Targets of links that the store was asked for before: a feed that goes on links to the same few rows, page after page.
import type { TypePlan } from './unit-plan.ts';

/**
 * Rows of the store that are certainly there, by type: a row never goes but with its table (what its source deletes is still there,
 * and known as gone), and a table that is made anew comes with another plan.
 */
export type KnownTargets = {
  has(plan: TypePlan, key: string): boolean;
  /** To be called when the transaction that has seen them is committed. */
  add(plan: TypePlan, keys: Iterable<string>): void;
};

/** What a page has seen: certain when it is committed. */
export type FoundTargets = Map<TypePlan, Set<string>>;

/** Of a type; beyond, it begins anew. */
const MOST_KNOWN = 100_000;

export function openKnownTargets(): KnownTargets {
  const known = new WeakMap<TypePlan, Set<string>>();
  return {
    has: (plan, key) => known.get(plan)?.has(key) === true,
    add: (plan, keys) => {
      const own = known.get(plan) ?? new Set();
      known.set(plan, own);
      for (const key of keys) {
        if (own.size >= MOST_KNOWN) own.clear();
        own.add(key);
      }
    },
  };
}

/** What a page's links are looked for in before the store is asked, and where it notes what it has found there. */
export type Targets = { readonly known: KnownTargets; readonly found: FoundTargets };
