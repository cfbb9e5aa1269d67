// What is asked of a source: for a scan (scan-pages.ts), and for a piece of it that is compared (jobs/reconcile). Pure.
import type { Condition, SelectRequest, Source } from '../../connectors/kit/contract.ts';
import type { Feed } from '../plan/feed.ts';
import { toInstantText } from './instant.ts';
import type { AskedColumns } from './object-columns.ts';
import type { OpenRun } from './open-run.ts';
import type { ScanPlan } from './scan-plan.ts';

/** Everything that the feed reads of its object. */
export function toPlainRequest(feed: Feed, { columns, items }: AskedColumns, source: Source): SelectRequest {
  return {
    columns,
    ...(items === undefined ? {} : { items }),
    // What the source does not evaluate is harmless: `where` is evaluated again by the mapping, and a row from before
    // the window is written as it is.
    filter: feed.filter,
    order: feed.order,
    // A part of the key may be optional, and missing from this source.
    keyHint: feed.keyHint.filter((column) => columns.includes(column)),
    limit: feed.pageRows,
    digest: source.capabilities.digests,
  };
}

export type ScanRequests = { readonly main: SelectRequest; readonly unbounded: SelectRequest | null };

/**
 * The scan's request; and where its bound keeps back rows whose cursor went to null, the one for those, as often as what
 * came late is read again.
 */
export function toScanRequests(open: OpenRun, scan: ScanPlan, asked: AskedColumns): ScanRequests {
  const { feed, lease } = open;
  const { boundary } = asked;
  const bound = scan.from === null ? null : (boundary?.toCondition(scan.from, lease.mark.trail) ?? null);
  const plain = toPlainRequest(feed, asked, open.source);
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
