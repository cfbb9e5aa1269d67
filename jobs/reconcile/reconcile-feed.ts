// One comparison of one feed: both sides counted by day, what differs by hour, what differs still record by record, what is
// missing written. Takes the feed's lease as a sync run does, so that the two never run beside each other.
import type { Source } from '../../connectors/kit/contract.ts';
import type { UnitType } from '../../connectors/kit/manifest/model.ts';
import { HubError, toError } from '../../schema/errors.ts';
import type { FeedMark, Lease } from '../../store/contract.ts';
import type { ReconcileStore } from '../../store/reconcile/contract.ts';
import type { Feed } from '../plan/feed.ts';
import { acquireFeed } from '../sync/acquire-feed.ts';
import { inspectShape } from '../sync/inspect-shape.ts';
import { parseInstant, toInstantText } from '../sync/instant.ts';
import type { AskedColumns } from '../sync/object-columns.ts';
import { type OpenRun, type SyncOptions, toIso } from '../sync/open-run.ts';
import { compareCounted } from './compare-counted.ts';
import { type Comparing, isComparable, toHindrance } from './comparing.ts';
import { readPiece } from './read-piece.ts';
import type { PieceFound, ReconcileReport } from './report.ts';
import { type Bounds, type TimeCut, toBounds, toTimeCut } from './time-bounds.ts';
import { type Compared, toPublished, toTypesFound } from './to-findings.ts';

export type ReconcileOptions = Omit<SyncOptions, 'onProgress'> & {
  readonly reconcile: ReconcileStore;
  /** Of the unit. */
  readonly types: readonly UnitType[];
  /** Compares and writes nothing but what it found. */
  readonly dryRun?: boolean;
};

/** Rejects with the source's or the store's error after the run was closed as failed. */
export async function reconcileFeed(feed: Feed, options: ReconcileOptions): Promise<ReconcileReport> {
  const { store, clock, reason } = options;
  if (!isComparable(feed)) throw toIncomparable(feed);
  const startedMs = clock();
  const report = (end: Partial<ReconcileReport> & Pick<ReconcileReport, 'state'>): ReconcileReport => ({
    ...{ feed: feed.name, run: null, from: null, through: null, types: [], pieces: [] },
    milliseconds: clock() - startedMs,
    ...end,
  });
  const lease = await acquireFeed(feed, options);
  if (lease === null) return report({ state: 'busy' });
  try {
    const bounds = toBoundsOf(feed, lease.mark, options);
    if (bounds === null) return report({ state: 'idle' });
    const run = await store.openRun(lease, { reason, now: toIso(clock()), task: 'reconcile' });
    const open: OpenRun = { ...options, feed, lease, run };
    try {
      const end = await runComparison(open, options, bounds === 'all' ? null : bounds);
      if (end === null) {
        const error = new HubError('HUB_SYNC_STOPPED', `feed ${feed.name} was asked to stop`);
        await store.closeRun(run, { state: 'stopped', error }, { now: toIso(clock()) });
        return report({ state: 'stopped', run: run.id });
      }
      const mark = toMark(feed, lease, options, startedMs);
      await store.closeRun(run, { state: 'succeeded', mark, absence: false }, { now: toIso(clock()) });
      const span = bounds === 'all' ? {} : toShown(bounds);
      return report({ state: 'succeeded', run: run.id, ...span, ...end });
    } catch (error) {
      // What broke the run is what the caller must hear, even if the run cannot be closed either.
      await store
        .closeRun(run, { state: 'failed', error: toError(error) }, { now: toIso(clock()) })
        .catch(() => undefined);
      throw error;
    }
  } finally {
    await store.release(lease).catch(() => undefined);
  }
}

type End = Pick<ReconcileReport, 'types' | 'pieces'>;

async function runComparison(
  open: OpenRun,
  options: ReconcileOptions,
  bounds: Bounds | null,
): Promise<End | null> {
  const { run, clock } = open;
  const inspected = await inspectShape(open);
  const { asked } = inspected;
  const own = options.types.filter(({ name }) => inspected.open.feed.types.includes(name));
  // Of a row that several forms fill in part, one digest tells of one part only.
  const types = own.filter(({ merge }) => merge !== 'fields').map(({ name }) => name);
  const comparing: Comparing = {
    ...{
      open: toAskedFor(inspected.open, asked),
      asked,
      types,
      unitTypes: own,
      reconcile: options.reconcile,
      dryRun: options.dryRun === true,
    },
    shows: (type) => own.find(({ name }) => name === type)?.class !== 'personal',
    moved: new Map(types.map((type) => [type, new Set()])),
  };
  const compared = await compare(comparing, bounds);
  if (compared === null) return null;
  const found: PieceFound[] = [];
  for (const end of compared.ends) found.push(await end());
  const { findings, known, missing } = toPublished(comparing.types, own, compared, found);
  await options.reconcile.publish(run, { now: toIso(clock()), missing, findings, known });
  return { types: toTypesFound(own, compared, found, comparing.dryRun), pieces: found };
}

// A first load by mark that did not go back to the beginning left out what was modified before: nobody misses it.
function toAskedFor(open: OpenRun, { boundary }: AskedColumns): OpenRun {
  const { feed, lease } = open;
  const since = feed.key.strategy === 'cursor' ? parseInstant(lease.mark.since ?? '') : null;
  const bound = since === null ? null : (boundary?.toCondition(since, lease.mark.trail) ?? null);
  return bound === null ? open : { ...open, feed: { ...feed, filter: [...feed.filter, bound] } };
}

async function compare(comparing: Comparing, bounds: Bounds | null): Promise<Compared | null> {
  const { open, asked, types } = comparing;
  const { feed, source } = open;
  if (types.length === 0) return { ends: [], counted: null };
  const kind = asked.timeKind ?? 'timestamp';
  const cut =
    bounds === null || feed.timeColumn === null ? null : toTimeCut(feed.timeColumn, kind, feed.zone, bounds);
  if (source.capabilities.digests && feed.asks === 'rows') return compareCounted(comparing, cut);
  const ends = await readPiece(comparing, toOnePiece(feed, bounds, cut));
  return ends === null ? null : { ends, counted: null };
}

// Nobody counts for us: the late window, or the whole list, is read again record by record.
function toOnePiece(feed: Feed, bounds: Bounds | null, cut: TimeCut | null): Parameters<typeof readPiece>[1] {
  if (bounds === null) return { stretch: null, request: { filter: feed.filter }, span: null };
  if (cut !== null)
    return { stretch: null, request: { filter: [...feed.filter, ...cut.toFilter(null)] }, span: cut.whole };
  const span = { from: toInstantText(bounds.from), to: toInstantText(bounds.through) };
  // By which of its times the source answers a span, it alone knows.
  return { stretch: null, request: { filter: feed.filter, span }, span: undefined };
}

function toBoundsOf(
  feed: Feed,
  mark: FeedMark,
  { types, source, clock }: ReconcileOptions,
): Bounds | 'all' | null {
  if (mark.watermark === null) return null;
  if (feed.key.strategy !== 'window') return 'all';
  const own = types.filter(({ name }) => feed.types.includes(name));
  return toBounds(feed, mark, own, { now: clock(), late: !isCounted(feed, source) });
}

function isCounted(feed: Feed, source: Source): boolean {
  return source.capabilities.digests && feed.asks === 'rows';
}

// Where the late window was read again record by record, the hour's late re-read has been done.
function toMark(
  feed: Feed,
  { mark }: Lease,
  { source, dryRun }: ReconcileOptions,
  startedMs: number,
): FeedMark {
  if (isCounted(feed, source) || dryRun === true || feed.key.strategy !== 'window') return mark;
  return { ...mark, lateAt: toIso(startedMs) };
}

function toShown({ from, through }: Bounds): Pick<ReconcileReport, 'from' | 'through'> {
  return { from: toInstantText(from), through: toInstantText(through) };
}

function toIncomparable(feed: Feed): HubError {
  const why = toHindrance(feed);
  return new HubError('HUB_SOURCE_UNSUPPORTED', `feed ${feed.name} cannot be compared: ${why}`, {
    place: { unit: feed.key.unit, source: feed.key.source, object: feed.key.object },
  });
}
