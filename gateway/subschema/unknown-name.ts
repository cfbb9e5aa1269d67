// A refusal of the hub's own lists: an argument names what there is not. Empty lists would look like rest.
import { HubError } from '../../schema/errors.ts';

export function toUnknownName(argument: string, name: string, known: readonly string[]): HubError {
  return new HubError(
    'HUB_QUERY_INVALID',
    `Argument "${argument}" names ${JSON.stringify(name.slice(0, 100))}, which there is not; there are: ${known.join(', ')}`,
  );
}
