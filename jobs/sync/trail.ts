// Times for numbers that have none: when which highest value of a sequence had been seen. A number that was handed out
// after a value had been seen is higher than it; so whatever is committed late lies behind the value of that time. Pure.
import type { TrailStep } from '../../store/contract.ts';
import { fromMillis, parseInstant, toInstantText } from './instant.ts';

/** Of two steps whose distance is less than this part of their age the newer is not kept: 70 steps reach from seconds to days. */
const GRAIN = 8n;

/** The highest value that had been seen at this time; null when nobody can say: then everything is asked for. */
export function toHighAt(trail: readonly TrailStep[], at: bigint): bigint | null {
  const step = trail.findLast((one) => (parseInstant(one.at) ?? at + 1n) <= at);
  return step === undefined ? null : BigInt(step.high);
}

/**
 * The trail behind a finished scan. `backMs`: as far back as any run asks. A sequence that shows less than it did was begun
 * anew, or has lost its newest rows: what was known of it is forgotten, and the next run reads all of it.
 */
export function toTrail(
  trail: readonly TrailStep[],
  high: bigint | null,
  { now, backMs }: { readonly now: number; readonly backMs: number },
): readonly TrailStep[] {
  const last = trail.at(-1);
  if (high === null || (last !== undefined && high < BigInt(last.high))) return [];
  const at = fromMillis(now);
  // What lies in the future was written by a wrong clock.
  const past = trail.filter((step) => (parseInstant(step.at) ?? at) < at);
  const needed = past.findLastIndex((step) => (parseInstant(step.at) ?? at) <= at - fromMillis(backMs));
  const kept: TrailStep[] = [];
  for (const step of past.slice(Math.max(needed, 0))) {
    const [time, before] = [parseInstant(step.at) ?? at, parseInstant(kept.at(-1)?.at ?? '')];
    if (before === null || (time - before) * GRAIN >= at - time) kept.push(step);
  }
  return [...kept, { at: toInstantText(at), high: String(high) }];
}
