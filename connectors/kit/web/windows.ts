// A span of time as the intervals in which it is asked for. Both ends of each are included and the next begins where the last
// ended: a record on the boundary comes twice, which is harmless, and none falls between.
import type { Span } from '../contract.ts';

/** Whole seconds since 1970, both ends included. */
export type Interval = { readonly from: number; readonly to: number };

/** A span in whole seconds, never narrower than what was asked for; null when it is none. */
export function parseSpan({ from, to }: Span): Interval | null {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  if (Number.isNaN(start) || Number.isNaN(end) || start > end) return null;
  const low = Math.floor(start / 1000);
  // Date.parse drops what is finer than a millisecond.
  const hasRest = /\.\d*[1-9]/.test(to);
  return { from: low, to: Math.floor(end / 1000) + (hasRest ? 1 : 0) };
}

/** How many intervals of at most `mostMs` a span has; one where there is no bound. */
export function countWindows({ from, to }: Interval, mostMs: number | null): number {
  return mostMs === null ? 1 : Math.max(1, Math.ceil((to - from) / toStep(mostMs)));
}

/** The interval with this index. */
export function toWindow({ from, to }: Interval, mostMs: number | null, index: number): Interval {
  if (mostMs === null) return { from, to };
  const start = from + index * toStep(mostMs);
  return { from: start, to: Math.min(to, start + toStep(mostMs)) };
}

function toStep(mostMs: number): number {
  return Math.max(1, Math.floor(mostMs / 1000));
}
