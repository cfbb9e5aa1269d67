// A store that hangs must not hang the gateway: every statement runs under a deadline of the executor's own, since the
// stitching has none.
import { HubError } from '../../schema/errors.ts';

/**
 * Runs one call under a deadline and the request's own signal. Rejects with HUB_UNIT_TIMEOUT when either ends first, and
 * tells the call to stop; it is not waited for.
 */
export async function runWithin<Answer>(
  ms: number,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ms);
  const either = AbortSignal.any([signal, late.signal]);
  try {
    return await Promise.race([whenAborted(either, late.signal, ms), run(either)]);
  } finally {
    clearTimeout(timer);
  }
}

function whenAborted(either: AbortSignal, late: AbortSignal, ms: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = (): void =>
      reject(
        new HubError(
          'HUB_UNIT_TIMEOUT',
          late.aborted ? `no answer within ${ms} ms; ask for less, or again` : 'the request was cancelled',
        ),
      );
    if (either.aborted) end();
    else either.addEventListener('abort', end, { once: true });
  });
}
