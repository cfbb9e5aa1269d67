// Signs of life to a broker, and the look whether it still gives any.
import type { Clock } from '../../kit/resilience/clock.ts';

export type KeepAlive = {
  /** What the broker was promised, milliseconds; 0: it wants none. */
  readonly everyMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly ping: () => void;
  /** When the broker was heard last; null: nobody listens to it at the moment. */
  readonly heardMs: () => number | null;
  readonly onSilence: () => void;
};

/** Until the signal. Who is silent for one and a half of the time is gone (MQTT 3.1.2.10). */
export async function keepAlive(options: KeepAlive): Promise<void> {
  const { everyMs, clock, signal, ping, heardMs, onSilence } = options;
  if (everyMs <= 0) return;
  let sinceMs = clock.now();
  while (!signal.aborted) {
    await clock.sleep(everyMs / 2, signal).catch(() => undefined);
    if (signal.aborted) return;
    sinceMs = Math.max(sinceMs, heardMs() ?? clock.now());
    if (clock.now() - sinceMs > 1.5 * everyMs) onSilence();
    else ping();
  }
}
