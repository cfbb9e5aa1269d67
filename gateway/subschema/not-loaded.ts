// A type of which nothing has arrived yet: there is nothing to answer from, which is another answer than "there is none".
import { HubError } from '../../schema/errors.ts';
import type { TypeState } from '../compile/type-state.ts';

/** A row has landed, or a load came to its end. */
export function isLoaded(state: TypeState | undefined): boolean {
  return state !== undefined && (state.landed || state.completeMs !== null);
}

/** HUB_UNIT_UNAVAILABLE where the source fails, HUB_UNIT_NOT_LOADED where it was not read to its end yet. */
export function toNotLoaded(unit: string, type: string, state: TypeState | undefined): HubError {
  if (state?.failing === true) {
    return new HubError(
      'HUB_UNIT_UNAVAILABLE',
      `${unit} does not answer and no ${type} has arrived from it yet.`,
      { place: { unit, type } },
    );
  }
  return new HubError('HUB_UNIT_NOT_LOADED', `No ${type} has arrived from ${unit} yet.`, {
    place: { unit, type },
  });
}
