// Stops asking a source that keeps failing, and tries it again with one call at a time.
import { type ErrorCode, HubError, isHubError } from '../../../schema/errors.ts';
import type { Source } from '../contract.ts';
import type { Clock } from './clock.ts';
import { guard } from './guard.ts';

export type BreakerSettings = {
  readonly name: string;
  /** How many of the last calls are looked at. */
  readonly window: number;
  /** It opens when at least `faults` of them failed, and at least half. */
  readonly faults: number;
  /** How long it stays open the first time; it doubles with each failed trial up to `mostMs`. */
  readonly openMs: number;
  readonly mostMs: number;
};

/**
 * What says nothing about the legacy system's health: the caller's own doing, the hub's limits, or one object that
 * is not as declared, or is asked wrongly, while others answer.
 */
const INNOCENT: readonly ErrorCode[] = [
  'HUB_SOURCE_CLOSED',
  'HUB_SOURCE_BUSY',
  'HUB_SOURCE_OPEN',
  'HUB_SOURCE_CURSOR',
  'HUB_SOURCE_UNSUPPORTED',
  'HUB_SOURCE_SHAPE',
  'HUB_SOURCE_REQUEST',
  'HUB_SOURCE_CONTRACT',
  'HUB_SOURCE_TARGET',
  'HUB_INTERNAL',
];

/** Of one file that a department left: its own fault, and no word about the folder that it lies in. */
const OF_A_FILE: readonly ErrorCode[] = [
  'HUB_SOURCE_ENCODING',
  'HUB_SOURCE_FORMAT',
  'HUB_SOURCE_LIMIT',
  'HUB_MAP_SHAPE',
];

type State =
  | { readonly kind: 'closed' }
  | { readonly kind: 'open'; readonly until: number; readonly openMs: number }
  | { readonly kind: 'trial'; readonly openMs: number };

/**
 * Time-outs, SQL errors, malformed answers and HTTP 5xx count alike. While it is open, calls end at once with
 * HUB_SOURCE_OPEN; afterwards one call is let through and decides.
 */
export function withBreaker(source: Source, settings: BreakerSettings, clock: Clock): Source {
  let state: State = { kind: 'closed' };
  let outcomes: readonly boolean[] = [];
  const open = (openMs: number) => {
    state = { kind: 'open', until: clock.now() + openMs, openMs };
    outcomes = [];
  };
  const admit = (): State => {
    if (state.kind === 'closed') return state;
    if (state.kind === 'trial' || clock.now() < state.until)
      throw new HubError(
        'HUB_SOURCE_OPEN',
        `${settings.name}: not asked after repeated faults; it is tried again later`,
      );
    state = { kind: 'trial', openMs: state.openMs };
    return state;
  };
  const record = (admitted: State, failed: boolean) => {
    // A call that began before the last change of state has no say in the present one.
    if (admitted !== state) return;
    if (admitted.kind === 'trial') {
      if (failed) open(Math.min(settings.mostMs, admitted.openMs * 2));
      else state = { kind: 'closed' };
      return;
    }
    outcomes = [...outcomes, failed].slice(-settings.window);
    const faults = outcomes.filter((fault) => fault).length;
    if (faults >= settings.faults && faults * 2 >= outcomes.length) open(settings.openMs);
  };

  return guard(source, async (call, options) => {
    const admitted = admit();
    try {
      const answer = await call(options);
      record(admitted, false);
      return answer;
    } catch (error) {
      if (isInnocent(error, options.signal)) release(admitted);
      else record(admitted, true);
      throw error;
    }
  });

  /** A trial that proved nothing leaves the next call to try. */
  function release(admitted: State): void {
    if (admitted.kind === 'trial' && admitted === state)
      state = { kind: 'open', until: clock.now(), openMs: admitted.openMs };
  }
}

/** A caller whose time was up has seen a slow source; one who left for other reasons has seen nothing. */
function isInnocent(error: unknown, signal: AbortSignal | undefined): boolean {
  if (isHubError(error, 'HUB_SOURCE_TIMEOUT', 'HUB_UNIT_TIMEOUT')) return false;
  if (isHubError(error, ...OF_A_FILE) && error.place.file !== undefined) return true;
  return signal?.aborted === true || isHubError(error, ...INNOCENT);
}
