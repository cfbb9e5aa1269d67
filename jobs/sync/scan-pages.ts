// The pages of a scan: read, join, map, commit with the mark, one after the other. Called by sync-feed.ts alone.
import type { Page, SelectRequest, SourceRecord } from '../../connectors/kit/contract.ts';
import type { Feed } from '../plan/feed.ts';
import { toZone, type Zone } from './instant.ts';
import { toMappedPage } from './map-page.ts';
import { type AskedColumns, readAskedColumns } from './object-columns.ts';
import { HOLD_MS, type OpenRun, toIso } from './open-run.ts';
import { toCountPosition, toProgress, toTimePosition } from './progress.ts';
import { readExtends } from './read-extends.ts';
import { type ScanPlan, toNewest, toPageMark } from './scan-plan.ts';

export type ScanEnd = {
  /** Newest time that the whole scan has seen, nanoseconds; null for snapshots and empty windows. */
  readonly newest: bigint | null;
  /** True when the run was asked to stop before the last page. */
  readonly stopped: boolean;
};

/** Reads and writes until the last page or until the signal; never stops inside a page. */
export async function scanPages(open: OpenRun, scan: ScanPlan): Promise<ScanEnd> {
  const { feed, source, signal } = open;
  if (signal.aborted) return { newest: scan.newest, stopped: true };
  const zone = toZone(feed.zone);
  const asked = await readAskedColumns(source, feed, open.mapping, zone);
  const told = toTeller(open, scan, asked);
  let newest = scan.newest;
  let cursor = scan.after;
  for await (const page of source.scan(feed.key.object, toRequest(open, scan, asked))) {
    cursor = page.cursor ?? cursor;
    newest = page.records.reduce(
      (known, record) => toNewest(known, timeOf(feed, record, zone), open.clock()),
      newest,
    );
    if (page.records.length > 0) told(page, newest, await writePage(open, scan, asked, page, cursor, newest));
    if (page.last) break;
    if (signal.aborted) return { newest, stopped: true };
  }
  return { newest, stopped: false };
}

// The time is read from the source's column and not from the mapped row: a record that is set aside must not stall the
// watermark, and a mapped time may have lost digits.
function timeOf(feed: Feed, record: SourceRecord, zone: Zone): bigint | null {
  return feed.timeColumn === null ? null : zone.parse(record[feed.timeColumn]);
}

function toRequest(open: OpenRun, scan: ScanPlan, asked: AskedColumns): SelectRequest {
  const { feed } = open;
  const bound = scan.from === null ? null : asked.toBound(scan.from);
  return {
    columns: asked.columns,
    // What the source does not evaluate is harmless: `where` is evaluated again by the mapping, and a row from before
    // the window is written as it is.
    filter: bound === null ? feed.filter : [...feed.filter, bound],
    order: feed.order,
    keyHint: feed.keyHint,
    limit: feed.pageRows,
    ...(scan.after === null ? {} : { after: scan.after }),
  };
}

async function writePage(
  open: OpenRun,
  scan: ScanPlan,
  asked: AskedColumns,
  page: Page,
  cursor: string | null,
  newest: bigint | null,
): Promise<number> {
  const { feed, mapping, lease, run, store, clock } = open;
  const receivedAt = toIso(clock());
  const joined = await readExtends(open.source, mapping, asked, page.records);
  const mapped = toMappedPage(feed, mapping, joined, { now: clock(), receivedAt });
  const counts = await store.commitPage(
    run,
    {
      ...mapped,
      read: page.records.length,
      receivedAt,
      mark: toPageMark(lease.mark, scan, cursor, newest),
      remember: feed.absence.length > 0,
    },
    { now: toIso(clock()), holdMs: HOLD_MS },
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
