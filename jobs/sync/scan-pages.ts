// The pages of a scan: read, join, map, commit with the mark, one after the other. Called by run-open.ts alone.
import type { Delivery, Page, SelectRequest, Unreadable } from '../../connectors/kit/contract.ts';
import { HubError } from '../../schema/errors.ts';
import type { FeedMark, SetAside } from '../../store/contract.ts';
import type { Feed } from '../plan/feed.ts';
import { parseInstant, toInstantText, toZone, type Zone } from './instant.ts';
import { type MappedPage, toMappedPage } from './map-page.ts';
import { type AskedColumns, readAskedColumns } from './object-columns.ts';
import { type OpenRun, toIso } from './open-run.ts';
import { toCountPosition, toProgress, toTimePosition } from './progress.ts';
import { readExtends } from './read-extends.ts';
import { type ScanPlan, toNewest, toPageMark } from './scan-plan.ts';

export type ScanEnd = {
  /** Newest time that the whole scan has seen, nanoseconds; null for snapshots and empty windows. */
  readonly newest: bigint | null;
  /** True when the run was asked to stop before the last page. */
  readonly stopped: boolean;
  /** False when there were records of which nobody can say which they are: they must not count as absent. */
  readonly legible: boolean;
};

/** Reads and writes until the last page or until the signal; never stops inside a page. `delivery`: the one that is read. */
export async function scanPages(
  open: OpenRun,
  scan: ScanPlan,
  delivery: Delivery | null = null,
): Promise<ScanEnd> {
  const { feed, source, signal } = open;
  if (signal.aborted) return { newest: scan.newest, stopped: true, legible: true };
  const zone = toZone(feed.zone);
  const asked = await readAskedColumns(source, feed, open.mapping, zone);
  const told = toTeller(open, scan, asked);
  let newest = scan.newest;
  let cursor = scan.after;
  const request = {
    ...toRequest(open, scan, asked),
    ...(delivery === null ? {} : { delivery: delivery.id }),
  };
  let [first, legible] = [true, true];
  for await (const page of source.scan(feed.key.object, request)) {
    if (first && delivery !== null) refuseShape(open, page, delivery);
    first &&= page.records.length === 0;
    legible &&= page.unreadable === undefined;
    cursor = page.cursor ?? cursor;
    const mapped = await mapPage(open, asked, page);
    for (const time of toTimes(feed, page, mapped.rows, zone)) newest = toNewest(newest, time, open.clock());
    // An empty page in the middle (a window in which nothing happened) moves the mark too, and keeps the lease alive.
    if (page.records.length > 0 || page.unreadable !== undefined || (!page.last && page.cursor !== null))
      await told(page, newest, (position) =>
        writePage(open, page, mapped, { mark: toPageMark(open.lease.mark, scan, cursor, newest), position }),
      );
    if (page.last) break;
    if (signal.aborted) return { newest, stopped: true, legible };
  }
  return { newest, stopped: false, legible };
}

// The time is read from the source's column where there is one: a record that is set aside must not stall the watermark,
// and a mapped time may have lost digits. Where the source answers by a span, the mapping alone knows where the time is.
function toTimes(feed: Feed, page: Page, rows: MappedPage['rows'], zone: Zone): readonly (bigint | null)[] {
  const { timeColumn: column } = feed;
  if (column !== null) return page.records.map((record) => zone.parse(record[column]));
  if (feed.asks !== 'span') return [];
  return rows.map(({ observedAt }) => (observedAt === null ? null : parseInstant(observedAt)));
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

function toRequest(open: OpenRun, scan: ScanPlan, asked: AskedColumns): SelectRequest {
  const { feed } = open;
  const bound = scan.from === null ? null : asked.toBound(scan.from);
  return {
    columns: asked.columns,
    // What the source does not evaluate is harmless: `where` is evaluated again by the mapping, and a row from before
    // the window is written as it is.
    filter: bound === null ? feed.filter : [...feed.filter, bound],
    order: feed.order,
    // A part of the key may be optional, and missing from this source.
    keyHint: feed.keyHint.filter((column) => asked.columns.includes(column)),
    limit: feed.pageRows,
    digest: open.source.capabilities.digests,
    ...(scan.from === null || scan.to === null
      ? {}
      : { span: { from: toInstantText(scan.from), to: toInstantText(scan.to) } }),
    ...(scan.after === null ? {} : { after: scan.after }),
  };
}

type Received = MappedPage & { readonly receivedAt: string };

async function mapPage(open: OpenRun, asked: AskedColumns, page: Page): Promise<Received> {
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
): Promise<number> {
  const { feed, run, store, clock } = open;
  const unreadable = page.unreadable ?? [];
  const counts = await store.commitPage(
    run,
    {
      ...mapped,
      setAside: [...mapped.setAside, ...unreadable.map(toUnreadable)],
      read: page.records.length + unreadable.length,
      ...at,
      remember: feed.absence.length > 0,
    },
    { now: toIso(clock()), holdMs: feed.holdMs },
  );
  return counts.written;
}

function toUnreadable({ raw, message }: Unreadable): SetAside {
  const fault = { code: 'HUB_MAP_RECORD', field: null, column: null, raw: null, message } as const;
  return { type: null, fault, record: raw };
}

// Writes each page with the position behind it and tells the progress; a resumed scan counts from where it was.
function toTeller(open: OpenRun, scan: ScanPlan, asked: AskedColumns) {
  const startedMs = open.clock();
  const startedAt = toTimePosition(scan.from, scan.newest, startedMs);
  let read = 0;
  let written = 0;
  return async (page: Page, newest: bigint | null, write: (position: number | null) => Promise<number>) => {
    const now = open.clock();
    read += page.records.length;
    const inTime = toTimePosition(scan.from, newest, now);
    // A resumed snapshot does not know how much lies behind its cursor.
    const inCount = scan.after === null ? toCountPosition(read, asked.rows) : null;
    const position = page.last ? 1 : (inTime ?? inCount);
    written += await write(position);
    open.onProgress?.(
      toProgress({ feed: open.feed, startedMs, startedAt }, { read, written, position, now: open.clock() }),
    );
  };
}
