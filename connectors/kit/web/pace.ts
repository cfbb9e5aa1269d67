// The pace of a source: never more calls than the department allows in a time (`limits.rate`), and none while the service
// asked to be left alone. The calls of all processes are counted together where the caller has a book for them; the pause
// that a service asks for is kept by the process that it was said to.
import type { CallPace } from '../contract.ts';
import type { Clock } from '../resilience/clock.ts';
import { toFault, type WebPlace } from './faults.ts';

export type Rate = { readonly calls: number; readonly perMs: number };

export type Pace = {
  /** Resolves when a call may go out; HUB_SOURCE_BUSY at once when that is not before `until` (milliseconds since 1970). */
  wait(until: number, signal: AbortSignal, place: WebPlace): Promise<void>;
  /** No call for so long. */
  pause(ms: number): void;
};

/** A quarter of the calls may come at once; the rest follow evenly, so that no interval of `perMs` holds more than `calls`. */
export function toPace(
  rate: Rate | null,
  clock: Clock,
  book?: (pace: CallPace) => Promise<number | null>,
): Pace {
  const burst = rate === null ? 0 : Math.max(1, Math.floor(rate.calls / 4));
  const everyMs = rate === null ? 0 : rate.perMs / (rate.calls - burst + 1);
  let pausedUntil = 0;
  /** When the bucket would be full again. */
  let full = 0;
  return {
    async wait(until, signal, place) {
      if (rate !== null && book !== undefined) {
        // What is paused books no call.
        if (pausedUntil > clock.now() && pausedUntil >= until)
          throw toBusy(pausedUntil - clock.now(), true, place);
        const patienceMs = Math.min(until - clock.now(), LONGEST_PATIENCE_MS);
        const waitMs = await book({ burst, everyMs: everyMs * SPARE, patienceMs });
        if (waitMs === null) throw toBusy(patienceMs, false, place);
        const sleepMs = Math.max(waitMs, pausedUntil - clock.now());
        if (sleepMs > 0) await clock.sleep(sleepMs, signal);
        return;
      }
      const now = clock.now();
      const at = Math.max(now, full - (burst - 1) * everyMs, pausedUntil);
      if (at > now && at >= until) throw toBusy(at - now, pausedUntil >= at, place);
      full = Math.max(full, at) + everyMs;
      if (at > now) await clock.sleep(at - now, signal);
      const left = pausedUntil - clock.now();
      if (left > 0) throw toBusy(left, true, place);
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, clock.now() + ms);
    },
  };
}

/** Processes do not send at the very moment that they have booked: a twentieth is kept for that. */
const SPARE = 1.05;
const LONGEST_PATIENCE_MS = 86_400_000;

function toBusy(ms: number, isPaused: boolean, place: WebPlace) {
  const why = isPaused ? 'the service asked for a pause' : "the manifest's `limits.rate` is used up";
  return toFault('HUB_SOURCE_BUSY', place, `${why}; it may be asked again in ${Math.ceil(ms / 1000)} s`);
}

const SHORTEST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 300_000;

/** The pause that a Retry-After asks for, in seconds or as a date; a second where it says nothing that can be read. */
export function toPauseMs(retryAfter: string | undefined, now: number): number {
  const text = retryAfter?.trim() ?? '';
  const asked = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(asked)
    ? SHORTEST_PAUSE_MS
    : Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, asked));
}
