// Which part of a feed's time is compared, and its pieces: named by the wall clock that stands in the source's table, so
// that both sides cut at the same moments. Pure.
import type { ColumnKind, Condition } from '../../connectors/kit/contract.ts';
import type { UnitType } from '../../connectors/kit/manifest/model.ts';
import { toMillis } from '../../schema/duration.ts';
import type { FeedMark } from '../../store/contract.ts';
import type { TimeSpan } from '../../store/reconcile/contract.ts';
import type { Feed } from '../plan/feed.ts';
import { fromMillis, parseInstant, toInstantText, toZone, type Zone } from '../sync/instant.ts';

/** From an instant to the last one that counts, both included. Nanoseconds. */
export type Bounds = { readonly from: bigint; readonly through: bigint };

/** A stretch of wall clock, `yyyy-MM-dd HH:mm:ss`; `to` is behind it. */
export type Stretch = { readonly from: string; readonly to: string };

const MICROSECOND = 1000n;

/**
 * From where the first load began to the newest that a finished run has seen: what came later is not due yet. What the
 * source purges by itself, or the hub, is no loss. `late`: only the part that is re-read as late. null: nothing yet.
 */
export function toBounds(
  feed: Feed,
  mark: FeedMark,
  types: readonly Pick<UnitType, 'retains' | 'keep'>[],
  options: { readonly now: number; readonly late: boolean },
): Bounds | null {
  const watermark = mark.watermark === null ? null : parseInstant(mark.watermark);
  if (watermark === null) return null;
  const now = fromMillis(options.now);
  const through = toEarlier(watermark, now);
  const since = parseInstant(mark.since ?? '');
  const kept = types
    .flatMap(({ retains, keep }) => [retains, keep].flatMap((iso) => iso ?? []))
    .map(toMillis);
  const froms = [
    // A mark of before this was written down: the first load went back at least to here.
    since ?? now - fromMillis(feed.backfillMs),
    ...kept.map((ms) => now - fromMillis(ms)),
    ...(options.late ? [through - fromMillis(Math.max(feed.lateMs, feed.overlapMs))] : []),
  ];
  const from = froms.reduce(toLater);
  return from > through ? null : { from, through };
}

/** How a feed's time is cut and asked for. */
export type TimeCut = {
  /** By what clock its pieces are named: the source's, or UTC where the column holds instants. */
  readonly zone: string;
  readonly whole: TimeSpan;
  /** Nothing shorter than a day where the column holds days. */
  readonly perHour: boolean;
  /** The conditions of a stretch, inside the bounds. */
  toFilter(stretch: Stretch | null): readonly Condition[];
  toSpan(stretch: Stretch): TimeSpan;
};

export function toTimeCut(column: string, kind: ColumnKind, zoneName: string, bounds: Bounds): TimeCut {
  const zone = toZone(kind === 'timestamptz' ? 'UTC' : zoneName);
  const name = kind === 'timestamptz' ? 'UTC' : zoneName;
  const lower = kind === 'date' ? toDayBegin(zone, bounds.from) : toWall(zone, bounds.from);
  const upper = toWall(zone, bounds.through);
  const toValue = (wall: string): string => {
    if (kind === 'date') return wall.slice(0, 10);
    return kind === 'timestamptz' ? `${wall.replace(' ', 'T')}Z` : wall;
  };
  const behind = bounds.through + MICROSECOND;
  const whole: TimeSpan = {
    column,
    zone: name,
    from: kind === 'date' ? toInstant(zone, lower) : toInstantText(bounds.from),
    to: toInstantText(behind),
    fromWall: lower,
    toWall: toWall(zone, behind),
  };
  return {
    zone: name,
    whole,
    perHour: kind !== 'date',
    toFilter: (stretch) => {
      const from = stretch === null || stretch.from < lower ? lower : stretch.from;
      const low: Condition = { column, op: 'gte', value: toValue(from) };
      // Both, where a stretch ends inside the bounds: the database then needs no more than its index.
      if (stretch === null || stretch.to > upper) return [low, { column, op: 'lte', value: toValue(upper) }];
      return [low, { column, op: 'lt', value: toValue(stretch.to) }];
    },
    toSpan: (stretch) => {
      const [early, late] = [stretch.from <= lower, stretch.to > upper];
      return {
        ...whole,
        ...(early ? {} : { from: toInstant(zone, stretch.from), fromWall: stretch.from }),
        ...(late ? {} : { to: toInstant(zone, stretch.to), toWall: stretch.to }),
      };
    },
  };
}

/** The piece that begins at `from`. */
export function toStretch(from: string, per: 'hour' | 'day'): Stretch {
  const next = Date.parse(`${from.replace(' ', 'T')}Z`) + (per === 'hour' ? 3_600_000 : 86_400_000);
  return { from, to: new Date(next).toISOString().slice(0, 19).replace('T', ' ') };
}

/** Hours that follow each other as one stretch. */
export function joinHours(hours: readonly string[]): readonly Stretch[] {
  const joined: Stretch[] = [];
  for (const { from, to } of [...hours].sort().map((hour) => toStretch(hour, 'hour'))) {
    const last = joined.at(-1);
    if (last?.to === from) joined.splice(-1, 1, { from: last.from, to });
    else joined.push({ from, to });
  }
  return joined;
}

// Without closing zeros: walls are compared as texts.
function toWall(zone: Zone, nanos: bigint): string {
  const [seconds = '', fraction = ''] = zone.toWallClock(nanos).split('.');
  const digits = fraction.replace(/0+$/, '');
  return digits === '' ? seconds : `${seconds}.${digits}`;
}

function toInstant(zone: Zone, wall: string): string {
  const nanos = zone.parse(wall);
  if (nanos === null) throw new RangeError(`a piece must begin at a wall clock, but got: ${wall}`);
  return toInstantText(nanos);
}

// A day of which only a part lies inside is not counted: the column cannot tell its parts.
function toDayBegin(zone: Zone, nanos: bigint): string {
  const wall = toWall(zone, nanos);
  const day = `${wall.slice(0, 10)} 00:00:00`;
  return wall === day ? day : toStretch(day, 'day').to;
}

// Math knows no whole numbers of this size.
function toLater(one: bigint, other: bigint): bigint {
  if (one > other) return one;
  return other;
}

function toEarlier(one: bigint, other: bigint): bigint {
  return one === toLater(one, other) ? other : one;
}
