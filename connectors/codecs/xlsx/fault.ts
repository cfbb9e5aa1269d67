// Why a workbook is refused, in words for whoever made it. No cell's value stands in a message.
import { HubError } from '../../../schema/errors.ts';

/** HUB_SOURCE_FORMAT. */
export function toFormat(words: string): HubError {
  return new HubError('HUB_SOURCE_FORMAT', words);
}

/** HUB_SOURCE_FORMAT of a part that only a program writes: people can but save the workbook again. */
export function toDamaged(part: string, words: string): HubError {
  return toFormat(`the workbook is damaged: ${part}: ${words}`);
}

/** HUB_SOURCE_LIMIT. */
export function toLimit(words: string): HubError {
  return new HubError(
    'HUB_SOURCE_LIMIT',
    `${words}: split the workbook, or clear what lies beside its tables`,
  );
}
