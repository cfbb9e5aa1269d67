// Where a scan over one object stands: in which interval of its span, at which page, after how many records. Pure: an answer
// moves it on, and the cursor is nothing but this.
import type { HubError } from '../../../schema/errors.ts';
import { toFault, type WebPlace } from './faults.ts';
import { countWindows, type Interval } from './windows.ts';
import type { Paging } from './words.ts';

export type Position = {
  /** The span as it was asked for when the scan began; null where the object is not asked by time. */
  readonly span: Interval | null;
  readonly window: number;
  /** Pages answered, and records that came, in this interval. */
  readonly pages: number;
  readonly read: number;
  readonly token: string | null;
  /** Mark of the last page's records; null for an empty or short one. */
  readonly mark: string | null;
  readonly isDone: boolean;
};

/** What an answer says about the pages behind it. */
export type PageFacts = {
  readonly count: number;
  /** How many records were asked for. */
  readonly size: number;
  /** How many there are in all; null where the manifest names no total, or the answer says that there is nothing. */
  readonly total: number | null;
  readonly token: string | null;
  readonly mark: string | null;
};

export function toStart(span: Interval | null): Position {
  return { span, window: 0, pages: 0, read: 0, token: null, mark: null, isDone: false };
}

/**
 * The position behind an answer: the next page, else the next interval, else the end. Throws HUB_SOURCE_QUERY when the
 * service's own total says otherwise, or when it gives the same page again for ever.
 */
export function toNext(
  position: Position,
  facts: PageFacts,
  object: { readonly paging: Paging | null; readonly windowMs: number | null; readonly place: WebPlace },
): Position {
  const { paging, place } = object;
  const read = position.read + facts.count;
  const fault = toPageFault(position, facts, paging, place);
  if (fault !== null) throw fault;
  if (paging !== null && hasMore(paging, facts, read))
    return { ...position, pages: position.pages + 1, read, token: facts.token, mark: facts.mark };
  if (facts.total !== null && facts.total !== read)
    throw toFault('HUB_SOURCE_QUERY', place, `it answered ${read} of ${facts.total} records`);
  const next = { ...toStart(position.span), window: position.window + 1 };
  const windows = position.span === null ? 1 : countWindows(position.span, object.windowMs);
  return next.window < windows ? next : { ...next, isDone: true };
}

// A token is the service's own word that there is more; else a short page is the last.
function hasMore(paging: Paging, { count, size, total, token }: PageFacts, read: number): boolean {
  if (paging.by === 'token') return token !== null;
  return count >= size && (total === null || read < total);
}

function toPageFault(
  position: Position,
  facts: PageFacts,
  paging: Paging | null,
  place: WebPlace,
): HubError | null {
  if (facts.token !== null && facts.token === position.token)
    return toFault('HUB_SOURCE_QUERY', place, 'it names the same next page again; is `paging.next` right?');
  if (facts.mark === null || facts.mark !== position.mark) return null;
  const slot = `page.${paging?.by === 'page' ? 'number' : (paging?.by ?? 'token')}`;
  return toFault('HUB_SOURCE_QUERY', place, `it gives the same page again; does it heed the slot ${slot}?`);
}
