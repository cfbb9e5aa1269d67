// What a run reads: from which time, behind which cursor, and what its marks will say. Pure; sync-feed.ts carries it out.
import type { FeedMark } from '../../store/contract.ts';
import type { Feed } from '../plan/feed.ts';
import { fromMillis, parseInstant, toInstantText } from './instant.ts';
import { toTrail } from './trail.ts';

/** How far a scan has come: the newest time, in nanoseconds; where its cursor is a bare number, the highest. */
export type Seen = { readonly newest: bigint | null; readonly high: bigint | null };

/** What the pages of a scan move on. `legible`: nothing was met of which nobody can say which row it is. */
export type Way = { readonly seen: Seen; readonly cursor: string | null; readonly legible: boolean };

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
  /** Highest number that it has seen, where its cursor is a bare number. */
  readonly high: bigint | null;
  /** The run that began the scan: its keys are remembered under this id. */
  readonly run: string;
  /** UTC instant at which it was begun. */
  readonly begunAt: string;
  /** False when what an earlier run has read of it was not. */
  readonly legible: boolean;
};

export type PlanOptions = {
  readonly now: number;
  readonly run: string;
  /** Between two re-reads of what came late; PT1H. */
  readonly lateEveryMs?: number;
};

const HOUR = 3_600_000;

/** Restarts that come this often must not keep a long list from ever being read to its end. */
const SHORTEST_PATIENCE_MS = 600_000;

/**
 * Continues an unfinished scan where its last page was committed; otherwise a scan from the beginning. A snapshot that
 * was begun longer ago than its interval is begun anew: its first half says nothing of the present any more, and a row
 * that went meanwhile would count as seen.
 */
export function planScan(feed: Feed, mark: FeedMark, options: PlanOptions): ScanPlan {
  if (mark.scan === null || isOutdated(feed, mark.scan.begunAt, options.now))
    return planNewScan(feed, mark, options);
  return {
    from: readMark(mark.scan.from),
    to: readMark(mark.scan.to ?? null),
    late: mark.scan.late,
    after: mark.scan.cursor,
    newest: readMark(mark.scan.newest),
    high: mark.scan.high === undefined ? null : BigInt(mark.scan.high),
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
 * because rows of one second do not arrive together, and once an hour `late`, because stations report days late. cursor:
 * the same by the time of the last change, things from their beginning; once an hour also without `late`, for rows whose
 * cursor is null.
 */
export function planNewScan(
  feed: Feed,
  mark: FeedMark,
  { now, run, lateEveryMs = HOUR }: PlanOptions,
): ScanPlan {
  const begunAt = toInstantText(fromMillis(now));
  const to = feed.asks === 'span' ? fromMillis(now) : null;
  const { strategy } = feed.key;
  const whole = { to, late: false, after: null, newest: null, high: null, run, begunAt, legible: true };
  if (strategy !== 'window' && strategy !== 'cursor') return { ...whole, from: null };
  if (mark.rewind !== undefined)
    return { ...whole, late: true, from: toRewound(feed, mark, mark.rewind.to, now) };
  const watermark = toPast(readMark(mark.watermark), now);
  if (watermark === null)
    return { ...whole, from: feed.fromBeginning ? null : fromMillis(now - feed.backfillMs) };
  const lateAt = readMark(mark.lateAt);
  const sinceLate = lateAt === null ? null : fromMillis(now) - lateAt;
  const isReread = feed.lateMs > 0 || strategy === 'cursor';
  const late = isReread && (sinceLate === null || sinceLate < 0n || sinceLate >= fromMillis(lateEveryMs));
  const back = late ? Math.max(feed.lateMs, feed.overlapMs) : feed.overlapMs;
  return { ...whole, late, from: watermark - fromMillis(back) };
}

// All that the feed has ever asked for. A source that is asked by a span is called once for each of them: no further back
// than its first load, which the manifest has allowed.
function toRewound(feed: Feed, mark: FeedMark, to: string | null, now: number): bigint | null {
  const first = fromMillis(now - feed.backfillMs);
  const back = fromMillis(Math.max(feed.lateMs, feed.overlapMs));
  const since = readMark(mark.since ?? null);
  const target = toPast(readMark(to), now);
  if (target === null && since === null && feed.fromBeginning) return null;
  const from = target === null ? (since ?? first) : target - back;
  return feed.asks === 'span' && from < first ? first : from;
}

/** The mark behind a page: the watermark stays until the scan is complete. */
export function toPageMark(
  mark: FeedMark,
  scan: ScanPlan,
  { cursor, seen: { newest, high }, legible }: Way,
): FeedMark {
  return {
    ...mark,
    scan: {
      from: scan.from === null ? null : toInstantText(scan.from),
      to: scan.to === null ? null : toInstantText(scan.to),
      late: scan.late,
      cursor,
      newest: newest === null ? null : toInstantText(newest),
      ...(high === null ? {} : { high: String(high) }),
      run: scan.run,
      begunAt: scan.begunAt,
      ...(legible ? {} : { illegible: true }),
    },
  };
}

/**
 * The mark of a finished scan. Its watermark is the newest time seen, but not beyond the time at which the scan was begun:
 * what was committed behind a long scan's back lies before that. Where nothing was seen, the time it was asked from, so
 * that an empty source counts as loaded and is not asked for its whole past again. It never moves back, except out of the
 * future. A window that is asked by a span follows the end of the span at the distance that is re-read as late, so that a
 * quiet source (warnings) is not asked for a span that grows for ever. A snapshot's is the time at which it was complete;
 * that of a cursor without times, the one at which it was begun, and its trail says up to which number that was.
 */
export function toFinalMark(
  feed: Pick<Feed, 'key' | 'overlapMs' | 'lateMs'>,
  mark: FeedMark,
  scan: ScanPlan,
  seen: Seen,
  now: number,
): FeedMark {
  const at = toInstantText(fromMillis(now));
  const watermark = toPast(readMark(mark.watermark), now);
  const first = watermark === null;
  const reached = toReached(feed, scan, seen, now);
  const counts = seen.high !== null || mark.trail !== undefined;
  const backMs = Math.max(feed.lateMs, feed.overlapMs);
  const { rewind: _done, ...standing } = mark;
  return {
    ...standing,
    // What a first load did not ask for was never missing.
    since: first ? (scan.from === null ? null : toInstantText(scan.from)) : (mark.since ?? null),
    watermark: toInstantText(watermark !== null && watermark > reached ? watermark : reached),
    // The first load has read everything that a late re-read would.
    lateAt: scan.late || first ? at : mark.lateAt,
    ...(counts ? { trail: toTrail(mark.trail ?? [], seen.high, { now, backMs }) } : {}),
    scan: null,
  };
}

function toReached(
  { key, lateMs, overlapMs }: Pick<Feed, 'key' | 'overlapMs' | 'lateMs'>,
  scan: ScanPlan,
  { newest, high }: Seen,
  now: number,
): bigint {
  const begun = readMark(scan.begunAt) ?? fromMillis(now);
  if (key.strategy === 'snapshot' || key.strategy === 'push') return fromMillis(now);
  if (high !== null) return begun;
  // A cursor stays with the source's own clock: what it changes next is stamped by that, however late it runs.
  const followed = key.strategy === 'window' ? scan.to : null;
  const behind = followed === null ? null : followed - fromMillis(Math.max(lateMs, overlapMs));
  const seen = newest !== null && newest > begun ? begun : newest;
  return toLatest([seen ?? scan.from, behind]) ?? begun;
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
