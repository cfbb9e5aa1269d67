// The four policies around a source, in the order that makes them help each other (design §2).
import type { AccessSettings, Source } from '../contract.ts';
import { withBreaker } from './breaker.ts';
import { withBulkhead } from './bulkhead.ts';
import type { Clock } from './clock.ts';
import { withDeadline } from './deadline.ts';
import { withRetry } from './retry.ts';

const ATTEMPTS = 3;
const BASE_MS = 200;
const MOST_MS = 5_000;
/** Calls that may wait for one place of `inFlight`. */
const WAITING_A_PLACE = 16;
const WINDOW = 20;
const FAULTS = 5;
const OPEN_MS = 10_000;
/** A source that is back is asked within a minute, however long it was away. */
const MOST_OPEN_MS = 60_000;

export type ResilienceSettings = Pick<AccessSettings, 'unit' | 'name' | 'inFlight' | 'timeoutMs'>;

/**
 * Protects the hub from a department's system and that system from the hub; is itself a source. From the inside: the
 * deadline counts the source's own time, not the queue's; waiting for a place is no fault to the breaker; a breaker that
 * opens ends the attempts. Closing it closes the source.
 */
export function toResilientSource(
  source: Source,
  settings: ResilienceSettings,
  clock: Clock,
  random: () => number = Math.random,
): Source {
  const name = `${settings.unit}.${settings.name}`;
  const { inFlight, timeoutMs } = settings;
  const punctual = withDeadline(source, { name, timeoutMs }, clock);
  const places = { name, inFlight, waiting: inFlight * WAITING_A_PLACE, waitMs: timeoutMs };
  const bounded = withBulkhead(punctual, places, clock);
  const breaker = { name, window: WINDOW, faults: FAULTS, openMs: OPEN_MS, mostMs: MOST_OPEN_MS };
  const watched = withBreaker(bounded, breaker, clock);
  return withRetry(watched, { attempts: ATTEMPTS, baseMs: BASE_MS, mostMs: MOST_MS }, clock, random);
}
