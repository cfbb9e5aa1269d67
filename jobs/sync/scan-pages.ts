// The pages of a scan: read, join, map, commit with the mark, in their order. Called by run-open.ts alone.
import type { Delivery, Page, SelectRequest } from '../../connectors/kit/contract.ts';
import { HubError } from '../../schema/errors.ts';
import type { FeedMark, RunCounts } from '../../store/contract.ts';
import type { Feed } from '../plan/feed.ts';
import { parseInstant } from './instant.ts';
import { type MappedPage, toMappedPage, withUnreadable } from './map-page.ts';
import { openMissing, toFed } from './missing-columns.ts';
import type { AskedColumns } from './object-columns.ts';
import { type OpenRun, toIso } from './open-run.ts';
import { toCountPosition, toProgress, toTimePosition } from './progress.ts';
import { readExtends } from './read-extends.ts';
import { type ScanPlan, type Seen, toNewest, toPageMark, type Way } from './scan-plan.ts';
import { toScanRequests } from './scan-request.ts';
import { toScope } from './scope.ts';

export type ScanEnd = {
  readonly seen: Seen;
  /** True when the run was asked to stop before the last page. */
  readonly stopped: boolean;
  /** False when there were records of which nobody can say which they are: they must not count as absent. */
  readonly legible: boolean;
  /** The source itself said how much this list is, and as much came. */
  readonly counted: boolean;
};

/**
 * Reads and writes until the last page or until the signal; never stops inside a page. While one page is written the next
 * one is read and mapped, never more than that one. `delivery`: the one that is read.
 */
export async function scanPages(
  open: OpenRun,
  asked: AskedColumns,
  scan: ScanPlan,
  delivery: Delivery | null = null,
): Promise<ScanEnd> {
  const way: Way = {
    seen: { newest: scan.newest, high: scan.high },
    cursor: scan.after,
    legible: scan.legible,
  };
  if (open.signal.aborted) return toEnd({ way, stopped: true, counted: false });
  const missing = openMissing(open);
  const told = toTeller(open, scan, asked);
  const { main, unbounded } = toScanRequests(open, scan, asked);
  const request = delivery === null ? main : { ...main, delivery: delivery.id };
  const shared = { delivery, told, missing };
  const first = await readPages(open, scan, asked, { ...shared, request, way, held: null });
  if (!first.stopped && scan.after === null) await missing.keep();
  // A run that dies in it finds the end of the first pass, and begins the second one anew.
  if (first.stopped || unbounded === null) return toEnd(first);
  const pass = { ...shared, request: unbounded, way: first.way, held: first.way };
  const rest = await readPages(open, scan, asked, pass);
  return toEnd({ ...rest, way: { ...rest.way, seen: first.way.seen } });
}

type PassEnd = { readonly way: Way; readonly stopped: boolean; readonly counted: boolean };

function toEnd({ way: { seen, legible }, stopped, counted }: PassEnd): ScanEnd {
  return { seen, stopped, legible, counted };
}

type Pass = {
  readonly request: SelectRequest;
  readonly delivery: Delivery | null;
  readonly way: Way;
  readonly told: ReturnType<typeof toTeller>;
  readonly missing: ReturnType<typeof openMissing>;
  /** Where the marks of this pass stand still: records without a value of the cursor move none. */
  readonly held: Way | null;
};

/** A page that was read and mapped, and how far the scan is behind it. */
type ReadPage = { readonly page: Page; readonly mapped: Received; readonly way: Way };

async function readPages(open: OpenRun, scan: ScanPlan, asked: AskedColumns, pass: Pass): Promise<PassEnd> {
  const { feed, source, signal, lease } = open;
  const pages = source.scan(feed.key.object, pass.request)[Symbol.asyncIterator]();
  const read = toReader(open, asked, pages, pass);
  let { way } = pass;
  try {
    for (let ahead = read(); ; ) {
      const next = await ahead;
      if (next === null) return { way, stopped: false, counted: false };
      const { page, mapped } = next;
      way = next.way;
      if (!page.last) {
        ahead = read();
        // Its failure is told when its turn comes: what was read before it is written first.
        ahead.catch(() => undefined);
      }
      // An empty page in the middle (a window in which nothing happened) moves the mark too, and keeps the lease alive.
      if (page.records.length > 0 || page.unreadable !== undefined || (!page.last && page.cursor !== null)) {
        const mark = toPageMark(lease.mark, scan, pass.held ?? way);
        await pass.told(page, way.seen.newest, (position) =>
          writePage(open, page, mapped, { mark, position }),
        );
      }
      if (page.last || signal.aborted)
        return { way, stopped: !page.last, counted: page.last && page.counted === true };
    }
  } finally {
    // A page that is still being read is not waited for.
    pages.return?.().catch(() => undefined);
  }
}

/** Reads and maps the page behind the one that it read before; null when there is none. */
function toReader(
  open: OpenRun,
  asked: AskedColumns,
  pages: AsyncIterator<Page>,
  { delivery, way, missing }: Pass,
): () => Promise<ReadPage | null> {
  let standing = way;
  let first = true;
  return async () => {
    const { done, value: page } = await pages.next();
    if (done === true) return null;
    if (first && delivery !== null) refuseShape(open, page, delivery);
    first &&= page.records.length === 0;
    missing.look(page.records);
    const mapped = { ...(await mapPage(open, asked, page)), ...toScope(open.feed, delivery) };
    const values = toValues(open.feed, asked, page, mapped.rows);
    standing = {
      seen: toSeen(standing.seen, values, asked, open.clock()),
      cursor: page.cursor ?? standing.cursor,
      legible: standing.legible && page.unreadable === undefined && !hasNameless(open.feed, mapped),
    };
    return { page, mapped, way: standing };
  };
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
    `${unit}/${source}/${object}: ${delivery.name} has no column ${missing.map((column) => toFed(feed, column)).join(', ')}; correct the file or the manifest, or mark the fields optional`,
    { place: { unit, source, object } },
  );
}

// A record without its key may be any of the rows that the list seems to lack.
function hasNameless({ absence }: Feed, { setAside }: MappedPage): boolean {
  return setAside.some(
    ({ type, fault }) => fault.code === 'HUB_MAP_KEY_EMPTY' && type !== null && absence.includes(type),
  );
}

export type Received = MappedPage & { readonly receivedAt: string; readonly scope?: string };

export async function mapPage(
  open: Pick<OpenRun, 'feed' | 'mapping' | 'clock' | 'source'>,
  asked: AskedColumns,
  page: Page,
): Promise<Received> {
  const { feed, mapping, clock } = open;
  const receivedAt = toIso(clock());
  const joined = await readExtends(open.source, mapping, asked, page);
  return { ...toMappedPage(feed, mapping, joined, { now: clock(), receivedAt }), receivedAt };
}

async function writePage(
  open: OpenRun,
  page: Page,
  mapped: Received,
  at: { readonly mark: FeedMark; readonly position: number | null },
): Promise<RunCounts> {
  const { feed, run, store, clock } = open;
  const unreadable = page.unreadable ?? [];
  return store.commitPage(
    run,
    {
      ...mapped,
      setAside: withUnreadable(mapped, unreadable),
      read: page.records.length + unreadable.length,
      ...at,
      remember: feed.key.strategy === 'snapshot',
    },
    { now: toIso(clock()), holdMs: feed.holdMs },
  );
}

// Writes each page with the position behind it and tells the progress; a resumed scan counts from where it was.
function toTeller(open: OpenRun, scan: ScanPlan, asked: AskedColumns) {
  const startedMs = open.clock();
  const startedAt = toTimePosition(scan.from, scan.newest, startedMs);
  let read = 0;
  let written = 0;
  let setAside = 0;
  return async (
    page: Page,
    newest: bigint | null,
    write: (position: number | null) => Promise<RunCounts>,
  ) => {
    const now = open.clock();
    read += page.records.length;
    const inTime = toTimePosition(scan.from, newest, now);
    // A resumed snapshot does not know how much lies behind its cursor.
    const inCount = scan.after === null ? toCountPosition(read, asked.rows) : null;
    const position = page.last ? 1 : (inTime ?? inCount);
    const counts = await write(position);
    written += counts.written;
    setAside += counts.setAside;
    const seen = { read, written, setAside, position, now: open.clock() };
    open.onProgress?.(toProgress({ feed: open.feed, startedMs, startedAt }, seen));
  };
}
