// How many entities one operation may have looked for: ids by `node` and `nodes`, rows by `nearby`. Each is a key that merging
// carries on to a unit.
import { HubError } from '../../schema/errors.ts';
import { ENTITY_CAP } from '../compile/plan-entities.ts';
import type { OperationContext } from './contract.ts';

/** Takes `count` from what the operation has left, or throws HUB_QUERY_LIMIT. What is refused takes nothing. */
export type EntityBudget = (context: OperationContext, field: string, count: number) => void;

export function toEntityBudget(cap = ENTITY_CAP): EntityBudget {
  const taken = new WeakMap<OperationContext, number>();
  return (context, field, count) => {
    const before = taken.get(context) ?? 0;
    if (before + count > cap) {
      const others = before === 0 ? '' : `, after ${before} for what stands before it`;
      throw new HubError(
        'HUB_QUERY_LIMIT',
        `"${field}" asks for ${count} entities${others}; one operation may ask for ${cap} by "node", "nodes" and "nearby" together: ask in several.`,
      );
    }
    taken.set(context, before + count);
  };
}
