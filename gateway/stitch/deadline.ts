// The gateway's patience with one unit: an executor that does not answer in time is answered for.
import { HubError } from '../../schema/errors.ts';
import type { SubschemaExecutor } from '../subschema/contract.ts';

/**
 * Ends a unit's request after `deadlineMs` with HUB_UNIT_TIMEOUT, whatever its executor does. The request carries a
 * `signal` of its own that fires at the deadline and when the client leaves; an executor that listens to it stops its work.
 */
export function withDeadline(
  executor: SubschemaExecutor,
  unit: string,
  deadlineMs: number,
): SubschemaExecutor {
  return async (request) => {
    const ended = new AbortController();
    const leave = (): void =>
      ended.abort(new HubError('HUB_UNIT_UNAVAILABLE', 'The request was given up by its client.'));
    const clientSignal = request.context?.signal;
    if (clientSignal?.aborted === true) leave();
    clientSignal?.addEventListener('abort', leave, { once: true });
    const timer = setTimeout(
      () =>
        ended.abort(
          new HubError(
            'HUB_UNIT_TIMEOUT',
            `Unit "${unit}" did not answer within ${deadlineMs} ms; ask again later.`,
          ),
        ),
      deadlineMs,
    );
    try {
      return await Promise.race([executor({ ...request, signal: ended.signal }), toRejection(ended.signal)]);
    } finally {
      clearTimeout(timer);
      clientSignal?.removeEventListener('abort', leave);
    }
  };
}

function toRejection(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
