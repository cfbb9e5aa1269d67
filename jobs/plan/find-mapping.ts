// The compiled mapping of a feed's object, for whoever runs the feed.
import type { ObjectMapping } from '../../connectors/kit/mapping/outcome.ts';
import { HubError } from '../../schema/errors.ts';
import type { Feed } from './feed.ts';

/** Throws HUB_INTERNAL: planFeeds has seen to it that there is one. */
export function findMapping(
  mappings: readonly ObjectMapping[],
  { key, name }: Pick<Feed, 'key' | 'name'>,
): ObjectMapping {
  const found = mappings.find(({ source, object }) => source === key.source && object === key.object);
  if (found === undefined) throw new HubError('HUB_INTERNAL', `feed ${name} has no mapping`);
  return found;
}
