import { HubError } from '../../schema/errors.ts';

/** What a question ends with that nobody waits for any more. */
export function toCancelled(): HubError {
  return new HubError('HUB_STORE_QUERY', 'the question was cancelled by who asked it');
}
