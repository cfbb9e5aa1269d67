// How far a run is, for the bar of the first load and for the log. Pure: the clock comes with each call.
import type { Feed } from '../plan/feed.ts';
import { toMillisOf } from './instant.ts';

export type Progress = {
  readonly unit: string;
  readonly feed: string;
  readonly read: number;
  readonly written: number;
  readonly setAside: number;
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
  seen: Pick<Progress, 'read' | 'written' | 'setAside' | 'position'> & { readonly now: number },
): Progress {
  const { now, ...counted } = seen;
  return {
    unit: feed.key.unit,
    feed: feed.name,
    ...counted,
    ...toPace({ ...counted, startedMs, startedAt: startedAt ?? 0 }, now),
  };
}

/** How fast a run is, and when it should be done if it goes on so. `startedAt`: the position at which it began. */
export function toPace(
  run: Pick<Progress, 'read' | 'position'> & { readonly startedMs: number; readonly startedAt: number },
  now: number,
): Pick<Progress, 'ratePerSecond' | 'estimatedEndMs'> {
  const elapsed = Math.max(now - run.startedMs, 1);
  const done = run.position === null ? 0 : run.position - run.startedAt;
  return {
    ratePerSecond: Math.round((run.read * 1000) / elapsed),
    estimatedEndMs:
      run.position === null || done <= 0 ? null : Math.round(now + (elapsed * (1 - run.position)) / done),
  };
}

function clamp(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}
