// The pages of a scan: read, join, map, commit with the mark, one after the other. Called by run-open.ts alone.
import type { Condition, Delivery, Page, SelectRequest } from '../../connectors/kit/contract.ts';
import { HubError } from '../../schema/errors.ts';
import type { FeedMark } from '../../store/contract.ts';
import type { Feed } from '../plan/feed.ts';
import { parseInstant, toInstantText, toZone } from './instant.ts';
import { type MappedPage, toMappedPage, toUnreadable } from './map-page.ts';
import { type AskedColumns, readAskedColumns } from './object-columns.ts';
import { type OpenRun, toIso } from './open-run.ts';
import { toCountPosition, toProgress, toTimePosition } from './progress.ts';
import { readExtends } from './read-extends.ts';
import { type ScanPlan, type Seen, toNewest, toPageMark } from './scan-plan.ts';

export type ScanEnd = {
  readonly seen: Seen;
  /** True when the run was asked to stop before the last page. */
  readonly stopped: boolean;
  /** False when there were records of which nobody can say which they are: they must not count as absent. */
  readonly legible: boolean;
};

/** What the pages of a scan move on. */
type Way = { seen: Seen; cursor: string | null; legible: boolean };

/** Reads and writes until the last page or until the signal; never stops inside a page. `delivery`: the one that is read. */
export async function scanPages(
  open: OpenRun,
  scan: ScanPlan,
  delivery: Delivery | null = null,
): Promise<ScanEnd> {
  const { feed, source, signal } = open;
  const way: Way = { seen: { newest: scan.newest, high: scan.high }, cursor: scan.after, legible: true };
  const end = (stopped: boolean): ScanEnd => ({ seen: way.seen, stopped, legible: way.legible });
  if (signal.aborted) return end(true);
  const asked = await readAskedColumns(source, feed, open.mapping, toZone(feed.zone));
  const told = toTeller(open, scan, asked);
  const { main, unbounded } = toRequests(open, scan, asked);
  const request = delivery === null ? main : { ...main, delivery: delivery.id };
  if (!(await readPages(open, scan, asked, { request, delivery, way, told }))) return end(true);
  // A run that dies in it finds the end of the first pass, and begins the second one anew.
  if (unbounded === null) return end(false);
  const rest = { request: unbounded, delivery, way: { ...way }, told };
  return end(!(await readPages(open, scan, asked, rest)));
}

type Pass = {
  readonly request: SelectRequest;
  readonly delivery: Delivery | null;
  readonly way: Way;
  readonly told: ReturnType<typeof toTeller>;
};

/** False when it was asked to stop before the last page. */
async function readPages(
  open: OpenRun,
  scan: ScanPlan,
  asked: AskedColumns,
  { request, delivery, way, told }: Pass,
): Promise<boolean> {
  const { feed, source, signal, clock } = open;
  let first = true;
  for await (const page of source.scan(feed.key.object, request)) {
    if (first && delivery !== null) refuseShape(open, page, delivery);
    first &&= page.records.length === 0;
    way.legible &&= page.unreadable === undefined;
    way.cursor = page.cursor ?? way.cursor;
    const mapped = await mapPage(open, asked, page);
    way.seen = toSeen(way.seen, toValues(feed, asked, page, mapped.rows), asked, clock());
    const mark = toPageMark(open.lease.mark, scan, way.cursor, way.seen);
    // An empty page in the middle (a window in which nothing happened) moves the mark too, and keeps the lease alive.
    if (page.records.length > 0 || page.unreadable !== undefined || (!page.last && page.cursor !== null))
      told(page, way.seen.newest, await writePage(open, page, mapped, mark));
    if (page.last) return true;
    if (signal.aborted) return false;
  }
  return true;
}

// Read from the source's column where there is one: a record that is set aside must not stall the watermark, and a mapped
// time may have lost digits. Where a window is asked by a span, the mapping alone knows where the time is.
function toValues(
  feed: Feed,
  { boundary }: AskedColumns,
  page: Page,
  rows: MappedPage['rows'],
): readonly (bigint | null)[] {
  if (boundary !== null) return page.records.map((record) => boundary.parse(record[boundary.column]));
  if (feed.asks !== 'span') return [];
  return rows.map(({ observedAt }) => (observedAt === null ? null : parseInstant(observedAt)));
}

function toSeen(
  seen: Seen,
  values: readonly (bigint | null)[],
  { boundary }: AskedColumns,
  now: number,
): Seen {
  let { newest, high } = seen;
  for (const value of values) {
    if (boundary?.counts !== true) newest = toNewest(newest, value, now);
    else if (value !== null && (high === null || value > high)) high = value;
  }
  return { newest, high };
}

// A table states its columns once: one that a form needs and that is not there stops the file before anything is written.
function refuseShape({ feed, mapping }: OpenRun, page: Page, delivery: Delivery): void {
  const [record] = page.records;
  const missing = record === undefined ? [] : mapping.lacks(record);
  if (missing.length === 0) return;
  const { unit, source, object } = feed.key;
  throw new HubError(
    'HUB_MAP_SHAPE',
    `${unit}/${source}/${object}: ${delivery.name} has no column ${missing.join(', ')}; correct the file or the manifest, or mark the fields optional`,
    { place: { unit, source, object } },
  );
}

type Requests = { readonly main: SelectRequest; readonly unbounded: SelectRequest | null };

/**
 * The scan's request; and where its bound keeps back rows whose cursor went to null, the one for those, as often as what
 * came late is read again.
 */
function toRequests(open: OpenRun, scan: ScanPlan, asked: AskedColumns): Requests {
  const { feed, lease } = open;
  const { boundary } = asked;
  const bound = scan.from === null ? null : (boundary?.toCondition(scan.from, lease.mark.trail) ?? null);
  const plain: SelectRequest = {
    columns: asked.columns,
    // What the source does not evaluate is harmless: `where` is evaluated again by the mapping, and a row from before
    // the window is written as it is.
    filter: feed.filter,
    order: feed.order,
    // A part of the key may be optional, and missing from this source.
    keyHint: feed.keyHint.filter((column) => asked.columns.includes(column)),
    limit: feed.pageRows,
    digest: open.source.capabilities.digests,
  };
  const main: SelectRequest = {
    ...plain,
    ...(bound === null ? {} : { filter: [...feed.filter, bound] }),
    ...(scan.from === null || scan.to === null
      ? {}
      : { span: { from: toInstantText(scan.from), to: toInstantText(scan.to) } }),
    ...(scan.after === null ? {} : { after: scan.after }),
  };
  const isDue = feed.key.strategy === 'cursor' && (scan.late || lease.mark.watermark === null);
  if (bound === null || boundary === null || !boundary.nullable || !isDue) return { main, unbounded: null };
  const empty: Condition = { column: boundary.column, op: 'isNull' };
  return { main, unbounded: { ...plain, filter: [...feed.filter, empty] } };
}

type Received = MappedPage & { readonly receivedAt: string };

async function mapPage(open: OpenRun, asked: AskedColumns, page: Page): Promise<Received> {
  const { feed, mapping, clock } = open;
  const receivedAt = toIso(clock());
  const joined = await readExtends(open.source, mapping, asked, page);
  return { ...toMappedPage(feed, mapping, joined, { now: clock(), receivedAt }), receivedAt };
}

async function writePage(open: OpenRun, page: Page, mapped: Received, mark: FeedMark): Promise<number> {
  const { feed, run, store, clock } = open;
  const unreadable = page.unreadable ?? [];
  const counts = await store.commitPage(
    run,
    {
      ...mapped,
      setAside: [...mapped.setAside, ...unreadable.map(toUnreadable)],
      read: page.records.length + unreadable.length,
      mark,
      remember: feed.absence.length > 0,
    },
    { now: toIso(clock()), holdMs: feed.holdMs },
  );
  return counts.written;
}

// Tells the progress after each page; a resumed scan counts from where it was.
function toTeller(open: OpenRun, scan: ScanPlan, asked: AskedColumns) {
  const startedMs = open.clock();
  const startedAt = toTimePosition(scan.from, scan.newest, startedMs);
  let read = 0;
  let written = 0;
  return (page: Page, newest: bigint | null, pageWritten: number) => {
    const now = open.clock();
    read += page.records.length;
    written += pageWritten;
    const inTime = toTimePosition(scan.from, newest, now);
    // A resumed snapshot does not know how much lies behind its cursor.
    const inCount = scan.after === null ? toCountPosition(read, asked.rows) : null;
    const position = page.last ? 1 : (inTime ?? inCount);
    open.onProgress?.(
      toProgress({ feed: open.feed, startedMs, startedAt }, { read, written, position, now }),
    );
  };
}
