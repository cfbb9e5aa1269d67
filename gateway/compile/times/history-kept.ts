// How far back a type can be asked: as far as its `history` says. Which types a place reads as of an instant, by links, conditions
// and divisions too, the statement tells: each table that it names passed through the draft.
import type { GraphQLError } from 'graphql';
import { toMillis } from '../../../schema/duration.ts';
import type { PastRead } from '../draft.ts';
import { toFault } from '../fault.ts';
import type { Planned } from '../plan.ts';
import type { Selected } from '../selection.ts';
import { toInstant, toMicros } from './plan-times.ts';

/**
 * HUB_QUERY_HISTORY_EXPIRED by the place that asked for the instant, where a type that is read as of it keeps no history so
 * long. Every door calls it before it runs a statement; what the statement says at these places is not to be handed out.
 */
export function toExpired(
  { moments, values }: Planned,
  past: readonly PastRead[],
): ReadonlyMap<Selected, GraphQLError> {
  const now = toMicros(String(values.get('now')));
  const faults = new Map<Selected, GraphQLError>();
  for (const { slot, type } of past) {
    const moment = moments.get(slot);
    const oldest = now - toMillis(type.type.history) * 1000;
    if (moment === undefined || moment.micros >= oldest || faults.has(moment.asked)) continue;
    faults.set(
      moment.asked,
      toFault(
        'HUB_QUERY_HISTORY_EXPIRED',
        `Argument "asOf" is ${toInstant(moment.micros)}, but the history of ${type.type.name} is kept for ${type.type.history}: it begins at ${toInstant(oldest)}.`,
        type.unit,
      ),
    );
  }
  return faults;
}
