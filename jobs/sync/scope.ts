// Whole lists that are whole for a part of the city only (`sync.scope`): which list a file is, told from its name.
import type { Delivery } from '../../connectors/kit/contract.ts';
import type { FeedMark } from '../../store/contract.ts';
import type { Feed } from '../plan/feed.ts';

/** The scope of a delivery; absent where the feed has none. No file's name holds a slash, so no two lists get one name. */
export function toScope(feed: Pick<Feed, 'scope'>, delivery: Delivery | null): { readonly scope?: string } {
  if (feed.scope.length === 0 || delivery === null) return {};
  return { scope: feed.scope.map((capture) => delivery.captures?.[capture] ?? '').join('/') };
}

/** Deliveries of one list together, in the order in which the lists first appear. */
export function toLists(
  feed: Pick<Feed, 'scope'>,
  deliveries: readonly Delivery[],
): readonly (readonly Delivery[])[] {
  const lists = new Map<string, Delivery[]>();
  for (const delivery of deliveries) {
    const name = toScope(feed, delivery).scope ?? '';
    lists.set(name, [...(lists.get(name) ?? []), delivery]);
  }
  return [...lists.values()];
}

/** True for a whole list that is older than the one of its scope that was taken last: it says what was, not what is. */
export function isOutdated(feed: Pick<Feed, 'scope'>, mark: FeedMark, delivery: Delivery): boolean {
  const taken = mark.listsAt?.[toScope(feed, delivery).scope ?? ''];
  return taken !== undefined && Date.parse(delivery.receivedAt) < Date.parse(taken);
}

/** What a mark says of the lists that were taken, once this one is; nothing where the feed reads no lists. */
export function toListsAt(
  feed: Pick<Feed, 'scope' | 'key'>,
  mark: FeedMark,
  delivery: Delivery | null,
): Pick<FeedMark, 'listsAt'> {
  if (delivery === null || feed.key.strategy !== 'snapshot') return {};
  return { listsAt: { ...mark.listsAt, [toScope(feed, delivery).scope ?? '']: delivery.receivedAt } };
}
