// Compiled statements by the shape of their plan: the same question with other values, other variable names or another
// operation name is the same statement.
import type { Compiled } from './statement.ts';

/** Shapes that are remembered; a client that invents aliases pushes out the oldest. */
const SHAPES = 1000;

export type StatementCache<Plan> = {
  compile(plan: Plan, types: ReadonlySet<string>): Compiled;
  /** Shapes that are remembered. */
  size(): number;
};

/** Remembers what `compile` makes of a plan. A plan is plain JSON without any value of the question in it. */
export function toStatementCache<Plan>(
  compile: StatementCache<Plan>['compile'],
  capacity = SHAPES,
): StatementCache<Plan> {
  const byShape = new Map<string, Compiled>();
  return {
    compile(plan, types) {
      const shape = JSON.stringify(plan);
      const known = byShape.get(shape);
      const compiled = known ?? compile(plan, types);
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
