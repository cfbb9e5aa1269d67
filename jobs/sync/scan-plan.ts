// What a run reads: from which time, behind which cursor, and what its marks will say. Pure; sync-feed.ts carries it out.
import type { FeedMark } from '../../store/contract.ts';
import type { Feed } from '../plan/feed.ts';
import { fromMillis, parseInstant, toInstantText } from './instant.ts';

/** A scan that is begun or resumed. `from` and `newest` are instants in nanoseconds. */
export type ScanPlan = {
  /** Nothing before this time is asked for; null for snapshots. */
  readonly from: bigint | null;
  /** Nothing after this time either: only where the source is asked by a span. */
  readonly to: bigint | null;
  readonly late: boolean;
  /** Behind the last committed page of an unfinished scan. */
  readonly after: string | null;
  /** Newest time that the unfinished scan has seen. */
  readonly newest: bigint | null;
  /** The run that began the scan: its keys are remembered under this id. */
  readonly run: string;
  /** UTC instant at which it was begun. */
  readonly begunAt: string;
  /** False when what an earlier run has read of it was not. */
  readonly legible: boolean;
};

const HOUR = 3_600_000;

/** Restarts that come this often must not keep a long list from ever being read to its end. */
const SHORTEST_PATIENCE_MS = 600_000;

/**
 * Continues an unfinished scan where its last page was committed; otherwise a scan from the beginning. A snapshot that
 * was begun longer ago than its interval is begun anew: its first half says nothing of the present any more, and a row
 * that went meanwhile would count as seen.
 */
export function planScan(
  feed: Feed,
  mark: FeedMark,
  options: { readonly now: number; readonly run: string },
): ScanPlan {
  if (mark.scan === null || isOutdated(feed, mark.scan.begunAt, options.now))
    return planNewScan(feed, mark, options);
  return {
    from: readMark(mark.scan.from),
    to: readMark(mark.scan.to ?? null),
    late: mark.scan.late,
    after: mark.scan.cursor,
    newest: readMark(mark.scan.newest),
    run: mark.scan.run,
    begunAt: mark.scan.begunAt ?? toInstantText(fromMillis(options.now)),
    legible: mark.scan.illegible !== true,
  };
}

function isOutdated(feed: Feed, begunAt: string | undefined, now: number): boolean {
  if (feed.key.strategy !== 'snapshot' || begunAt === undefined) return false;
  return now - Date.parse(begunAt) > Math.max(feed.everyMs, SHORTEST_PATIENCE_MS);
}

/**
 * snapshot: everything. window: the first load goes back `backfill`; later ones re-read `overlap` before the watermark,
 * because rows of one second do not arrive together, and once an hour `late`, because stations report days late.
 */
export function planNewScan(
  feed: Feed,
  mark: FeedMark,
  { now, run }: { readonly now: number; readonly run: string },
): ScanPlan {
  const begunAt = toInstantText(fromMillis(now));
  const to = feed.asks === 'span' ? fromMillis(now) : null;
  const whole = { to, late: false, after: null, newest: null, run, begunAt, legible: true };
  if (feed.key.strategy !== 'window') return { ...whole, from: null };
  if (mark.rewind !== undefined)
    return { ...whole, late: true, from: toRewound(feed, mark, mark.rewind.to, now) };
  const watermark = toPast(readMark(mark.watermark), now);
  if (watermark === null) return { ...whole, from: fromMillis(now - feed.backfillMs) };
  const lateAt = readMark(mark.lateAt);
  const sinceLate = lateAt === null ? null : fromMillis(now) - lateAt;
  const late = feed.lateMs > 0 && (sinceLate === null || sinceLate < 0n || sinceLate >= fromMillis(HOUR));
  const back = late ? Math.max(feed.lateMs, feed.overlapMs) : feed.overlapMs;
  return { ...whole, late, from: watermark - fromMillis(back) };
}

// All that the feed has ever asked for. A source that is asked by a span is called once for each of them: no further back
// than its first load, which the manifest has allowed.
function toRewound(feed: Feed, mark: FeedMark, to: string | null, now: number): bigint {
  const first = fromMillis(now - feed.backfillMs);
  const back = fromMillis(Math.max(feed.lateMs, feed.overlapMs));
  const since = readMark(mark.since ?? null);
  const target = toPast(readMark(to), now);
  const from = target === null ? (since ?? first) : target - back;
  return feed.asks === 'span' && from < first ? first : from;
}

/** The mark behind a page: the watermark stays until the scan is complete. */
export function toPageMark(
  mark: FeedMark,
  scan: ScanPlan,
  { cursor, newest, legible }: { cursor: string | null; newest: bigint | null; legible: boolean },
): FeedMark {
  return {
    ...mark,
    scan: {
      from: scan.from === null ? null : toInstantText(scan.from),
      to: scan.to === null ? null : toInstantText(scan.to),
      late: scan.late,
      cursor,
      newest: newest === null ? null : toInstantText(newest),
      run: scan.run,
      begunAt: scan.begunAt,
      ...(legible ? {} : { illegible: true }),
    },
  };
}

/**
 * The mark of a finished scan. A window's watermark is the newest time seen; where nothing was seen, the time it was
 * asked from, so that an empty source counts as loaded and is not asked for its whole past again. It never moves back,
 * except out of the future. Where the source is asked by a span, it follows the end of the span at the distance that is
 * re-read as late, so that a quiet source (warnings) is not asked for a span that grows for ever. A snapshot's is the time
 * at which it was complete.
 */
export function toFinalMark(
  feed: Pick<Feed, 'overlapMs' | 'lateMs'>,
  mark: FeedMark,
  scan: ScanPlan,
  newest: bigint | null,
  now: number,
): FeedMark {
  const at = toInstantText(fromMillis(now));
  const watermark = toPast(readMark(mark.watermark), now);
  const first = watermark === null;
  const behind = scan.to === null ? null : scan.to - fromMillis(Math.max(feed.lateMs, feed.overlapMs));
  const seen = toLatest([newest ?? scan.from, behind]) ?? fromMillis(now);
  const { rewind: _done, ...standing } = mark;
  return {
    ...standing,
    // What a first load did not ask for was never missing.
    since: first ? (scan.from === null ? null : toInstantText(scan.from)) : (mark.since ?? null),
    watermark: toInstantText(watermark !== null && watermark > seen ? watermark : seen),
    // The first load has read everything that a late re-read would.
    lateAt: scan.late || first ? at : mark.lateAt,
    scan: null,
  };
}

/** The newer of two times; what lies in the future is a wrong clock and must not move a watermark. */
export function toNewest(known: bigint | null, seen: bigint | null, now: number): bigint | null {
  if (seen === null || seen > fromMillis(now)) return known;
  return known === null || seen > known ? seen : known;
}

/**
 * A mark of the future was made while this machine's clock was wrong. What lay before the present was asked for then; what
 * lies behind it was not there yet.
 */
function toPast(mark: bigint | null, now: number): bigint | null {
  return mark !== null && mark > fromMillis(now) ? fromMillis(now) : mark;
}

function toLatest(times: readonly (bigint | null)[]): bigint | null {
  return times.reduce(
    (latest, time) => (latest === null || (time !== null && time > latest) ? time : latest),
    null,
  );
}

function readMark(text: string | null): bigint | null {
  return text === null ? null : parseInstant(text);
}
