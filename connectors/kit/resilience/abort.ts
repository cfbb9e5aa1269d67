// What a call rejects with when its caller cancels it: sources and policies say it alike.
import { type ErrorPlace, HubError, isHubError } from '../../../schema/errors.ts';

/** The caller's own HubError; HUB_SOURCE_TIMEOUT when the caller's time was up; else HUB_SOURCE_CLOSED. */
export function toAbortError(reason: unknown, name: string, place: ErrorPlace = {}): HubError {
  if (isHubError(reason)) return reason;
  const { name: kind } = (reason ?? {}) as { readonly name?: unknown };
  return kind === 'TimeoutError'
    ? new HubError('HUB_SOURCE_TIMEOUT', `${name}: the caller's time was up`, { place })
    : new HubError('HUB_SOURCE_CLOSED', `${name}: the caller cancelled the call`, { place });
}
