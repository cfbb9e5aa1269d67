// The last look at every error that leaves the gateway: it carries a code of schema/errors.ts, and nothing of the
// hub's inside.
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { type ErrorCode, type HubError, isErrorCode, isHubError } from '../../schema/errors.ts';
import { findHubError } from '../stitch/unit-error.ts';

/** Codes of the GraphQL server, in our words. The persisted-query codes are a protocol and stay as they are. */
const FOREIGN_CODES: Readonly<Record<string, ErrorCode>> = {
  GRAPHQL_PARSE_FAILED: 'HUB_QUERY_SYNTAX',
  GRAPHQL_VALIDATION_FAILED: 'HUB_QUERY_INVALID',
  BAD_USER_INPUT: 'HUB_QUERY_INVALID',
  OPERATION_RESOLUTION_FAILURE: 'HUB_QUERY_INVALID',
  BAD_REQUEST: 'HUB_REQUEST_INVALID',
};
const PROTOCOL_CODES = ['PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_NOT_SUPPORTED'];

export const INTERNAL_MESSAGE =
  'The hub failed on this request; its log has the details under the request id.';

/** An error as the client gets it. What has no known code is HUB_INTERNAL with a message of our own. */
export function toClientError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const known = findHubError(error);
  const code = toCode(formatted.extensions?.code, known);
  const { stacktrace: _stack, exception: _exception, ...extensions } = { ...formatted.extensions };
  if (code === 'HUB_INTERNAL' && known?.code !== 'HUB_INTERNAL')
    return { ...toPlace(formatted), message: INTERNAL_MESSAGE, extensions: { ...toUnit(extensions), code } };
  return {
    ...toPlace(formatted),
    message: known?.message ?? formatted.message,
    extensions: { ...extensions, code },
  };
}

/** The fault behind an error that the client is not told about, for the log; null when the code says it all. */
export function toHiddenFault(error: unknown): Error | null {
  const bottom = toBottom(error);
  if (isHubError(bottom)) return bottom.code === 'HUB_INTERNAL' ? bottom : null;
  const stated = error instanceof GraphQLError ? error.extensions.code : undefined;
  if (typeof stated === 'string' && (stated in FOREIGN_CODES || PROTOCOL_CODES.includes(stated))) return null;
  // A unit's error with a code of ours hides something only if something else was thrown below it.
  return isErrorCode(stated) && bottom instanceof GraphQLError ? null : bottom;
}

function toBottom(error: unknown): Error {
  if (error instanceof GraphQLError && error.originalError !== undefined)
    return toBottom(error.originalError);
  return error instanceof Error ? error : new Error(String(error));
}

function toCode(stated: unknown, known: HubError | null): string {
  if (known !== null) return known.code;
  if (typeof stated !== 'string') return 'HUB_INTERNAL';
  if (isErrorCode(stated) || PROTOCOL_CODES.includes(stated)) return stated;
  return FOREIGN_CODES[stated] ?? 'HUB_INTERNAL';
}

/** Which unit it was is no secret; what else stands there is not known to be none. */
function toUnit(extensions: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return typeof extensions.unit === 'string' ? { unit: extensions.unit, retryable: false } : {};
}

function toPlace(formatted: GraphQLFormattedError): Pick<GraphQLFormattedError, 'locations' | 'path'> {
  return {
    ...(formatted.locations === undefined ? {} : { locations: formatted.locations }),
    ...(formatted.path === undefined ? {} : { path: formatted.path }),
  };
}
