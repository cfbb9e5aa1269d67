// From a client's operation to a plan of all its roots, or the reason why stitching has to answer it.
import type { GraphQLSchema } from 'graphql';
import type { MaskPolicy } from '../compile/mask.ts';
import type { PlanInput } from '../compile/plan-root.ts';
import { planWhole, type WholePlanned } from '../compile/plan-whole.ts';
import { toRowBudget } from '../compile/row-budget.ts';
import { toSelection } from '../compile/selection.ts';
import type { Declined, Question, Reason } from './contract.ts';

export type Planner = {
  /** What clients see. */
  readonly schema: GraphQLSchema;
  readonly input: Omit<PlanInput, 'isMasked' | 'now' | 'budget'>;
  readonly isMasked: MaskPolicy;
  readonly rowCap?: number | undefined;
};

export function planOperation(planner: Planner, question: Question): WholePlanned | Declined {
  const { document, variables, operationName, context } = question;
  const { roots } = toSelection(planner.schema, document, variables, operationName);
  // Introspection asks for root fields that no type lists: it ends here too.
  if (roots === null) return toDeclined('OPERATION');
  const planned = planWhole(roots, {
    ...planner.input,
    isMasked: (field, type) => planner.isMasked(field, type, context.viewer),
    now: new Date(context.now).toISOString(),
    budget: toRowBudget(planner.rowCap),
  });
  return 'why' in planned ? toDeclined(planned.why, planned.at) : planned;
}

export function toDeclined(reason: Reason, at: string | null = null): Declined {
  return { kind: 'DECLINED', reason, at };
}
