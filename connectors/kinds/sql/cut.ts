// Ends a call at once when its time is up, its caller lost interest, or the source is closed.
import { HubError } from '../../../schema/errors.ts';
import { toAbortError } from '../../kit/resilience/abort.ts';
import type { SourcePlace } from './faults.ts';

export type CutLimits = {
  readonly place: SourcePlace;
  /** null: as long as it takes. */
  readonly timeoutMs: number | null;
  readonly closing: AbortSignal;
  readonly signal: AbortSignal | undefined;
};

/**
 * Runs `work` with a promise that rejects when the call must end: HUB_SOURCE_TIMEOUT after `timeoutMs`,
 * HUB_SOURCE_CLOSED when the source closes or the caller cancels (the caller's own HubError or time-out wins).
 */
export async function withCut<T>(limits: CutLimits, work: (cut: Promise<never>) => Promise<T>): Promise<T> {
  const { place, timeoutMs, closing, signal } = limits;
  const name = `${place.unit}.${place.source}`;
  let cutNow: (error: HubError) => void = () => undefined;
  const cut = new Promise<never>((_, reject) => {
    cutNow = reject;
  });
  cut.catch(() => undefined);
  const onClose = () =>
    cutNow(new HubError('HUB_SOURCE_CLOSED', `${name}: the source was closed`, { place }));
  const onAbort = () => cutNow(toAbortError(signal?.reason, name, place));
  const onTime = () =>
    cutNow(new HubError('HUB_SOURCE_TIMEOUT', `${name}: no answer within ${timeoutMs} ms`, { place }));
  const timer = timeoutMs === null ? undefined : setTimeout(onTime, timeoutMs);
  closing.addEventListener('abort', onClose);
  signal?.addEventListener('abort', onAbort);
  try {
    if (closing.aborted) onClose();
    if (signal?.aborted) onAbort();
    return await (closing.aborted || signal?.aborted ? cut : work(cut));
  } finally {
    clearTimeout(timer);
    closing.removeEventListener('abort', onClose);
    signal?.removeEventListener('abort', onAbort);
  }
}
