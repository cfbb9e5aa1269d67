// Every fault of the queue's server becomes HUB_QUEUE_UNREACHABLE here; addresses are named without their passwords.
import { HubError } from '../../schema/errors.ts';

/** The error that leaves this folder. A HubError passes as it is. */
export function toQueueError(cause: unknown, place: string): HubError {
  if (cause instanceof HubError) return cause;
  const reason = cause instanceof Error ? toReason(cause) : 'unknown fault';
  return new HubError('HUB_QUEUE_UNREACHABLE', `the queue at ${place} does not answer: ${reason}`, { cause });
}

/** Host, port and database of a URL, without user and password. */
export function toPlace(url: string): string {
  try {
    const { hostname, port, pathname, protocol } = new URL(url);
    return `${protocol}//${hostname}${port === '' ? '' : `:${port}`}${pathname}`;
  } catch {
    return 'an address that is no URL';
  }
}

/**
 * Rejects after `deadlineMs`: commands of ioredis wait for a connection for ever, which would hang whoever asked. The
 * command itself is not taken back.
 */
export async function withDeadline<T>(work: Promise<T>, deadlineMs: number, place: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(toQueueError(new Error(`no answer within ${deadlineMs} ms`), place)),
      deadlineMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    throw toQueueError(error, place);
  } finally {
    clearTimeout(timer);
  }
}

// node-postgres and ioredis wrap refused connections in an AggregateError with an empty message.
function toReason(error: Error): string {
  if (error.message !== '') return error.message;
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return 'code' in error ? String(error.code) : error.name;
}
