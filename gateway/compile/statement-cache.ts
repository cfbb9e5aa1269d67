// Compiled statements by the shape of their plan: the same question with other values, other variable names or another
// operation name is the same statement.
import type { Catalog } from './catalog.ts';
import type { RootPlan } from './plan.ts';
import { type Compiled, compileRoot } from './statement.ts';

/** Shapes that one unit remembers; a client that invents aliases pushes out the oldest. */
const SHAPES = 1000;

export type StatementCache = {
  compile(plan: RootPlan, types: ReadonlySet<string>): Compiled;
  /** Shapes that are remembered. */
  size(): number;
};

export function toStatementCache(catalog: Catalog, capacity = SHAPES): StatementCache {
  const byShape = new Map<string, Compiled>();
  return {
    compile(plan, types) {
      const shape = JSON.stringify(plan);
      const known = byShape.get(shape);
      const compiled = known ?? compileRoot(plan, types, catalog);
      // A Map keeps the order of insertion: what is used again goes to its end, what is at its head leaves first.
      byShape.delete(shape);
      byShape.set(shape, compiled);
      const oldest = byShape.keys().next().value;
      if (byShape.size > capacity && oldest !== undefined) byShape.delete(oldest);
      return compiled;
    },
    size: () => byShape.size,
  };
}
