// How far a run is, for the bar of the first load and for the log. Pure: the clock comes with each call.
import type { Feed } from '../plan/feed.ts';
import { toMillisOf } from './instant.ts';

export type Progress = {
  readonly unit: string;
  readonly feed: string;
  readonly read: number;
  readonly written: number;
  readonly ratePerSecond: number;
  /** 0…1; null while nothing tells how much there is. */
  readonly position: number | null;
  /** Wall clock at which it should be done, milliseconds, UTC; null when nothing tells. */
  readonly estimatedEndMs: number | null;
};

export type Begun = {
  readonly feed: Feed;
  readonly startedMs: number;
  /** Position at which a resumed run began. */
  readonly startedAt: number | null;
};

/** Position of a time between the beginning of a window and now. */
export function toTimePosition(from: bigint | null, newest: bigint | null, now: number): number | null {
  if (from === null) return null;
  const span = now - toMillisOf(from);
  if (span <= 0) return 1;
  return newest === null ? 0 : clamp((toMillisOf(newest) - toMillisOf(from)) / span);
}

/** Position of a count in an estimate; an estimate that was passed tells nothing more. */
export function toCountPosition(read: number, estimate: number | null): number | null {
  return estimate === null || estimate <= 0 || read > estimate ? null : read / estimate;
}

export function toProgress(
  { feed, startedMs, startedAt }: Begun,
  seen: {
    readonly read: number;
    readonly written: number;
    readonly position: number | null;
    readonly now: number;
  },
): Progress {
  const elapsed = Math.max(seen.now - startedMs, 1);
  const done = seen.position === null ? 0 : seen.position - (startedAt ?? 0);
  return {
    unit: feed.key.unit,
    feed: feed.name,
    read: seen.read,
    written: seen.written,
    ratePerSecond: Math.round((seen.read * 1000) / elapsed),
    position: seen.position,
    estimatedEndMs:
      seen.position === null || done <= 0
        ? null
        : Math.round(seen.now + (elapsed * (1 - seen.position)) / done),
  };
}

function clamp(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}
