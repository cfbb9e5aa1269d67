// A fault of one unit as it stands in the answer: a coded GraphQLError that has no path yet; the place where it
// stands in the data gives it one.
import { GraphQLError } from 'graphql';
import { ERRORS, type ErrorCode, HubError, isErrorCode, isHubError } from '../../schema/errors.ts';

/** What clients read beside the message: the code, whose fault it is, and whether asking again may help. */
export type UnitErrorExtensions = {
  readonly code: ErrorCode;
  readonly unit: string;
  readonly retryable: boolean;
};

/**
 * Any thrown value or listed error of a unit's executor as a GraphQLError without path. A HubError's code and message
 * are kept, also through a department's edge (`extensions.code`); anything else is HUB_UNIT_UNAVAILABLE with a message
 * of our own, since a driver's text may hold addresses or data. The original stays as `originalError`, for the log.
 */
export function toUnitError(cause: unknown, unit: string): GraphQLError {
  const known = findHubError(cause);
  const code = known?.code ?? toStatedCode(cause) ?? 'HUB_UNIT_UNAVAILABLE';
  const isStated = known !== null || toStatedCode(cause) !== null;
  const message = known?.message ?? (isStated ? toMessage(cause) : `Unit "${unit}" failed to answer.`);
  // The hub's own part may speak of another unit; a department's edge may not: what comes from there is no HubError.
  const extensions: UnitErrorExtensions = {
    code,
    unit: known?.place.unit ?? unit,
    retryable: ERRORS[code].recovery === 'retry',
  };
  const original = known ?? (cause instanceof Error ? cause : null);
  return new GraphQLError(message, {
    ...(original === null ? {} : { originalError: original }),
    extensions: { ...toOwnExtensions(cause), ...extensions },
  });
}

/** The unit answered, but not with what was asked. */
export function toAnswerError(unit: string, what: string): GraphQLError {
  return toUnitError(new HubError('HUB_UNIT_ANSWER', `Unit "${unit}" answered wrongly: ${what}.`), unit);
}

/** The unit has no row of a key that another row names. The key may be a person's: it stays untold. */
export function toGoneError(unit: string, type: string): GraphQLError {
  const message = `${unit} has no such ${type}: it is gone, or never came.`;
  return toUnitError(new HubError('HUB_UNIT_ROW_GONE', message), unit);
}

/** The HubError at the bottom of a chain of GraphQL errors, or null. */
export function findHubError(error: unknown): HubError | null {
  if (isHubError(error)) return error;
  return error instanceof GraphQLError && error.originalError !== undefined
    ? findHubError(error.originalError)
    : null;
}

function toOwnExtensions(cause: unknown): Record<string, unknown> {
  const own = typeof cause === 'object' && cause !== null && 'extensions' in cause ? cause.extensions : null;
  if (typeof own !== 'object' || own === null || toStatedCode(cause) === null) return {};
  // An edge may run with debugging on: its stack is nobody's business here, and `http` would set our own status.
  const {
    stacktrace: _stack,
    http: _http,
    exception: _exception,
    ...rest
  } = { ...own } as Record<string, unknown>;
  return rest;
}

function toStatedCode(cause: unknown): ErrorCode | null {
  if (typeof cause !== 'object' || cause === null || !('extensions' in cause)) return null;
  const { extensions } = cause;
  if (typeof extensions !== 'object' || extensions === null || !('code' in extensions)) return null;
  return isErrorCode(extensions.code) ? extensions.code : null;
}

function toMessage(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'message' in cause
    ? String(cause.message)
    : 'no message';
}
