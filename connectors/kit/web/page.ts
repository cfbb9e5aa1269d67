// From what a caller asks for to where a page stands and how its request is filled, and from its answer to the page. Pure.
import type { Page, SelectRequest } from '../contract.ts';
import { toDigest } from '../sealed-cursor.ts';
import type { Content } from './answer.ts';
import type { WebObject, WebSource } from './contract.ts';
import { toFault } from './faults.ts';
import { type Position, toStart } from './position.ts';
import { toNames, toRecords } from './records.ts';
import type { Fill } from './slots.ts';
import { parseSpan, toWindow } from './windows.ts';

/** Pages shorter than this may well be equal by chance. */
const TELLING_PAGE = 20;

export function toBegin({ asksSpan, place }: WebObject, { span }: SelectRequest): Position {
  if (span === undefined && asksSpan)
    throw toFault('HUB_SOURCE_UNSUPPORTED', place, 'it answers by time only; ask with a span');
  if (span === undefined) return toStart(null);
  const interval = parseSpan(span);
  if (interval === null)
    throw toFault('HUB_INTERNAL', place, 'a span must be two instants, the earlier first');
  return toStart(interval);
}

export function toFill(
  { span, window, pages, read, token }: Position,
  { windowMs, paging, takesSize }: WebObject,
  { columns, limit }: SelectRequest,
  around: Pick<Fill, 'zone' | 'counties'>,
): Fill {
  const length = paging?.size ?? limit;
  return {
    ...around,
    window: span === null ? null : toWindow(span, windowMs, window),
    number: (paging?.first ?? 1) + pages,
    offset: read,
    // Only an offset does not depend on the length of the pages before it.
    size: paging?.by === 'offset' && takesSize ? Math.min(length, limit) : length,
    token,
    columns: toNames(columns),
  };
}

/** What is read of a record and of the lists in it; what comes with every record (`@…`) left out. */
export function toPaths({ columns, items = {} }: SelectRequest): readonly string[] {
  const inLists = Object.entries(items).flatMap(([list, names]) => names.map((name) => `${list}.${name}`));
  return [...columns, ...inLists].filter((column) => !column.startsWith('@'));
}

export function toFacts({ items, unreadable, total, token }: Content, size: number) {
  const isTelling = items.length >= TELLING_PAGE && items.length >= size;
  return {
    count: items.length + unreadable.length,
    size,
    total,
    token,
    mark: isTelling ? toDigest(items) : null,
  };
}

export function toPageRecords(
  content: Content,
  { columnCase }: WebSource,
  { reader, place }: WebObject,
  columns: readonly string[],
): Pick<Page, 'records' | 'unreadable'> {
  // Lines of a table carry their number unasked.
  const asked = reader.as === 'table' ? [...columns, '@row'] : columns;
  const { records, unreadable } = toRecords(content.items, asked, columnCase, place);
  const all = [...content.unreadable, ...unreadable];
  return all.length === 0 ? { records } : { records, unreadable: all };
}
