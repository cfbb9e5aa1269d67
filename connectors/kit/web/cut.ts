// Ends a call at once when its time is up, its caller lost interest, or the source is closed.
import type { HubError } from '../../../schema/errors.ts';
import { toAbortError } from '../resilience/abort.ts';
import type { Clock } from '../resilience/clock.ts';
import { toFault, type WebPlace } from './faults.ts';

export type CutLimits = {
  readonly place: WebPlace;
  readonly timeoutMs: number;
  readonly closing: AbortSignal;
  readonly signal: AbortSignal | undefined;
};

/**
 * Runs `work` with a signal whose reason is the HubError with which the call ends: HUB_SOURCE_TIMEOUT after `timeoutMs`,
 * HUB_SOURCE_CLOSED when the source closes or the caller cancels (the caller's own HubError or time-out wins).
 */
export async function withCut<T>(
  limits: CutLimits,
  clock: Clock,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { place, timeoutMs, closing, signal } = limits;
  const inner = new AbortController();
  const cut = (error: HubError) => inner.abort(error);
  const onClose = () => cut(toFault('HUB_SOURCE_CLOSED', place, 'the source was closed'));
  const onAbort = () => cut(toAbortError(signal?.reason, `${place.unit}.${place.source}`, place));
  closing.addEventListener('abort', onClose);
  signal?.addEventListener('abort', onAbort);
  const timer = new AbortController();
  try {
    if (closing.aborted) onClose();
    if (signal?.aborted) onAbort();
    inner.signal.throwIfAborted();
    clock.sleep(timeoutMs, timer.signal).then(
      () => cut(toFault('HUB_SOURCE_TIMEOUT', place, `no answer within ${timeoutMs} ms`)),
      () => undefined,
    );
    return await orAbort(work(inner.signal), inner.signal);
  } finally {
    timer.abort();
    closing.removeEventListener('abort', onClose);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** The work, or the signal's reason as soon as it aborts; the work then goes on unheard. */
export async function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
  });
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    work.catch(() => undefined);
  }
}
