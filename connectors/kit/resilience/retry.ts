// Repeats reads that failed for a reason that may pass, a little later each time and never in step with others.
import { isHubError } from '../../../schema/errors.ts';
import type { Source } from '../contract.ts';
import type { Clock } from './clock.ts';
import { guard } from './guard.ts';

export type RetrySettings = {
  /** Calls in all, the first one included. */
  readonly attempts: number;
  /** The longest wait before the second attempt; it doubles with each further one. */
  readonly baseMs: number;
  readonly mostMs: number;
};

/** Repeated: unreachable, late, or refused by an error of the moment. A busy or open source would only be asked more. */
const PASSING = ['HUB_SOURCE_UNREACHABLE', 'HUB_SOURCE_TIMEOUT', 'HUB_SOURCE_QUERY'] as const;

/** Reads only, which is all that a source has. `random` gives [0, 1): the wait is anything up to its ceiling. */
export function withRetry(
  source: Source,
  settings: RetrySettings,
  clock: Clock,
  random: () => number,
): Source {
  return guard(source, async (call, options) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call(options);
      } catch (error) {
        const isLast = attempt >= settings.attempts || options.signal?.aborted === true;
        if (isLast || !isHubError(error, ...PASSING)) throw error;
        const ceiling = Math.min(settings.mostMs, settings.baseMs * 2 ** (attempt - 1));
        // A caller who leaves while waiting gets the fault that was waited for.
        await clock.sleep(random() * ceiling, options.signal).catch(() => {
          throw error;
        });
      }
    }
  });
}
